#include "locate/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/unit.h"

/* Share of the peak from which a position is held at 1, and share of all positions that are held at 0. */
static const float sure_share = 0.5f, unlikely_share = 0.5f;

/* Likeness below this does not count. */
static const float least_likeness = 0.2f;

enum { ROUNDS = 15 };

/* Unit vectors of what sets a position apart from the mean of all. x: [cells, channels]. */
static void centre(float *x, size_t cells, size_t channels) {
    for (size_t c = 0; c < channels; c++) {
        double sum = 0;
        for (size_t i = 0; i < cells; i++)
            sum += (double)x[i * channels + c];
        float mean = (float)(sum / (double)cells);
        for (size_t i = 0; i < cells; i++)
            x[i * channels + c] -= mean;
    }
    cs_to_unit_length(x, cells, channels);
}

/* Cosines [cells, cells] to the weights with which positions take part in each other's mean: rows add up to 1. */
static void to_weights(float *cosines, size_t cells) {
    for (size_t i = 0; i < cells; i++) {
        float *row = cosines + i * cells;
        double sum = 0;
        for (size_t j = 0; j < cells; j++) {
            float likeness = j != i && row[j] > least_likeness ? row[j] - least_likeness : 0;
            row[j] = likeness * likeness;
            sum += (double)row[j];
        }
        const float share = sum > 0 ? (float)(1 / sum) : 0;
        for (size_t j = 0; j < cells; j++)
            row[j] *= share;
    }
}

/* y [rows, out] = x [rows, in] weight [out, in] transposed, on the model's backend. */
static cs_status multiply(cs_model *model, cs_layer *layer, int rows, int in, int out, const float *x, float *y,
                          cs_error *error) {
    float *source = model->ops->buffer(model->nn, (size_t)rows * (size_t)in);
    float *target = model->ops->buffer(model->nn, (size_t)rows * (size_t)out);
    cs_status status = source && target ? CS_OK : cs_fail_memory(error, "the likeness of positions");
    if (status == CS_OK) {
        model->ops->upload(model->nn, source, x, (size_t)rows * (size_t)in);
        status = model->ops->run_linear(model->nn, layer, rows, source, target, error);
    }
    if (status == CS_OK) model->ops->download(model->nn, y, target, (size_t)rows * (size_t)out);
    if (source) model->ops->release(model->nn, source);
    if (target) model->ops->release(model->nn, target);
    return status;
}

/* *layer: the weights [cells, cells], ready to be applied. */
static cs_status make_weights(cs_model *model, const cs_features *features, cs_layer **layer, cs_error *error) {
    size_t cells = (size_t)features->rows * (size_t)features->cols, channels = (size_t)features->channels;
    const cs_linear_spec cosines = {features->channels, (int)cells, CS_ACT_NONE, 0, 0};
    const cs_linear_spec spreading = {(int)cells, (int)cells, CS_ACT_NONE, 0, 0};
    float *x = cs_alloc(cells * channels, sizeof *x), *weights = cs_alloc(cells, cells * sizeof *weights);
    cs_layer *likeness = NULL;
    cs_status status = x && weights ? CS_OK : cs_fail_memory(error, "the likeness of positions");
    if (status == CS_OK) {
        memcpy(x, features->data, cells * channels * sizeof *x);
        centre(x, cells, channels);
        status = model->ops->linear(model->nn, &cosines, x, NULL, &likeness, error);
    }
    if (status == CS_OK)
        status = multiply(model, likeness, (int)cells, features->channels, (int)cells, x, weights, error);
    if (status == CS_OK) {
        to_weights(weights, cells);
        status = model->ops->linear(model->nn, &spreading, weights, NULL, layer, error);
    }
    if (likeness) model->ops->layer_free(model->nn, likeness);
    free(x);
    free(weights);
    return status;
}

static int ascending(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Marks what stays 1 and what stays 0, and scales the rest. held: [cells], 1, 0 or -1 for free. */
static void hold(float *map, size_t cells, signed char *held, float *sorted) {
    memcpy(sorted, map, cells * sizeof *sorted);
    qsort(sorted, cells, sizeof *sorted, ascending);
    float peak = sorted[cells - 1], low = sorted[(size_t)((float)(cells - 1) * unlikely_share)];
    for (size_t i = 0; i < cells; i++) {
        held[i] = -1;
        if (map[i] <= low) held[i] = 0;
        if (map[i] > sure_share * peak) held[i] = 1;
        map[i] = held[i] >= 0 ? (float)held[i] : map[i] / peak;
    }
}

static cs_status iterate(cs_model *model, cs_layer *weights, int n, size_t cells, const signed char *held, float *maps,
                         cs_error *error) {
    for (int round = 0; round < ROUNDS; round++) {
        cs_status status = multiply(model, weights, n, (int)cells, (int)cells, maps, maps, error);
        if (status != CS_OK) return status;
        for (size_t i = 0; i < (size_t)n * cells; i++)
            if (held[i] >= 0) maps[i] = (float)held[i];
    }
    return CS_OK;
}

cs_status cs_spread(cs_model *model, const cs_features *features, int n, float *maps, cs_error *error) {
    size_t cells = (size_t)features->rows * (size_t)features->cols;
    cs_layer *weights = NULL;
    if (n == 0) return CS_OK;
    signed char *held = cs_alloc((size_t)n, cells);
    float *sorted = cs_alloc(cells, sizeof *sorted);
    cs_status status = held && sorted ? CS_OK : cs_fail_memory(error, "the extent of objects");
    for (size_t i = 0; status == CS_OK && i < (size_t)n; i++)
        hold(maps + i * cells, cells, held + i * cells, sorted);
    if (status == CS_OK) status = make_weights(model, features, &weights, error);
    if (status == CS_OK) status = iterate(model, weights, n, cells, held, maps, error);
    if (weights) model->ops->layer_free(model->nn, weights);
    free(held);
    free(sorted);
    return status;
}
