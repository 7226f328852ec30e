/* Opening one photograph from wherever it comes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "photos.h"
#include "say.h"

/* A stream has no size to refuse in advance; no photograph of the permitted pixels comes near this. */
static const size_t STREAM_LIMIT = (size_t)1 << 30;

/* Everything up to the end; *bytes is freed by the caller, also after a failure. */
static cs_status read_stream(int descriptor, const char *path, char **bytes, size_t *size, cs_error *error) {
    size_t capacity = 0;
    for (;;) {
        if (*size == capacity) {
            capacity = capacity ? capacity * 2 : 1 << 16;
            *bytes = memory_grow(*bytes, capacity, 1);
        }
        ssize_t got = read(descriptor, *bytes + *size, capacity - *size);
        if (got < 0 && errno == EINTR) return set_error(error, CS_ERR_CANCELLED, "%s: interrupted", path);
        if (got < 0) return set_error(error, CS_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
        if (got == 0) return CS_OK;
        *size += (size_t)got;
        if (*size > STREAM_LIMIT)
            return set_error(error, CS_ERR_LIMIT, "%s: expected a photograph of at most %zu bytes", path, STREAM_LIMIT);
    }
}

static cs_status open_stream(int descriptor, const char *path, const cs_image_options *options, cs_image **image,
                             cs_error *error) {
    char *bytes = NULL;
    size_t size = 0;
    cs_status status = read_stream(descriptor, path, &bytes, &size, error);
    if (status == CS_OK) status = cs_image_decode(bytes, size, path, options, image, error);
    free(bytes);
    return status;
}

int photo_is_stream(const char *path) {
    struct stat info;
    if (strcmp(path, "-") == 0) return 1;
    return stat(path, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode));
}

uint64_t photo_most_pixels(unsigned long long max_pixels) {
    return max_pixels > 0 ? max_pixels : (uint64_t)1 << 28;
}

cs_status photo_open(const char *path, unsigned long long max_pixels, cs_image **image, cs_error *error) {
    cs_image_options options = {.max_pixels = max_pixels};
    if (strcmp(path, "-") == 0) return open_stream(STDIN_FILENO, path, &options, image, error);
    if (!photo_is_stream(path)) return cs_image_open(path, &options, image, error);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return set_error(error, CS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    cs_status status = open_stream(descriptor, path, &options, image, error);
    close(descriptor);
    return status;
}
