#include "results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "say.h"

static int failed(const char *path, int reason) {
    if (path || reason != EPIPE) complain("%s: cannot write: %s", path ? path : "standard output", strerror(reason));
    return STATUS_FAILURE;
}

int place_trouble(const char *path) {
    char *folder = path_folder(path);
    int reason = access(folder[0] ? folder : ".", W_OK | X_OK) == 0 ? 0 : errno;
    free(folder);
    return reason;
}

int results_open(cli_results *results, const char *path) {
    *results = (cli_results){path ? NULL : stdout, path, NULL, 0, 0};
    if (!path) return STATUS_OK;
    struct stat info;
    /* A pipe or a device is written to as it is; putting a file in its place would destroy it. */
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        results->stream = fopen(path, "w");
    } else {
        int trouble = place_trouble(path);
        if (trouble) return failed(path, trouble);
        results->in_memory = 1;
        results->stream = open_memstream(&results->text, &results->length);
    }
    return results->stream ? STATUS_OK : failed(path, errno);
}

int results_write(cli_results *results, const char *bytes, size_t size) {
    errno = 0;
    if (fwrite(bytes, 1, size, results->stream) == size && fflush(results->stream) == 0) return STATUS_OK;
    return failed(results->path, errno);
}

int results_put(cli_results *results, const char *text) {
    return results_write(results, text, strlen(text));
}

/* mkstemp() gives 0600; results get what a plainly made file would. */
static int make_temporary(char *name) {
    int descriptor = mkstemp(name);
    if (descriptor < 0) return -1;
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(descriptor, 0666 & ~mask) != 0) errno = 0; /* a file system without permissions: nothing to mend */
    return descriptor;
}

static int write_all(int descriptor, const char *text, size_t length) {
    while (length > 0) {
        ssize_t done = write(descriptor, text, length);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return -1;
        text += done;
        length -= (size_t)done;
    }
    return 0;
}

static int write_file(const char *path, const char *text, size_t length) {
    char *temporary = text_format("%s.tmp-XXXXXX", path);
    int descriptor = make_temporary(temporary);
    int bad = descriptor < 0, reason = errno;
    if (!bad && write_all(descriptor, text, length) != 0) bad = 1, reason = errno;
    if (descriptor >= 0 && close(descriptor) != 0 && !bad) bad = 1, reason = errno;
    if (!bad && rename(temporary, path) != 0) bad = 1, reason = errno;
    if (bad && descriptor >= 0) unlink(temporary);
    free(temporary);
    return bad ? failed(path, reason) : STATUS_OK;
}

int results_close(cli_results *results, int keep) {
    int status = STATUS_OK;
    if (results->path && results->stream && fclose(results->stream) != 0) status = failed(results->path, errno);
    if (results->in_memory && keep && status == STATUS_OK)
        status = write_file(results->path, results->text, results->length);
    free(results->text);
    *results = (cli_results){NULL, NULL, NULL, 0, 0};
    return status;
}
