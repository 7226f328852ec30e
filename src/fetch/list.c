/* Which models this machine has. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "clipsight_tools.h"
#include "fetch/tree.h"
#include "model/cache.h"
#include "model/json.h"

struct cs_model_list {
    cs_model_entry *entries;
    size_t count, capacity;
};

const char *cs_model_source_name(cs_model_source source) {
    switch (source) {
    case CS_SOURCE_STARTER:
        return "starter";
    case CS_SOURCE_CACHE:
        return "cache";
    case CS_SOURCE_HUGGINGFACE:
        return "huggingface";
    case CS_SOURCE_PARTIAL:
        return "partial";
    }
    return "unknown";
}

/* Takes over both strings, also on failure. */
static cs_status add(cs_model_list *list, char *name, char *folder, cs_model_source source, cs_error *error) {
    cs_status status = name && folder ? CS_OK : cs_fail_memory(error, "the list of models");
    if (status == CS_OK && list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        cs_model_entry *entries = cs_realloc(list->entries, capacity, sizeof *entries);
        if (entries) {
            list->entries = entries;
            list->capacity = capacity;
        } else {
            status = cs_fail_memory(error, "the list of models");
        }
    }
    if (status == CS_OK) {
        list->entries[list->count++] = (cs_model_entry){name, folder, source, cs_tree_bytes(folder)};
        return CS_OK;
    }
    free(name);
    free(folder);
    return status;
}

static cs_status add_starter(cs_model_list *list, cs_error *error) {
    char *folder = NULL;
    if (cs_model_find(NULL, &folder, NULL) != CS_OK) return CS_OK; /* a library without its model: nothing to list */
    return add(list, cs_strdup("starter"), folder, CS_SOURCE_STARTER, error);
}

/* The cache that other programs share holds every kind of model. */
static int says_clip(const char *folder) {
    char *open_clip = cs_path_join(folder, "open_clip_config.json"), *config = cs_path_join(folder, "config.json");
    json_t *root = NULL;
    int is_clip = open_clip && cs_file_exists(open_clip);
    if (!is_clip && config && cs_json_load(config, &root, NULL) == CS_OK) {
        const char *type = json_string_value(json_object_get(root, "model_type"));
        is_clip = type && strcmp(type, "clip") == 0;
    }
    json_decref(root);
    free(open_clip);
    free(config);
    return is_clip;
}

/* What stands behind one folder of a cache; *folder is NULL where that is no model. */
static cs_status resolve(cs_model_source source, const char *name, const char *path, char **folder, cs_error *error) {
    *folder = NULL;
    if (source == CS_SOURCE_HUGGINGFACE) {
        cs_status status = cs_hub_find(name, folder, error);
        if (status != CS_OK || !*folder || says_clip(*folder)) return status;
        free(*folder);
        *folder = NULL;
        return CS_OK;
    }
    int is_wanted = source == CS_SOURCE_PARTIAL ? cs_tree_bytes(path) > 0 : cs_is_model_folder(path);
    if (!is_wanted) return CS_OK;
    *folder = cs_strdup(path);
    return *folder ? CS_OK : cs_fail_memory(error, name);
}

static cs_status add_folder(cs_model_list *list, cs_model_source source, const char *cache, const char *inner,
                            cs_error *error) {
    const char *prefix = source == CS_SOURCE_HUGGINGFACE ? "models--" : "";
    char *name = cs_model_name_from_folder(prefix, inner), *path = cs_path_join(cache, inner), *folder = NULL;
    cs_status status = name && path ? resolve(source, name, path, &folder, error) : CS_OK;
    free(path);
    if (status == CS_OK && folder) return add(list, name, folder, source, error);
    free(name);
    return status;
}

static cs_status add_cache(cs_model_list *list, cs_model_source source, const char *cache, cs_error *error) {
    DIR *stream = opendir(cache);
    cs_status status = CS_OK;
    for (struct dirent *entry; status == CS_OK && stream && (entry = readdir(stream));)
        status = add_folder(list, source, cache, entry->d_name, error);
    if (stream) closedir(stream);
    return status;
}

static cs_status add_own(cs_model_list *list, const char *part, cs_model_source source, cs_error *error) {
    char *root = NULL;
    if (cs_cache_root(&root, NULL) != CS_OK) return CS_OK;
    char *cache = cs_path_join(root, part);
    cs_status status = cache ? add_cache(list, source, cache, error) : cs_fail_memory(error, "the list of models");
    free(cache);
    free(root);
    return status;
}

static cs_status add_hub(cs_model_list *list, cs_error *error) {
    char *root = NULL;
    if (cs_hub_root(&root, NULL) != CS_OK) return CS_OK;
    cs_status status = add_cache(list, CS_SOURCE_HUGGINGFACE, root, error);
    free(root);
    return status;
}

static int compare(const void *a, const void *b) {
    const cs_model_entry *first = a, *second = b;
    int starters = (second->source == CS_SOURCE_STARTER) - (first->source == CS_SOURCE_STARTER);
    if (starters != 0) return starters;
    int names = strcmp(first->name, second->name);
    return names != 0 ? names : (int)first->source - (int)second->source;
}

cs_status cs_models_list(cs_model_list **list, cs_error *error) {
    cs_model_list *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "the list of models");
    cs_status status = add_starter(made, error);
    if (status == CS_OK) status = add_own(made, "models", CS_SOURCE_CACHE, error);
    if (status == CS_OK) status = add_own(made, "partial", CS_SOURCE_PARTIAL, error);
    if (status == CS_OK) status = add_hub(made, error);
    if (status != CS_OK) {
        cs_model_list_free(made);
        return status;
    }
    if (made->count > 1) qsort(made->entries, made->count, sizeof *made->entries, compare);
    *list = made;
    return CS_OK;
}

size_t cs_model_list_count(const cs_model_list *list) {
    return list->count;
}

const cs_model_entry *cs_model_list_get(const cs_model_list *list, size_t index) {
    return index < list->count ? &list->entries[index] : NULL;
}

void cs_model_list_free(cs_model_list *list) {
    if (!list) return;
    for (size_t i = 0; i < list->count; i++) {
        free((char *)(uintptr_t)list->entries[i].name);
        free((char *)(uintptr_t)list->entries[i].folder);
    }
    free(list->entries);
    free(list);
}
