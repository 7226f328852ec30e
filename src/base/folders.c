#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"

static cs_status make_one(const char *path, cs_error *error) {
    if (mkdir(path, 0777) == 0) return CS_OK;
    int reason = errno;
    if (cs_folder_exists(path)) return CS_OK;
    return cs_fail(error, CS_ERR_IO, "%s: cannot make this folder: %s", path, strerror(reason));
}

cs_status cs_make_folders(const char *path, cs_error *error) {
    char *copy = cs_strdup(path);
    if (!copy) return cs_fail_memory(error, path);
    cs_status status = CS_OK;
    for (char *slash = strchr(copy + 1, '/'); slash && status == CS_OK; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_one(copy, error);
        *slash = '/';
    }
    if (status == CS_OK) status = make_one(copy, error);
    free(copy);
    return status;
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

cs_status cs_user_data_path(const char *below, char **path, cs_error *error) {
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
    cs_strbuf_printf(&buffer, "/%s", below);
    return cs_strbuf_take(&buffer, path, error);
}
