#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

/* Opens a regular file for reading; the size is as of now. */
static cs_status open_regular(const char *path, int *descriptor, size_t *size, cs_error *error) {
    /* O_NONBLOCK: opening a named pipe must not wait for somebody to write into it */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    struct stat info;
    if (fstat(fd, &info) != 0) {
        int reason = errno;
        close(fd);
        return cs_fail(error, CS_ERR_IO, "%s: cannot read its size: %s", path, strerror(reason));
    }
    if (!S_ISREG(info.st_mode)) {
        close(fd);
        return cs_fail(error, CS_ERR_IO, "%s: expected a file, found %s", path,
                       S_ISDIR(info.st_mode) ? "a folder" : "something else");
    }
    *descriptor = fd;
    *size = (size_t)info.st_size;
    return CS_OK;
}

cs_status cs_file_map(const char *path, cs_mapping *mapping, cs_error *error) {
    int fd;
    size_t size;
    cs_status status = open_regular(path, &fd, &size, error);
    if (status != CS_OK) return status;
    void *data = NULL;
    if (size > 0) data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    int reason = errno;
    close(fd);
    if (data == MAP_FAILED) return cs_fail(error, CS_ERR_IO, "%s: cannot map: %s", path, strerror(reason));
    *mapping = (cs_mapping){data, size};
    return CS_OK;
}

void cs_file_unmap(cs_mapping *mapping) {
    if (mapping->data) munmap((void *)(uintptr_t)mapping->data, mapping->size);
    *mapping = (cs_mapping){NULL, 0};
}

/* Reads exactly `size` bytes. A file that shrank meanwhile is an error, not a short result. */
static cs_status read_fully(int fd, const char *path, char *data, size_t size, cs_error *error) {
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, data + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cs_fail(error, CS_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
        if (got == 0) return cs_fail(error, CS_ERR_IO, "%s: became shorter while it was read", path);
        done += (size_t)got;
    }
    data[size] = '\0';
    return CS_OK;
}

cs_status cs_file_read(const char *path, size_t limit, char **data, size_t *size, cs_error *error) {
    int fd;
    size_t bytes;
    cs_status status = open_regular(path, &fd, &bytes, error);
    if (status != CS_OK) return status;
    if (bytes > limit) {
        close(fd);
        return cs_fail(error, CS_ERR_LIMIT, "%s: %zu bytes, expected at most %zu", path, bytes, limit);
    }
    char *buffer = cs_alloc(bytes + 1, 1);
    if (!buffer) {
        close(fd);
        return cs_fail_memory(error, path);
    }
    status = read_fully(fd, path, buffer, bytes, error);
    close(fd);
    if (status != CS_OK) {
        free(buffer);
        return status;
    }
    *data = buffer;
    *size = bytes;
    return CS_OK;
}

int cs_file_exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

int cs_folder_exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

char *cs_path_join(const char *folder, const char *name) {
    size_t a = strlen(folder), b = strlen(name);
    int slash = a > 0 && folder[a - 1] != '/';
    char *path = cs_alloc(a + (size_t)slash + b + 1, 1);
    if (!path) return NULL;
    memcpy(path, folder, a);
    if (slash) path[a] = '/';
    memcpy(path + a + slash, name, b + 1);
    return path;
}

/* The permissions that a plainly created file would get: mkstemp's 0600 would hide results from other users. */
static void apply_umask(int fd) {
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) != 0) return; /* a file system without permissions: nothing to mend */
}

static cs_status create_temporary(cs_output *output, cs_error *error) {
    size_t length = strlen(output->path);
    output->temporary = cs_alloc(length + 16, 1);
    if (!output->temporary) return cs_fail_memory(error, output->path);
    memcpy(output->temporary, output->path, length);
    memcpy(output->temporary + length, ".tmp-XXXXXX", 12);
    int fd = mkstemp(output->temporary);
    if (fd < 0) return cs_fail(error, CS_ERR_IO, "%s: cannot create: %s", output->path, strerror(errno));
    apply_umask(fd);
    output->file = fdopen(fd, "wb");
    if (output->file) return CS_OK;
    close(fd);
    unlink(output->temporary);
    return cs_fail_memory(error, output->path);
}

static void release(cs_output *output) {
    free(output->path);
    free(output->temporary);
    *output = (cs_output){NULL, NULL, NULL};
}

cs_status cs_output_open(const char *path, cs_output *output, cs_error *error) {
    *output = (cs_output){NULL, NULL, NULL};
    if (cs_folder_exists(path)) return cs_fail(error, CS_ERR_IO, "%s: is a folder, expected a file name", path);
    output->path = cs_strdup(path);
    if (!output->path) return cs_fail_memory(error, path);
    cs_status status = create_temporary(output, error);
    if (status != CS_OK) release(output);
    return status;
}

cs_status cs_output_commit(cs_output *output, cs_error *error) {
    int failed = ferror(output->file);
    int reason = errno;
    if (fclose(output->file) != 0) {
        failed = 1;
        reason = errno;
    }
    output->file = NULL;
    if (!failed && rename(output->temporary, output->path) != 0) {
        failed = 1;
        reason = errno;
    }
    cs_status status = CS_OK;
    if (failed) {
        unlink(output->temporary);
        status = cs_fail(error, CS_ERR_IO, "%s: cannot write: %s", output->path, strerror(reason));
    }
    release(output);
    return status;
}

void cs_output_discard(cs_output *output) {
    if (output->file) {
        fclose(output->file);
        unlink(output->temporary);
    }
    release(output);
}
