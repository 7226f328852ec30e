#include "fetch/depot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "fetch/tree.h"
#include "model/cache.h"

static cs_status name_paths(const char *name, cs_depot *depot) {
    char *inner = cs_model_name_to_folder("", name);
    depot->models = cs_path_join(depot->root, "models");
    depot->partial = cs_path_join(depot->root, "partial");
    depot->locks = cs_path_join(depot->root, "locks");
    if (inner && depot->models && depot->partial && depot->locks) {
        depot->folder = cs_path_join(depot->models, inner);
        depot->staging = cs_path_join(depot->partial, inner);
        depot->lock = cs_path_join(depot->locks, inner);
    }
    free(inner);
    return depot->folder && depot->staging && depot->lock ? CS_OK : CS_ERR_MEMORY;
}

cs_status cs_depot_open(const char *name, cs_depot *depot, cs_error *error) {
    *depot = (cs_depot){0};
    cs_status status = cs_cache_root(&depot->root, error);
    if (status == CS_OK && name_paths(name, depot) != CS_OK) status = cs_fail_memory(error, name);
    if (status != CS_OK) cs_depot_clear(depot);
    return status;
}

void cs_depot_clear(cs_depot *depot) {
    free(depot->root);
    free(depot->models);
    free(depot->partial);
    free(depot->locks);
    free(depot->folder);
    free(depot->staging);
    free(depot->lock);
    *depot = (cs_depot){0};
}

cs_status cs_depot_prepare(const cs_depot *depot, cs_error *error) {
    cs_status status = cs_make_folders(depot->models, error);
    return status == CS_OK ? cs_make_folders(depot->staging, error) : status;
}

/* An empty folder of a name nobody else has, as the place to rename something into. */
static cs_status make_trash(const cs_depot *depot, char **trash, cs_error *error) {
    char *path = cs_path_join(depot->root, "trash-XXXXXX");
    if (!path) return cs_fail_memory(error, depot->root);
    if (!mkdtemp(path)) {
        cs_status status =
            cs_fail(error, CS_ERR_IO, "%s: cannot make a folder in it: %s", depot->root, strerror(errno));
        free(path);
        return status;
    }
    *trash = path;
    return CS_OK;
}

cs_status cs_depot_discard(const cs_depot *depot, const char *folder, cs_error *error) {
    if (access(folder, F_OK) != 0) return CS_OK;
    char *trash = NULL;
    cs_status status = make_trash(depot, &trash, error);
    if (status != CS_OK) return status;
    /* an empty folder gives way to the one that is renamed */
    if (rename(folder, trash) != 0)
        status = cs_fail(error, CS_ERR_IO, "%s: cannot remove: %s", folder, strerror(errno));
    cs_remove_tree(trash);
    free(trash);
    return status;
}

/* For the moment between the two renames there is no model; no call of the system swaps folders everywhere. */
cs_status cs_depot_publish(const cs_depot *depot, cs_error *error) {
    cs_status status = cs_depot_discard(depot, depot->folder, error);
    if (status != CS_OK) return status;
    if (rename(depot->staging, depot->folder) != 0)
        return cs_fail(error, CS_ERR_IO, "%s: cannot rename to %s: %s", depot->staging, depot->folder, strerror(errno));
    return CS_OK;
}
