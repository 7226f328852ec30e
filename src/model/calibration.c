#include "model/calibration.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

cs_status cs_calibration_user_path(const char *weights, char **path, cs_error *error) {
    const char *data = variable("XDG_DATA_HOME"), *home = variable("HOME");
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    *path = NULL;
    /* the XDG rule: a relative path is invalid and is to be ignored */
    if (data && data[0] == '/')
        cs_strbuf_puts(&buffer, data);
    else if (home)
        cs_strbuf_printf(&buffer, "%s/.local/share", home);
    else
        return CS_OK;
    cs_strbuf_printf(&buffer, "/clipsight/calibration/%s.json", weights);
    return cs_strbuf_take(&buffer, path, error);
}

/* The user's own must be what its name says; the model's may be of weights that were replaced since. */
static cs_status read_users(cs_calibration *calibration, cs_error *error) {
    char *path;
    cs_calibration read;
    cs_status status = cs_calibration_user_path(calibration->weights, &path, error);
    if (status != CS_OK || !path) return status;
    if (cs_file_exists(path)) {
        status = cs_calibration_read(path, &read, error);
        if (status == CS_OK && strcmp(read.weights, calibration->weights) != 0)
            status = cs_fail(error, CS_ERR_FORMAT, "%s: \"weights\": expected %s as in the file's name, found %s", path,
                             calibration->weights, read.weights);
        if (status == CS_OK) *calibration = read;
    }
    free(path);
    return status;
}

static cs_status read_models(const char *folder, cs_calibration *calibration, cs_error *error) {
    cs_calibration read;
    char *path = cs_path_join(folder, "calibration.json");
    if (!path) return cs_fail_memory(error, "a calibration");
    cs_status status = CS_OK;
    if (cs_file_exists(path)) {
        status = cs_calibration_read(path, &read, error);
        if (status == CS_OK && strcmp(read.weights, calibration->weights) == 0) *calibration = read;
    }
    free(path);
    return status;
}

cs_status cs_calibration_find(const char *folder, const cs_checkpoint *checkpoint, cs_calibration *calibration,
                              cs_error *error) {
    cs_calibration found = {.is_set = 0};
    cs_weights_id(checkpoint, found.weights);
    cs_status status = read_users(&found, error);
    if (status == CS_OK && !found.is_set) status = read_models(folder, &found, error);
    if (status == CS_OK) *calibration = found;
    return status;
}
