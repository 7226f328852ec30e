#include "model/weights.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

const char *cs_tensor_name(char buffer[256], const char *prefix, const char *name) {
    snprintf(buffer, 256, "%s%s", prefix, name);
    return buffer;
}

cs_status cs_weights_read(const cs_weights *weights, const char *name, int dims, const int64_t *shape, float **data,
                          cs_error *error) {
    size_t count = 1;
    for (int i = 0; i < dims; i++)
        if (cs_mul_overflow(count, (size_t)shape[i], &count)) return cs_fail_memory(error, name);
    float *values = cs_alloc(count, sizeof *values);
    if (!values) return cs_fail_memory(error, name);
    cs_status status = cs_checkpoint_read(weights->checkpoint, name, dims, shape, values, error);
    if (status != CS_OK) {
        free(values);
        return status;
    }
    *data = values;
    return CS_OK;
}

static cs_status read_to_device(const cs_weights *weights, const char *name, int dims, const int64_t *shape,
                                float **device, cs_error *error) {
    size_t count = (size_t)shape[0] * (dims == 2 ? (size_t)shape[1] : 1);
    float *host;
    cs_status status = cs_weights_read(weights, name, dims, shape, &host, error);
    if (status != CS_OK) return status;
    float *memory = weights->ops->buffer(weights->nn, count);
    if (memory) weights->ops->upload(weights->nn, memory, host, count);
    free(host);
    if (!memory) return cs_fail_memory(error, name);
    *device = memory;
    return CS_OK;
}

cs_status cs_weights_vector(const cs_weights *weights, const char *name, int length, float **device, cs_error *error) {
    const int64_t shape[] = {length};
    return read_to_device(weights, name, 1, shape, device, error);
}

cs_status cs_weights_table(const cs_weights *weights, const char *name, int rows, int width, float **device,
                           cs_error *error) {
    const int64_t shape[] = {rows, width};
    return read_to_device(weights, name, 2, shape, device, error);
}

cs_status cs_weights_norm(const cs_weights *weights, const char *prefix, const char *norm, int width, float **gain,
                          float **bias, cs_error *error) {
    char name[256];
    snprintf(name, sizeof name, "%s%s.weight", prefix, norm);
    cs_status status = cs_weights_vector(weights, name, width, gain, error);
    if (status != CS_OK) return status;
    snprintf(name, sizeof name, "%s%s.bias", prefix, norm);
    return cs_weights_vector(weights, name, width, bias, error);
}

cs_status cs_weights_linear(const cs_weights *weights, const char *prefix, const cs_linear_spec *spec, int has_bias,
                            cs_layer **layer, cs_error *error) {
    char name[256];
    int64_t shape[] = {spec->out, spec->in};
    float *weight = NULL, *bias = NULL;
    cs_status status = cs_weights_read(weights, cs_tensor_name(name, prefix, ".weight"), 2, shape, &weight, error);
    if (status == CS_OK && has_bias)
        status = cs_weights_read(weights, cs_tensor_name(name, prefix, ".bias"), 1, shape, &bias, error);
    if (status == CS_OK) status = weights->ops->linear(weights->nn, spec, weight, bias, layer, error);
    free(weight);
    free(bias);
    return status;
}

/* [rows, cols] to [cols, rows] */
static void transpose(const float *from, int rows, int cols, float *to) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++)
            to[(size_t)c * (size_t)rows + (size_t)r] = from[(size_t)r * (size_t)cols + (size_t)c];
}

cs_status cs_weights_matrix(const cs_weights *weights, const char *name, const cs_linear_spec *spec, int in_out,
                            cs_layer **layer, cs_error *error) {
    const int64_t shape[] = {in_out ? spec->in : spec->out, in_out ? spec->out : spec->in};
    float *stored, *turned = NULL;
    cs_status status = cs_weights_read(weights, name, 2, shape, &stored, error);
    if (status != CS_OK) return status;
    if (in_out) {
        turned = cs_alloc((size_t)spec->in * (size_t)spec->out, sizeof *turned);
        if (turned) {
            transpose(stored, spec->in, spec->out, turned);
        } else {
            status = cs_fail_memory(error, name);
        }
    }
    if (status == CS_OK) status = weights->ops->linear(weights->nn, spec, in_out ? turned : stored, NULL, layer, error);
    free(stored);
    free(turned);
    return status;
}

void cs_weights_free_layer(const cs_nn_ops *ops, cs_nn *nn, cs_layer *layer) {
    if (layer) ops->layer_free(nn, layer);
}

void cs_weights_free_vector(const cs_nn_ops *ops, cs_nn *nn, float *vector) {
    if (vector) ops->release(nn, vector);
}
