#include "prompt_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"

void prompt_cache_init(prompt_cache *cache) {
    memset(cache, 0, sizeof *cache);
    pthread_mutex_init(&cache->lock, NULL);
}

static void drop(prompt_set *set) {
    if (!set || --set->users > 0) return;
    cs_prompts_destroy(set->prompts);
    free(set->key);
    free(set);
}

void prompt_cache_release(prompt_cache *cache, prompt_set *set) {
    pthread_mutex_lock(&cache->lock);
    drop(set);
    pthread_mutex_unlock(&cache->lock);
}

void prompt_cache_destroy(prompt_cache *cache) {
    for (size_t i = 0; i < PROMPT_CACHE_SLOTS; i++)
        drop(cache->slots[i]);
    pthread_mutex_destroy(&cache->lock);
}

/* A template that is absent and one that is empty are different things: the first byte tells. */
static char *make_key(const char *const *labels, size_t n, const char *text_template, size_t *size) {
    char *key = NULL;
    FILE *out = open_memstream(&key, size);
    if (!out) return NULL;
    fputc(text_template ? '1' : '0', out);
    fwrite(text_template ? text_template : "", 1, text_template ? strlen(text_template) + 1 : 1, out);
    for (size_t i = 0; i < n; i++)
        fwrite(labels[i], 1, strlen(labels[i]) + 1, out);
    int failed = ferror(out);
    if (fclose(out) == 0 && !failed) return key;
    free(key);
    return NULL;
}

static prompt_set *find(prompt_cache *cache, const char *key, size_t size) {
    prompt_set *found = NULL;
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < PROMPT_CACHE_SLOTS && !found; i++) {
        prompt_set *each = cache->slots[i];
        if (each && each->key_size == size && memcmp(each->key, key, size) == 0) found = each;
    }
    if (found) {
        found->users++;
        found->used = ++cache->clock;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* In an empty slot, or in that of the set that was not asked for longest. */
static void keep(prompt_cache *cache, prompt_set *set) {
    pthread_mutex_lock(&cache->lock);
    prompt_set **oldest = &cache->slots[0];
    for (size_t i = 0; i < PROMPT_CACHE_SLOTS && *oldest; i++) {
        prompt_set **each = &cache->slots[i];
        if (!*each || (*each)->used < (*oldest)->used) oldest = each;
    }
    drop(*oldest);
    *oldest = set;
    set->used = ++cache->clock;
    pthread_mutex_unlock(&cache->lock);
}

cs_status prompt_cache_get(prompt_cache *cache, cs_model *model, const char *const *labels, size_t n,
                           const char *text_template, prompt_set **set, int *found, cs_error *error) {
    size_t size = 0;
    char *key = make_key(labels, n, text_template, &size);
    if (!key) return no_memory(error);
    *set = find(cache, key, size);
    *found = *set != NULL;
    if (*set) {
        free(key);
        return CS_OK;
    }
    prompt_set *made = calloc(1, sizeof *made);
    cs_status status =
        made ? cs_prompts_create(model, labels, n, text_template, &made->prompts, error) : no_memory(error);
    if (status != CS_OK) {
        free(key);
        free(made);
        return status;
    }
    made->key = key;
    made->key_size = size;
    made->users = 2;
    keep(cache, made);
    *set = made;
    return CS_OK;
}
