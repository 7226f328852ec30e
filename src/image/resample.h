/* Resampling that equals Pillow's Image.resize bit for bit. */
#ifndef CS_IMAGE_RESAMPLE_H
#define CS_IMAGE_RESAMPLE_H

#include "image/image.h"

/* The values are Pillow's, as `resample` in preprocessor_config.json gives them. */
typedef enum cs_filter {
    CS_FILTER_NEAREST = 0,
    CS_FILTER_LANCZOS = 1,
    CS_FILTER_BILINEAR = 2,
    CS_FILTER_BICUBIC = 3
} cs_filter;

/* Resizes `source` to width x height into out, [height, width, 3] with rows `out_stride` bytes apart.
 * `threads`: how many OpenMP threads the passes may use (at least 1). */
cs_status cs_resample(cs_view source, int width, int height, cs_filter filter, int threads, uint8_t *out,
                      size_t out_stride, cs_error *error);

#endif
