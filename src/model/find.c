/* Where models lie: the embedded one is found relative to the program, so that a build folder, an unpacked archive and
 * an installation all work without settings; the others in the caches, by their owner/name. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "model/cache.h"

/* root/middle/name if that is a model folder, else NULL. */
static char *model_below(const char *root, const char *middle, const char *name) {
    char *outer = cs_path_join(root, middle);
    char *folder = outer ? cs_path_join(outer, name) : NULL;
    free(outer);
    if (folder && cs_is_model_folder(folder)) return folder;
    free(folder);
    return NULL;
}

/* Folder of the running program, or NULL. */
static char *program_folder(void) {
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0) return NULL;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    *slash = '\0';
    return cs_strdup(path);
}

/* From the program's folder upwards: prefix/bin finds prefix/share, build/release finds the repository's models. */
static char *model_near_program(const char *name) {
    static const char *const middles[] = {"models", "share/clipsight/models"};
    char *folder = program_folder(), *found = NULL;
    for (int up = 0; folder && !found && up < 5; up++) {
        for (size_t i = 0; !found && i < sizeof middles / sizeof *middles; i++)
            found = model_below(folder, middles[i], name);
        char *slash = strrchr(folder, '/');
        if (!slash || slash == folder) break;
        *slash = '\0';
    }
    free(folder);
    return found;
}

static char *find_installed(const char *name) {
    const char *root = getenv("CLIPSIGHT_MODELS");
    char *found = root && *root ? model_below(root, "", name) : NULL;
    if (!found) found = model_near_program(name);
    if (!found) found = model_below(CLIPSIGHT_DATADIR, "models", name);
    return found;
}

static cs_status use_folder(const char *name, char **found, cs_error *error) {
    if (!cs_is_model_folder(name))
        return cs_fail(error, CS_ERR_FORMAT, "model '%s': the folder has no config.json and no open_clip_config.json",
                       name);
    *found = cs_strdup(name);
    return *found ? CS_OK : cs_fail_memory(error, name);
}

/* Our own cache before other programs': what `models pull` has checked comes first. */
static cs_status find_cached(const char *name, char **found, cs_error *error) {
    cs_status status = cs_cache_find(name, found, error);
    if (status == CS_OK && !*found) status = cs_hub_find(name, found, error);
    return status;
}

static cs_status not_found(const char *name, int is_remote, cs_error *error) {
    if (is_remote)
        return cs_fail(error, CS_ERR_IO, "model '%s': not on this machine; fetch it with: clipsight models pull %s",
                       name, name);
    return cs_fail(
        error, CS_ERR_IO,
        "model '%s': not found; expected a folder with config.json, an owner/name that clipsight models list "
        "shows, or a name below $CLIPSIGHT_MODELS, beside the program, or below %s/models",
        name, CLIPSIGHT_DATADIR);
}

cs_status cs_model_find(const char *name, char **folder, cs_error *error) {
    char *found = NULL;
    const char *wanted = name ? name : "starter";
    int is_remote = cs_model_name_check(wanted, NULL) == CS_OK;
    cs_status status = CS_OK;
    if (name && cs_folder_exists(name))
        status = use_folder(name, &found, error);
    else if (is_remote)
        status = find_cached(wanted, &found, error);
    if (status != CS_OK) return status;
    if (!found) found = find_installed(wanted);
    if (!found) return not_found(wanted, is_remote, error);
    *folder = found;
    return CS_OK;
}
