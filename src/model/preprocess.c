#include "model/preprocess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/normalize.h"

cs_status cs_preprocess_resized(const cs_preprocess *preprocess, cs_view view, int height, int width, float *out,
                                cs_error *error) {
    size_t stride = (size_t)width * 3;
    uint8_t *pixels = cs_alloc((size_t)height, stride);
    if (!pixels) return cs_fail_memory(error, "a resized picture");
    cs_status status = cs_resample(view, width, height, preprocess->filter, preprocess->threads, pixels, stride, error);
    if (status == CS_OK) cs_normalize_pixels(pixels, stride, width, height, preprocess->mean, preprocess->std, out);
    free(pixels);
    return status;
}

cs_status cs_preprocess_size(const cs_preprocess *preprocess, cs_view photo, int *width, int *height, cs_error *error) {
    int64_t edge = preprocess->edge, w = photo.width, h = photo.height;
    *width = *height = preprocess->edge;
    if (preprocess->mode == CS_RESIZE_SHORTEST) {
        int64_t longer = w >= h ? edge * w / h : edge * h / w;
        if (longer > 1 << 20)
            return cs_fail(error, CS_ERR_LIMIT, "a picture of %d x %d pixels is too elongated to classify", photo.width,
                           photo.height);
        *(w >= h ? width : height) = (int)longer;
    } else if (preprocess->mode == CS_RESIZE_LONGEST) {
        double ratio = (double)(w > h ? w : h) / (double)edge;
        *width = (int)fmax(1, nearbyint((double)w / ratio));
        *height = (int)fmax(1, nearbyint((double)h / ratio));
    }
    return CS_OK;
}

/* Where the crop begins; negative where the picture is smaller, and is then filled up on both sides. */
static int centre_offset(const cs_preprocess *preprocess, int size) {
    int spare = size - preprocess->crop;
    if (spare < 0) return -(-spare / 2);
    if (!preprocess->round_to_even) return spare / 2;
    return (int)nearbyint(spare / 2.0);
}

/* Cuts the centre out of `resized` into a crop x crop picture; what lies outside is black (zero before normalising). */
static void cut_centre(const cs_preprocess *preprocess, cs_view resized, uint8_t *out) {
    int crop = preprocess->crop;
    int left = centre_offset(preprocess, resized.width), top = centre_offset(preprocess, resized.height);
    memset(out, 0, (size_t)crop * (size_t)crop * 3);
    for (int y = 0; y < crop; y++) {
        int from = y + top;
        if (from < 0 || from >= resized.height) continue;
        int first = left < 0 ? -left : 0;
        int last = resized.width - left < crop ? resized.width - left : crop;
        memcpy(out + ((size_t)y * (size_t)crop + (size_t)first) * 3,
               resized.pixels + (size_t)from * resized.stride + (size_t)(first + left) * 3, (size_t)(last - first) * 3);
    }
}

cs_status cs_preprocess_sized(const cs_preprocess *preprocess, cs_view view, int width, int height, float *out,
                              cs_error *error) {
    int crop = preprocess->crop;
    if (width == crop && height == crop) return cs_preprocess_resized(preprocess, view, height, width, out, error);
    cs_status status = CS_OK;
    size_t stride = (size_t)width * 3;
    uint8_t *resized = cs_alloc((size_t)height, stride), *centre = cs_alloc((size_t)crop * (size_t)crop, 3);
    if (!resized || !centre) status = cs_fail_memory(error, "a resized picture");
    if (status == CS_OK)
        status = cs_resample(view, width, height, preprocess->filter, preprocess->threads, resized, stride, error);
    if (status == CS_OK) {
        cut_centre(preprocess, (cs_view){resized, stride, width, height}, centre);
        cs_normalize_pixels(centre, (size_t)crop * 3, crop, crop, preprocess->mean, preprocess->std, out);
    }
    free(resized);
    free(centre);
    return status;
}

cs_status cs_preprocess_photo(const cs_preprocess *preprocess, cs_view photo, float *out, cs_error *error) {
    int width, height;
    cs_status status = cs_preprocess_size(preprocess, photo, &width, &height, error);
    return status == CS_OK ? cs_preprocess_sized(preprocess, photo, width, height, out, error) : status;
}
