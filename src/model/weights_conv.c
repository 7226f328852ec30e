/* Batch normalisation folded into the convolution before it: once training is over it is a scale and a shift. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/weights.h"

/* Scale and shift per channel that a batch normalisation amounts to once training is over. */
typedef struct folding {
    float *scale, *shift; /* [channels] */
} folding;

static cs_status read_folding(const cs_weights *weights, const char *norm, int channels, float epsilon, folding *fold,
                              cs_error *error) {
    static const char *const parts[] = {".weight", ".bias", ".running_mean", ".running_var"};
    const int64_t shape[] = {channels};
    float *values[4] = {NULL};
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < 4; i++) {
        char name[256];
        status = cs_weights_read(weights, cs_tensor_name(name, norm, parts[i]), 1, shape, &values[i], error);
    }
    for (int c = 0; status == CS_OK && c < channels; c++) {
        values[0][c] /= sqrtf(values[3][c] + epsilon);
        values[1][c] -= values[2][c] * values[0][c];
    }
    free(values[2]);
    free(values[3]);
    if (status != CS_OK) {
        free(values[0]);
        free(values[1]);
        return status;
    }
    *fold = (folding){values[0], values[1]};
    return CS_OK;
}

cs_status cs_weights_conv(const cs_weights *weights, const cs_conv_names *names, const cs_conv_spec *spec,
                          float epsilon, cs_layer **layer, cs_error *error) {
    char norm[256], conv[256];
    const int64_t inputs = spec->depthwise ? 1 : spec->in;
    const int64_t shape[] = {spec->out, inputs, spec->kernel, spec->kernel};
    const size_t per_output = (size_t)inputs * (size_t)spec->kernel * (size_t)spec->kernel;
    float *weight = NULL;
    snprintf(conv, sizeof conv, "%s%s.weight", names->prefix, names->conv);
    folding fold = {NULL, NULL};
    cs_status status =
        read_folding(weights, cs_tensor_name(norm, names->prefix, names->norm), spec->out, epsilon, &fold, error);
    if (status == CS_OK) status = cs_weights_read(weights, conv, 4, shape, &weight, error);
    if (status == CS_OK) {
        for (size_t o = 0; o < (size_t)spec->out; o++)
            for (size_t i = 0; i < per_output; i++)
                weight[o * per_output + i] *= fold.scale[o];
        status = weights->ops->conv(weights->nn, spec, weight, fold.shift, layer, error);
    }
    free(weight);
    free(fold.scale);
    free(fold.shift);
    return status;
}
