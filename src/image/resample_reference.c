#include "image/resample_reference.h"

#include <string.h>

#include "base/error.h"
#include "image/taps.h"

/* One sample: `step` bytes lie between the source samples that make it up. */
static uint8_t weighted(const uint8_t *samples, size_t step, const int32_t *weights, int count) {
    int32_t sum = CS_WEIGHT_HALF;
    for (int k = 0; k < count; k++)
        sum += samples[(size_t)k * step] * weights[k];
    return cs_sample_from_sum(sum);
}

/* [height, source.width] -> [height, width] */
static void resize_rows(cs_view source, const cs_taps *taps, uint8_t *out, size_t out_stride) {
    for (int y = 0; y < source.height; y++)
        for (int x = 0; x < taps->outputs; x++)
            for (int c = 0; c < 3; c++) {
                const uint8_t *samples = source.pixels + (size_t)y * source.stride + (size_t)taps->first[x] * 3 + c;
                out[(size_t)y * out_stride + (size_t)x * 3 + c] =
                    weighted(samples, 3, cs_taps_weights(taps, x), taps->count[x]);
            }
}

/* [source.height, width] -> [height, width] */
static void resize_columns(cs_view source, const cs_taps *taps, uint8_t *out, size_t out_stride) {
    for (int y = 0; y < taps->outputs; y++)
        for (int x = 0; x < source.width * 3; x++) {
            const uint8_t *samples = source.pixels + (size_t)taps->first[y] * source.stride + x;
            out[(size_t)y * out_stride + x] =
                weighted(samples, source.stride, cs_taps_weights(taps, y), taps->count[y]);
        }
}

/* The pixel below the centre of each output pixel. Positions are added up one by one, as Pillow does, because that
 * rounds otherwise than a product. */
static void resize_nearest(cs_view source, int width, int height, uint8_t *out, size_t out_stride) {
    double down = (double)source.height / height, right = (double)source.width / width, y_in = down * 0.5;
    for (int y = 0; y < height; y++, y_in += down) {
        double x_in = right * 0.5;
        for (int x = 0; x < width; x++, x_in += right)
            memcpy(out + (size_t)y * out_stride + (size_t)x * 3,
                   source.pixels + (size_t)(int)y_in * source.stride + (size_t)(int)x_in * 3, 3);
    }
}

/* One pass. A pass that keeps the size is a copy, as in Pillow. */
static cs_status pass(cs_view source, int length, int vertical, cs_filter filter, uint8_t *out, size_t out_stride,
                      cs_error *error) {
    int inputs = vertical ? source.height : source.width;
    if (inputs == length) {
        for (int y = 0; y < source.height; y++)
            memcpy(out + (size_t)y * out_stride, source.pixels + (size_t)y * source.stride, (size_t)source.width * 3);
        return CS_OK;
    }
    cs_taps taps;
    cs_status status = cs_taps_create(inputs, length, filter, &taps, error);
    if (status != CS_OK) return status;
    (vertical ? resize_columns : resize_rows)(source, &taps, out, out_stride);
    cs_taps_free(&taps);
    return CS_OK;
}

cs_status cs_resample_reference(cs_view source, int width, int height, cs_filter filter, uint8_t *out,
                                size_t out_stride, cs_error *error) {
    if (filter == CS_FILTER_NEAREST) {
        resize_nearest(source, width, height, out, out_stride);
        return CS_OK;
    }
    int vertical = cs_vertical_first(source, width, height);
    cs_image *between;
    cs_status status =
        cs_image_create(vertical ? source.width : width, vertical ? height : source.height, &between, error);
    if (status != CS_OK) return status;
    status =
        pass(source, vertical ? height : width, vertical, filter, between->pixels, (size_t)between->width * 3, error);
    if (status == CS_OK)
        status = pass(cs_image_view(between), vertical ? width : height, !vertical, filter, out, out_stride, error);
    cs_image_close(between);
    return status;
}
