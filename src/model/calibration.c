#include "model/calibration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

cs_status cs_calibration_user_path(const char *weights, char **path, cs_error *error) {
    char below[sizeof "clipsight/calibration/.json" + CS_WEIGHTS_ID_SIZE];
    snprintf(below, sizeof below, "clipsight/calibration/%s.json", weights);
    return cs_user_data_path(below, path, error);
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
