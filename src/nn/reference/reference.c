#include "nn/reference/reference.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/host_memory.h"

static cs_status open_reference(int threads, cs_precision precision, cs_nn **nn, cs_error *error) {
    (void)threads; /* one thread: the order of every sum stays the one that is written down */
    *nn = cs_alloc_zero(1, sizeof **nn);
    if (!*nn) return cs_fail_memory(error, "the reference backend");
    (*nn)->precision = precision;
    return CS_OK;
}

static void close_reference(cs_nn *nn) {
    free(nn);
}

static double macs(const cs_nn *nn) {
    return nn->macs;
}

float cs_reference_activate(cs_activation activation, float x) {
    switch (activation) {
    case CS_ACT_NONE:
        return x;
    case CS_ACT_RELU:
        return fmaxf(x, 0.0f);
    case CS_ACT_RELU6:
        return fminf(fmaxf(x, 0.0f), 6.0f);
    case CS_ACT_QUICK_GELU:
        return x / (1.0f + expf(-1.702f * x));
    case CS_ACT_GELU:
        return 0.5f * x * (1.0f + erff(x * 0.70710678f));
    }
    return x;
}

cs_status cs_reference_layer_norm(cs_nn *nn, int rows, int width, float epsilon, const float *gain, const float *bias,
                                  const float *x, float *y, cs_error *error) {
    (void)nn, (void)error;
    for (int r = 0; r < rows; r++) {
        const float *in = x + (size_t)r * (size_t)width;
        float *out = y + (size_t)r * (size_t)width;
        double sum = 0, squares = 0;
        for (int i = 0; i < width; i++)
            sum += in[i];
        double mean = sum / width;
        for (int i = 0; i < width; i++)
            squares += (in[i] - mean) * (in[i] - mean);
        double scale = 1 / sqrt(squares / width + epsilon);
        for (int i = 0; i < width; i++)
            out[i] = (float)((in[i] - mean) * scale) * gain[i] + bias[i];
    }
    return CS_OK;
}

cs_status cs_reference_softmax(cs_nn *nn, int rows, int width, float *x, cs_error *error) {
    (void)nn, (void)error;
    for (int r = 0; r < rows; r++) {
        float *row = x + (size_t)r * (size_t)width;
        float highest = row[0];
        for (int i = 1; i < width; i++)
            highest = fmaxf(highest, row[i]);
        double sum = 0;
        for (int i = 0; i < width; i++) {
            row[i] = expf(row[i] - highest);
            sum += row[i];
        }
        for (int i = 0; i < width; i++)
            row[i] = (float)(row[i] / sum);
    }
    return CS_OK;
}

cs_status cs_reference_global_mean(cs_nn *nn, int n, int height, int width, int channels, const float *x, float *y,
                                   cs_error *error) {
    (void)nn, (void)error;
    size_t cells = (size_t)height * (size_t)width;
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (size_t p = 0; p < cells; p++)
                sum += x[((size_t)i * cells + p) * (size_t)channels + (size_t)c];
            y[(size_t)i * (size_t)channels + (size_t)c] = (float)(sum / (double)cells);
        }
    }
    return CS_OK;
}

/* Mean of one channel over the cells around (row, col) that exist. picture: [height, width, channels]. */
static float mean_around(const float *picture, int height, int width, int channels, int side, int row, int col, int c) {
    double sum = 0;
    int count = 0;
    for (int r = row - side / 2; r <= row + side / 2; r++) {
        for (int k = col - side / 2; k <= col + side / 2; k++) {
            if (r < 0 || r >= height || k < 0 || k >= width) continue;
            sum += picture[((size_t)r * (size_t)width + (size_t)k) * (size_t)channels + (size_t)c];
            count++;
        }
    }
    return (float)(sum / count);
}

cs_status cs_reference_local_mean(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x,
                                  float *y, cs_error *error) {
    (void)nn, (void)error;
    size_t picture = (size_t)height * (size_t)width * (size_t)channels;
    for (int i = 0; i < n; i++) {
        float *out = y + (size_t)i * picture;
        for (int row = 0; row < height; row++)
            for (int col = 0; col < width; col++)
                for (int c = 0; c < channels; c++)
                    *out++ = mean_around(x + (size_t)i * picture, height, width, channels, side, row, col, c);
    }
    return CS_OK;
}

const cs_nn_ops cs_nn_reference = {
    .name = "reference",
    .open = open_reference,
    .close = close_reference,
    .macs = macs,
    .buffer = cs_host_buffer,
    .release = cs_host_release,
    .upload = cs_host_copy,
    .download = cs_host_copy,
    .linear = cs_reference_linear,
    .conv = cs_reference_conv,
    .layer_free = cs_reference_layer_free,
    .run_linear = cs_reference_run_linear,
    .run_conv = cs_reference_run_conv,
    .run_inverted = cs_reference_run_inverted,
    .layer_norm = cs_reference_layer_norm,
    .attention = cs_reference_attention,
    .attention_pairs = cs_reference_attention_pairs,
    .attention_regions = cs_reference_attention_regions,
    .product = cs_reference_product,
    .blend = cs_reference_blend,
    .unit_rows = cs_reference_unit_rows,
    .take = cs_reference_take,
    .softmax = cs_reference_softmax,
    .global_mean = cs_reference_global_mean,
    .mean_pool = cs_reference_mean_pool,
    .assemble = cs_reference_assemble,
    .take_first = cs_reference_take_first,
    .local_mean = cs_reference_local_mean,
};
