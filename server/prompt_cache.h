/* Prompt sets that were encoded lately: people ask for the same things again and again, and texts cost as much as
 * photographs. */
#ifndef SERVER_PROMPT_CACHE_H
#define SERVER_PROMPT_CACHE_H

#include <pthread.h>

#include "clipsight.h"

enum { PROMPT_CACHE_SLOTS = 32 };

/* A set that stays while someone uses it, whether or not it is still in the cache. */
typedef struct prompt_set {
    cs_prompts *prompts;
    char *key; /* [key_size]: the template and the labels, each with its zero byte */
    size_t key_size;
    int users; /* the cache is one */
    unsigned long long used;
} prompt_set;

typedef struct prompt_cache {
    pthread_mutex_t lock;
    prompt_set *slots[PROMPT_CACHE_SLOTS];
    unsigned long long clock;
} prompt_cache;

void prompt_cache_init(prompt_cache *cache);
void prompt_cache_destroy(prompt_cache *cache);

/* The set of these labels, encoded now if it is not there; *found says which. To be called by the model's thread alone;
 * *set is given back with prompt_cache_release(), by any. */
cs_status prompt_cache_get(prompt_cache *cache, cs_model *model, const char *const *labels, size_t n,
                           const char *text_template, prompt_set **set, int *found, cs_error *error);
void prompt_cache_release(prompt_cache *cache, prompt_set *set);

#endif
