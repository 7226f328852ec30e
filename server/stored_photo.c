#include "stored_photo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "no_memory.h"

/* No photograph of the permitted pixels comes near this. */
static const off_t MOST_BYTES = (off_t)1 << 28;

static cs_status fail(cs_error *error, cs_status code, const char *message) {
    error->code = code;
    snprintf(error->message, sizeof error->message, "%s", message);
    return code;
}

/* Read, not mapped: a file that somebody shortens meanwhile would end the server. */
static cs_status read_all(int descriptor, char *bytes, size_t size, size_t *got, cs_error *error) {
    for (*got = 0; *got < size;) {
        ssize_t part = read(descriptor, bytes + *got, size - *got);
        if (part < 0 && errno == EINTR) continue;
        if (part < 0) return fail(error, CS_ERR_IO, "the photograph cannot be read");
        if (part == 0) break;
        *got += (size_t)part;
    }
    return CS_OK;
}

/* What stands in the photograph's place may have become anything: a pipe would never come to an end. */
static cs_status measure(int descriptor, size_t *size, cs_error *error) {
    struct stat info;
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode))
        return fail(error, CS_ERR_IO, "the photograph is not a file any more");
    if (info.st_size > MOST_BYTES) return fail(error, CS_ERR_LIMIT, "the photograph is too large a file");
    *size = (size_t)info.st_size;
    return CS_OK;
}

static cs_status decode(int descriptor, const server_limits *limits, cs_image **image, cs_error *error) {
    const cs_image_options options = {limits->pixels};
    size_t size = 0, got = 0;
    cs_status status = measure(descriptor, &size, error);
    if (status != CS_OK) return status;
    char *bytes = malloc(size + 1);
    if (!bytes) return no_memory(error);
    status = read_all(descriptor, bytes, size, &got, error);
    if (status == CS_OK) status = cs_image_decode(bytes, got, "the photograph", &options, image, error);
    free(bytes);
    return status;
}

cs_status stored_photo_open(const char *path, const server_limits *limits, cs_image **image, cs_error *error) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail(error, CS_ERR_IO, errno == ENOENT ? "the photograph is gone" : "the photograph cannot be opened");
    cs_status status = decode(descriptor, limits, image, error);
    close(descriptor);
    return status;
}
