/* Where models lie: the embedded one is found relative to the program, so that a build folder, an unpacked archive and
 * an installation all work without settings. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

static int is_model_folder(const char *folder) {
    char *config = cs_path_join(folder, "config.json");
    int found = config && cs_file_exists(config);
    free(config);
    return found;
}

/* root/middle/name if that is a model folder, else NULL. */
static char *model_below(const char *root, const char *middle, const char *name) {
    char *outer = cs_path_join(root, middle);
    char *folder = outer ? cs_path_join(outer, name) : NULL;
    free(outer);
    if (folder && is_model_folder(folder)) return folder;
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

static char *find_named(const char *name) {
    const char *root = getenv("CLIPSIGHT_MODELS");
    char *found = root && *root ? model_below(root, "", name) : NULL;
    if (!found) found = model_near_program(name);
    if (!found) found = model_below(CLIPSIGHT_DATADIR, "models", name);
    return found;
}

cs_status cs_model_find(const char *name, char **folder, cs_error *error) {
    char *found = NULL;
    if (name && cs_folder_exists(name)) {
        if (!is_model_folder(name))
            return cs_fail(error, CS_ERR_FORMAT, "model '%s': the folder has no config.json", name);
        found = cs_strdup(name);
        if (!found) return cs_fail_memory(error, name);
    } else {
        found = find_named(name ? name : "starter");
    }
    if (!found)
        return cs_fail(error, CS_ERR_IO,
                       "model '%s': not found; expected a folder with config.json, or a name below $CLIPSIGHT_MODELS, "
                       "beside the program, or below %s/models",
                       name ? name : "starter", CLIPSIGHT_DATADIR);
    *folder = found;
    return CS_OK;
}
