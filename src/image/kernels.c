#include "image/kernels.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

void cs_across_plain_from(const cs_taps *taps, int from, const uint8_t *row, uint8_t *out) {
    for (int x = from; x < taps->outputs; x++) {
        const uint8_t *pixel = row + (size_t)taps->first[x] * 3;
        const int32_t *weights = cs_taps_weights(taps, x);
        int32_t red = CS_WEIGHT_HALF, green = CS_WEIGHT_HALF, blue = CS_WEIGHT_HALF;
        for (int k = 0; k < taps->count[x]; k++, pixel += 3) {
            red += pixel[0] * weights[k];
            green += pixel[1] * weights[k];
            blue += pixel[2] * weights[k];
        }
        out[3 * x] = cs_sample_from_sum(red);
        out[3 * x + 1] = cs_sample_from_sum(green);
        out[3 * x + 2] = cs_sample_from_sum(blue);
    }
}

static void across_plain(const cs_row_filter *filter, const uint8_t *const *rows, uint8_t *const *out, int n) {
    for (int i = 0; i < n; i++)
        cs_across_plain_from(&filter->taps, 0, rows[i], out[i]);
}

/* Sums stay in a block that fits the first-level cache; the inner loops are the kind that compilers vectorise. */
static void down_plain(const uint8_t *const *rows, const int32_t *weights, int count, size_t bytes, uint8_t *out) {
    enum { BLOCK = 256 };
    int32_t sums[BLOCK];
    for (size_t at = 0; at < bytes; at += BLOCK) {
        size_t n = bytes - at < BLOCK ? bytes - at : BLOCK;
        for (size_t i = 0; i < n; i++)
            sums[i] = CS_WEIGHT_HALF;
        for (int k = 0; k < count; k++)
            for (size_t i = 0; i < n; i++)
                sums[i] += rows[k][at + i] * weights[k];
        for (size_t i = 0; i < n; i++)
            out[at + i] = cs_sample_from_sum(sums[i]);
    }
}

cs_kernels cs_kernels_plain(void) {
    return (cs_kernels){across_plain, down_plain, 0};
}

static int32_t pair(int32_t first, int32_t second) {
    return (int32_t)((uint32_t)(uint16_t)first | (uint32_t)(uint16_t)second << 16);
}

/* Four weights, those behind `count` being zero. */
static void pack_four(const int32_t *weights, int count, int32_t *packed) {
    int32_t w[4];
    for (int k = 0; k < 4; k++)
        w[k] = k < count ? weights[k] : 0;
    packed[0] = pair(w[0] >> 11, w[1] >> 11);
    packed[1] = pair(w[2] >> 11, w[3] >> 11);
    packed[2] = pair(w[0] & 2047, w[1] & 2047);
    packed[3] = pair(w[2] & 2047, w[3] & 2047);
}

static cs_status pack(cs_row_filter *filter, int inputs, cs_error *error) {
    const cs_taps *taps = &filter->taps;
    size_t outputs = (size_t)taps->outputs, fours = (size_t)(taps->most + 3) / 4;
    filter->packed = cs_alloc(outputs * fours, 4 * sizeof(int32_t));
    if (!filter->packed) return cs_fail_memory(error, "the weights of a resize");
    filter->fours = (int)fours;
    for (size_t x = 0; x < outputs; x++)
        for (size_t f = 0; f < fours; f++)
            pack_four(cs_taps_weights(taps, (int)x) + 4 * f, taps->count[x] - (int)(4 * f),
                      filter->packed + (x * fours + f) * 4);
    /* A load takes 16 bytes where a four of pixels has 12, and a store 4 where a pixel has 3. */
    while (filter->vectorable < taps->outputs - 1 &&
           ((size_t)taps->first[filter->vectorable] + 4 * fours) * 3 + 4 <= (size_t)inputs * 3)
        filter->vectorable++;
    return CS_OK;
}

cs_status cs_row_filter_create(int inputs, int outputs, cs_filter filter, int packed, cs_row_filter *made,
                               cs_error *error) {
    *made = (cs_row_filter){.packed = NULL};
    cs_status status = cs_taps_create(inputs, outputs, filter, &made->taps, error);
    if (status == CS_OK && packed) status = pack(made, inputs, error);
    if (status != CS_OK) cs_row_filter_free(made);
    return status;
}

void cs_row_filter_free(cs_row_filter *filter) {
    cs_taps_free(&filter->taps);
    free(filter->packed);
    *filter = (cs_row_filter){.packed = NULL};
}
