#include "model/cache.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"

static const char SEPARATOR[] = "--";

static int is_part(const char *part, size_t length) {
    if (length == 0 || length > 96 || part[0] == '.' || part[0] == '-') return 0;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)part[i]) && !strchr("-_.", part[i])) return 0;
        int doubled = i > 0 && part[i] == part[i - 1];
        if (doubled && (part[i] == '.' || part[i] == '-')) return 0;
    }
    return part[length - 1] != '-';
}

static int is_name(const char *name) {
    const char *slash = strchr(name, '/');
    return slash && is_part(name, (size_t)(slash - name)) && is_part(slash + 1, strlen(slash + 1));
}

cs_status cs_model_name_check(const char *name, cs_error *error) {
    if (is_name(name)) return CS_OK;
    return cs_fail(error, CS_ERR_ARGUMENT,
                   "model '%.200s': expected owner/name (letters, digits, '-', '_' and '.', as in "
                   "openai/clip-vit-base-patch32)",
                   name);
}

char *cs_model_name_to_folder(const char *prefix, const char *name) {
    const char *slash = strchr(name, '/');
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    cs_strbuf_printf(&buffer, "%s%.*s%s%s", prefix, (int)(slash - name), name, SEPARATOR, slash + 1);
    char *folder = NULL;
    cs_strbuf_take(&buffer, &folder, NULL);
    return folder;
}

char *cs_model_name_from_folder(const char *prefix, const char *folder) {
    size_t skip = strlen(prefix);
    if (strncmp(folder, prefix, skip) != 0) return NULL;
    const char *owner = folder + skip, *separator = strstr(owner, SEPARATOR);
    if (!separator) return NULL;
    char *name = cs_strdup(owner);
    if (!name) return NULL;
    char *rest = name + (separator - owner);
    *rest = '/';
    memmove(rest + 1, rest + 2, strlen(rest + 2) + 1);
    if (is_name(name)) return name;
    free(name);
    return NULL;
}

/* The variable's value, or NULL where it is unset or empty. */
static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* base/tail, with base from the user's cache folder. */
static cs_status below_user_cache(const char *tail, const char *setting, char **folder, cs_error *error) {
    const char *base = variable("XDG_CACHE_HOME"), *home = variable("HOME");
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    /* the XDG rule: a relative path is invalid and is to be ignored */
    if (base && base[0] == '/')
        cs_strbuf_printf(&buffer, "%s/%s", base, tail);
    else if (home)
        cs_strbuf_printf(&buffer, "%s/.cache/%s", home, tail);
    else
        return cs_fail(error, CS_ERR_IO, "there is no folder for models: set %s (or HOME)", setting);
    return cs_strbuf_take(&buffer, folder, error);
}

static cs_status copy(const char *text, char **out, cs_error *error) {
    *out = cs_strdup(text);
    return *out ? CS_OK : cs_fail_memory(error, "the path of a cache");
}

cs_status cs_cache_root(char **root, cs_error *error) {
    const char *own = variable("CLIPSIGHT_CACHE");
    return own ? copy(own, root, error) : below_user_cache("clipsight", "CLIPSIGHT_CACHE", root, error);
}

cs_status cs_hub_root(char **root, cs_error *error) {
    const char *cache = variable("HF_HUB_CACHE"), *home = variable("HF_HOME");
    if (!cache) cache = variable("HUGGINGFACE_HUB_CACHE"); /* its older name */
    if (cache) return copy(cache, root, error);
    if (!home) return below_user_cache("huggingface/hub", "HF_HOME", root, error);
    *root = cs_path_join(home, "hub");
    return *root ? CS_OK : cs_fail_memory(error, "the path of a cache");
}

/* -1 where memory is short. */
static int has_file(const char *folder, const char *name) {
    char *path = cs_path_join(folder, name);
    int found = path ? cs_file_exists(path) : -1;
    free(path);
    return found;
}

static int has_any(const char *folder, const char *const *names) {
    for (; *names; names++) {
        if (has_file(folder, *names) == 1) return 1;
    }
    return 0;
}

int cs_is_model_folder(const char *folder) {
    static const char *const configs[] = {"config.json", "open_clip_config.json", NULL};
    return has_any(folder, configs);
}

/* A snapshot holds what was asked for, which need not be the weights. */
static int has_weights(const char *folder) {
    static const char *const weights[] = {"model.safetensors",           "model.safetensors.index.json",
                                          "pytorch_model.bin",           "open_clip_model.safetensors",
                                          "open_clip_pytorch_model.bin", NULL};
    return has_any(folder, weights);
}

cs_status cs_cache_find(const char *name, char **folder, cs_error *error) {
    char *root = NULL;
    *folder = NULL;
    if (cs_cache_root(&root, NULL) != CS_OK) return CS_OK; /* no cache, nothing in it */
    char *models = cs_path_join(root, "models"), *inner = cs_model_name_to_folder("", name);
    char *path = models && inner ? cs_path_join(models, inner) : NULL;
    free(root);
    free(models);
    free(inner);
    if (!path) return cs_fail_memory(error, name);
    if (cs_is_model_folder(path)) {
        *folder = path;
        return CS_OK;
    }
    free(path);
    return CS_OK;
}

/* snapshots/revision if it can be opened as a model, else NULL. */
static char *usable_snapshot(const char *snapshots, const char *revision) {
    if (revision[0] == '.' || strchr(revision, '/')) return NULL;
    char *path = cs_path_join(snapshots, revision);
    if (path && cs_is_model_folder(path) && has_weights(path)) return path;
    free(path);
    return NULL;
}

/* The commit that refs/main names, or NULL. */
static char *main_commit(const char *repository) {
    char *path = cs_path_join(repository, "refs/main"), *commit = NULL;
    size_t size;
    if (path && cs_file_read(path, 4096, &commit, &size, NULL) == CS_OK) commit[strcspn(commit, "\r\n")] = '\0';
    free(path);
    return commit;
}

/* The last by name, so that the answer does not depend on the order of the directory. */
static char *any_snapshot(const char *snapshots) {
    DIR *stream = opendir(snapshots);
    char *best = NULL;
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        char *path = usable_snapshot(snapshots, entry->d_name);
        int better = path && (!best || strcmp(path, best) > 0);
        free(better ? best : path);
        if (better) best = path;
    }
    if (stream) closedir(stream);
    return best;
}

static char *find_snapshot(const char *repository) {
    char *snapshots = cs_path_join(repository, "snapshots"), *commit = main_commit(repository);
    char *found = snapshots && commit ? usable_snapshot(snapshots, commit) : NULL;
    if (!found && snapshots) found = any_snapshot(snapshots);
    free(snapshots);
    free(commit);
    return found;
}

cs_status cs_hub_find(const char *name, char **folder, cs_error *error) {
    char *root = NULL;
    *folder = NULL;
    if (cs_hub_root(&root, NULL) != CS_OK) return CS_OK;
    char *inner = cs_model_name_to_folder("models--", name);
    char *repository = inner ? cs_path_join(root, inner) : NULL;
    free(root);
    free(inner);
    if (!repository) return cs_fail_memory(error, name);
    *folder = find_snapshot(repository);
    free(repository);
    return CS_OK;
}
