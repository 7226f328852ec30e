/* Where a calibration goes. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "eval/calibrate.h"

/* The user's own place for it, or `path`. */
static cs_status choose_path(const cs_calibration_fit *fit, const char *path, char **chosen, cs_error *error) {
    if (path) {
        *chosen = cs_strdup(path);
        return *chosen ? CS_OK : cs_fail_memory(error, path);
    }
    cs_status status = cs_calibration_user_path(fit->calibration.weights, chosen, error);
    if (status != CS_OK || *chosen) return status;
    return cs_fail(error, CS_ERR_IO, "calibration: there is no folder for it: set XDG_DATA_HOME or HOME");
}

static cs_status make_folder(char *path, cs_error *error) {
    char *slash = strrchr(path, '/');
    if (!slash || slash == path) return CS_OK;
    *slash = '\0';
    cs_status status = cs_make_folders(path, error);
    *slash = '/';
    return status;
}

cs_status cs_calibration_fit_save(const cs_calibration_fit *fit, const char *path, char **written, cs_error *error) {
    char *chosen = NULL;
    if (!fit->calibration.is_set)
        return cs_fail(error, CS_ERR_ARGUMENT, "calibration: nothing to write before cs_calibration_fit_solve()");
    cs_status status = choose_path(fit, path, &chosen, error);
    if (status == CS_OK) status = make_folder(chosen, error);
    if (status == CS_OK) status = cs_calibration_save(chosen, &fit->calibration, error);
    if (status == CS_OK && written) {
        *written = chosen;
        return CS_OK;
    }
    free(chosen);
    return status;
}
