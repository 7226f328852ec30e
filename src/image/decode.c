#include <limits.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "image/codec.h"
#include "image/kind.h"
#include "image/orient.h"

/* A compressed file larger than this is refused unread. */
static const size_t max_file_size = (size_t)1 << 30;

static const uint64_t default_max_pixels = 1 << 28;

cs_status cs_source_damaged(const cs_source *source, const char *kind, const char *reason, cs_error *error) {
    return cs_fail(error, CS_ERR_FORMAT, "%s: damaged %s file: %s", source->name, kind, reason);
}

cs_status cs_source_create_image(const cs_source *source, uint64_t width, uint64_t height, cs_image **image,
                                 cs_error *error) {
    if (width < 1 || height < 1 || width > INT_MAX || height > INT_MAX)
        return cs_fail(error, CS_ERR_FORMAT, "%s: damaged file: a picture of %llu x %llu pixels", source->name,
                       (unsigned long long)width, (unsigned long long)height);
    if (width * height > source->max_pixels)
        return cs_fail(error, CS_ERR_LIMIT,
                       "%s: %llu x %llu is %llu pixels, more than the cap of %llu; raise it with --max-pixels "
                       "(cs_image_options.max_pixels)",
                       source->name, (unsigned long long)width, (unsigned long long)height,
                       (unsigned long long)(width * height), (unsigned long long)source->max_pixels);
    if (cs_image_create((int)width, (int)height, image, NULL) == CS_OK) return CS_OK;
    return cs_fail(error, CS_ERR_MEMORY, "%s: out of memory for a picture of %d x %d pixels", source->name, (int)width,
                   (int)height);
}

static cs_status decode_as_stored(const cs_source *source, cs_image **image, int *orientation, cs_error *error) {
    const char *what;
    switch (cs_kind_of(source->data, source->size, &what)) {
    case CS_KIND_JPEG:
        return cs_jpeg_decode(source, image, orientation, error);
    case CS_KIND_PNG:
        return cs_png_decode(source, image, orientation, error);
    case CS_KIND_WEBP:
        return cs_webp_decode(source, image, orientation, error);
    case CS_KIND_OTHER:
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: is %s; clipsight reads JPEG, PNG and WebP", source->name, what);
    case CS_KIND_UNKNOWN:
        break;
    }
    return cs_fail(error, CS_ERR_FORMAT, "%s: %s; clipsight reads JPEG, PNG and WebP", source->name,
                   source->size ? "is not a picture of a known kind" : "is empty");
}

static cs_status decode_upright(const cs_source *source, cs_image **image, cs_error *error) {
    cs_image *made = NULL;
    int orientation = 1;
    cs_status status = decode_as_stored(source, &made, &orientation, error);
    if (status != CS_OK) return status;
    if (cs_image_orient(&made, orientation, NULL) != CS_OK) {
        cs_image_close(made);
        return cs_fail(error, CS_ERR_MEMORY, "%s: out of memory for turning the picture upright", source->name);
    }
    *image = made;
    return CS_OK;
}

cs_status cs_image_decode(const void *bytes, size_t size, const char *name, const cs_image_options *options,
                          cs_image **image, cs_error *error) {
    if (!image || (!bytes && size > 0))
        return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_decode: bytes and image must be given");
    uint64_t cap = options && options->max_pixels ? options->max_pixels : default_max_pixels;
    cs_source source = {bytes, size, name ? name : "(memory)", cap};
    return decode_upright(&source, image, error);
}

/* The file is read, not mapped: if another program cuts a mapped file short meanwhile (a camera that rewrites its
 * snapshot), the process dies. The copy costs less than a hundredth of the decoding. */
cs_status cs_image_open(const char *path, const cs_image_options *options, cs_image **image, cs_error *error) {
    if (!path) return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_open: path must be given");
    char *bytes;
    size_t size;
    cs_status status = cs_file_read(path, max_file_size, &bytes, &size, error);
    if (status != CS_OK) return status;
    status = cs_image_decode(bytes, size, path, options, image, error);
    free(bytes);
    return status;
}
