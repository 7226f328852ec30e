#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "clipsight_tools.h"
#include "fetch/depot.h"
#include "model/cache.h"

static cs_status not_there(const char *name, cs_error *error) {
    char *folder = NULL;
    cs_status status = cs_hub_find(name, &folder, error);
    if (status != CS_OK) return status;
    if (!folder) return cs_fail(error, CS_ERR_IO, "model '%s': not in clipsight's cache", name);
    status = cs_fail(error, CS_ERR_ARGUMENT,
                     "model '%s' lies in %s, which belongs to other programs; remove it with the one that fetched it",
                     name, folder);
    cs_string_free(folder);
    return status;
}

static cs_status remove_locked(const cs_depot *depot, cs_error *error) {
    int lock;
    cs_status status = cs_depot_lock(depot, 0, NULL, NULL, &lock, error);
    if (status != CS_OK) return status;
    status = cs_depot_discard(depot, depot->folder, error);
    if (status == CS_OK) status = cs_depot_discard(depot, depot->staging, error);
    cs_depot_unlock(lock);
    return status;
}

cs_status cs_models_remove(const char *name, cs_error *error) {
    cs_depot depot;
    if (!name) return cs_fail(error, CS_ERR_ARGUMENT, "cs_models_remove: name must be given");
    if (strcmp(name, "starter") == 0)
        return cs_fail(error, CS_ERR_ARGUMENT, "the starter model is a part of clipsight and cannot be removed");
    cs_status status = cs_model_name_check(name, error);
    if (status == CS_OK) status = cs_depot_open(name, &depot, error);
    if (status != CS_OK) return status;
    int is_there = cs_folder_exists(depot.folder) || cs_folder_exists(depot.staging);
    status = is_there ? remove_locked(&depot, error) : not_there(name, error);
    cs_depot_clear(&depot);
    return status;
}
