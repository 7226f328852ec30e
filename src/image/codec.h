/* What the three decoders share: the bytes they read, and how they make the picture they fill. */
#ifndef CS_IMAGE_CODEC_H
#define CS_IMAGE_CODEC_H

#include <stdio.h>

#include "image/image.h"

/* A whole compressed file in memory. */
typedef struct cs_source {
    const uint8_t *data;
    size_t size;
    const char *name; /* for messages */
    uint64_t max_pixels;
} cs_source;

/* Decoders give the picture as stored, and the EXIF orientation (1 to 8, 1 where the file names none). Transparency is
 * laid over white. Damage of any kind, a missing end included, is CS_ERR_FORMAT. */
cs_status cs_jpeg_decode(const cs_source *source, cs_image **image, int *orientation, cs_error *error);
cs_status cs_png_decode(const cs_source *source, cs_image **image, int *orientation, cs_error *error);
cs_status cs_webp_decode(const cs_source *source, cs_image **image, int *orientation, cs_error *error);

/* A picture of width x height with undefined pixels. CS_ERR_LIMIT, before anything is allocated, if it would hold more
 * than source->max_pixels. */
cs_status cs_source_create_image(const cs_source *source, uint64_t width, uint64_t height, cs_image **image,
                                 cs_error *error);

/* "<name>: damaged <kind> file: <reason>" as CS_ERR_FORMAT. */
cs_status cs_source_damaged(const cs_source *source, const char *kind, const char *reason, cs_error *error);

/* Writers; `file` is only written to, and its errors are left to whoever closes it. */
cs_status cs_image_encode_png(const cs_image *image, FILE *file, cs_error *error);
cs_status cs_image_encode_jpeg(const cs_image *image, FILE *file, cs_error *error);
cs_status cs_image_encode_webp(const cs_image *image, FILE *file, cs_error *error);

#endif
