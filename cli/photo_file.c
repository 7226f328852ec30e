#include "photo_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

/* Larger files are refused unread, as by cs_image_open(). */
static const uint64_t FILE_LIMIT = (uint64_t)1 << 30;

int64_t file_time(const struct stat *info) {
    return (int64_t)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
}

static cs_status check(const char *path, const struct stat *info, cs_error *error) {
    if (!S_ISREG(info->st_mode))
        return set_error(error, CS_ERR_IO, "%s: expected a file, found %s", path,
                         S_ISDIR(info->st_mode) ? "a folder" : "something else");
    if ((uint64_t)info->st_size > FILE_LIMIT)
        return set_error(error, CS_ERR_LIMIT, "%s: %llu bytes, expected at most %llu", path,
                         (unsigned long long)info->st_size, (unsigned long long)FILE_LIMIT);
    return CS_OK;
}

cs_status photo_file_open(const char *path, int *descriptor, photo_file *file, cs_error *error) {
    /* O_NONBLOCK: opening a named pipe must not wait for somebody to write into it */
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) {
        file->is_missing = errno == ENOENT || errno == ENOTDIR;
        return set_error(error, CS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    }
    struct stat info = {.st_size = 0};
    cs_status status = CS_OK;
    if (fstat(opened, &info) != 0)
        status = set_error(error, CS_ERR_IO, "%s: cannot read its size: %s", path, strerror(errno));
    file->bytes = (uint64_t)info.st_size;
    file->modified = file_time(&info);
    if (status == CS_OK) status = check(path, &info, error);
    if (status == CS_OK)
        *descriptor = opened;
    else
        close(opened);
    return status;
}

static cs_status read_all(const char *path, int descriptor, char *bytes, size_t size, cs_error *error) {
    for (size_t done = 0; done < size;) {
        ssize_t got = read(descriptor, bytes + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return set_error(error, CS_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
        if (got == 0) return set_error(error, CS_ERR_IO, "%s: became shorter while it was read", path);
        done += (size_t)got;
    }
    return CS_OK;
}

static int has_changed(int descriptor, const photo_file *file) {
    struct stat now;
    return fstat(descriptor, &now) == 0 && (file_time(&now) != file->modified || (uint64_t)now.st_size != file->bytes);
}

cs_status photo_file_read(const char *path, int descriptor, const photo_file *file, int must_stay, char **bytes,
                          cs_error *error) {
    char *data = malloc((size_t)file->bytes + 1);
    cs_status status = data ? read_all(path, descriptor, data, (size_t)file->bytes, error)
                            : set_error(error, CS_ERR_MEMORY, "out of memory for %s", path);
    if (status == CS_OK && must_stay && has_changed(descriptor, file))
        status = set_error(error, CS_ERR_IO, "%s: changed while it was read", path);
    close(descriptor);
    if (status == CS_OK)
        *bytes = data;
    else
        free(data);
    return status;
}
