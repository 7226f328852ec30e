#include "fetch/store.h"

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

static cs_status name_paths(const char *name, cs_store *store) {
    char *inner = cs_model_name_to_folder("", name);
    store->models = cs_path_join(store->root, "models");
    store->partial = cs_path_join(store->root, "partial");
    store->locks = cs_path_join(store->root, "locks");
    if (inner && store->models && store->partial && store->locks) {
        store->folder = cs_path_join(store->models, inner);
        store->staging = cs_path_join(store->partial, inner);
        store->lock = cs_path_join(store->locks, inner);
    }
    free(inner);
    return store->folder && store->staging && store->lock ? CS_OK : CS_ERR_MEMORY;
}

cs_status cs_store_open(const char *name, cs_store *store, cs_error *error) {
    *store = (cs_store){0};
    cs_status status = cs_cache_root(&store->root, error);
    if (status == CS_OK && name_paths(name, store) != CS_OK) status = cs_fail_memory(error, name);
    if (status != CS_OK) cs_store_clear(store);
    return status;
}

void cs_store_clear(cs_store *store) {
    free(store->root);
    free(store->models);
    free(store->partial);
    free(store->locks);
    free(store->folder);
    free(store->staging);
    free(store->lock);
    *store = (cs_store){0};
}

cs_status cs_store_prepare(const cs_store *store, cs_error *error) {
    cs_status status = cs_make_folders(store->models, error);
    return status == CS_OK ? cs_make_folders(store->staging, error) : status;
}

/* An empty folder of a name nobody else has, as the place to rename something into. */
static cs_status make_trash(const cs_store *store, char **trash, cs_error *error) {
    char *path = cs_path_join(store->root, "trash-XXXXXX");
    if (!path) return cs_fail_memory(error, store->root);
    if (!mkdtemp(path)) {
        cs_status status =
            cs_fail(error, CS_ERR_IO, "%s: cannot make a folder in it: %s", store->root, strerror(errno));
        free(path);
        return status;
    }
    *trash = path;
    return CS_OK;
}

cs_status cs_store_discard(const cs_store *store, const char *folder, cs_error *error) {
    if (access(folder, F_OK) != 0) return CS_OK;
    char *trash = NULL;
    cs_status status = make_trash(store, &trash, error);
    if (status != CS_OK) return status;
    /* an empty folder gives way to the one that is renamed */
    if (rename(folder, trash) != 0)
        status = cs_fail(error, CS_ERR_IO, "%s: cannot remove: %s", folder, strerror(errno));
    cs_remove_tree(trash);
    free(trash);
    return status;
}

/* For the moment between the two renames there is no model; no call of the system swaps folders everywhere. */
cs_status cs_store_publish(const cs_store *store, cs_error *error) {
    cs_status status = cs_store_discard(store, store->folder, error);
    if (status != CS_OK) return status;
    if (rename(store->staging, store->folder) != 0)
        return cs_fail(error, CS_ERR_IO, "%s: cannot rename to %s: %s", store->staging, store->folder, strerror(errno));
    return CS_OK;
}
