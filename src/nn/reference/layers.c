/* Linear layers and convolutions as their definitions read. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/macs.h"
#include "nn/narrow.h"
#include "nn/reference/reference.h"

struct cs_layer {
    int in, out, kernel, depthwise; /* a linear layer is a convolution with kernel 1 */
    cs_activation activation;
    int accumulate;
    cs_precision precision;
    float *weight; /* [out, depthwise ? 1 : in, kernel, kernel] */
    float *bias;   /* [out] */
};

static cs_status make_layer(const struct cs_layer *like, const float *weight, const float *bias, cs_layer **layer,
                            cs_error *error) {
    size_t per_output = (size_t)(like->depthwise ? 1 : like->in) * (size_t)like->kernel * (size_t)like->kernel;
    cs_layer *made = cs_alloc(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a layer");
    *made = *like;
    made->weight = cs_alloc((size_t)like->out * per_output, sizeof(float));
    made->bias = cs_alloc_zero((size_t)like->out, sizeof(float));
    if (!made->weight || !made->bias) {
        cs_reference_layer_free(NULL, made);
        return cs_fail_memory(error, "the weights of a layer");
    }
    memcpy(made->weight, weight, (size_t)like->out * per_output * sizeof(float));
    if (bias) memcpy(made->bias, bias, (size_t)like->out * sizeof(float));
    if (made->precision != CS_PRECISION_FP32)
        cs_reference_narrow_weights(made->precision, like->out, per_output, made->weight);
    *layer = made;
    return CS_OK;
}

cs_status cs_reference_linear(cs_nn *nn, const cs_linear_spec *spec, const float *weight, const float *bias,
                              cs_layer **layer, cs_error *error) {
    struct cs_layer like = {.in = spec->in,
                            .out = spec->out,
                            .kernel = 1,
                            .activation = spec->activation,
                            .accumulate = spec->accumulate,
                            .precision = cs_tolerated(nn->precision, spec->tolerance)};
    return make_layer(&like, weight, bias, layer, error);
}

/* As in nn/narrow.h. */
static cs_precision precision_of(const cs_nn *nn, const cs_conv_spec *spec) {
    if (spec->depthwise) return CS_PRECISION_FP32;
    cs_precision precision = cs_tolerated(nn->precision, spec->tolerance);
    return precision == CS_PRECISION_INT8 && spec->kernel > 1 ? CS_PRECISION_BF16 : precision;
}

cs_status cs_reference_conv(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias,
                            cs_layer **layer, cs_error *error) {
    struct cs_layer like = {.in = spec->in,
                            .out = spec->out,
                            .kernel = spec->kernel,
                            .depthwise = spec->depthwise,
                            .activation = spec->activation,
                            .accumulate = spec->accumulate,
                            .precision = precision_of(nn, spec)};
    return make_layer(&like, weight, bias, layer, error);
}

void cs_reference_layer_free(cs_nn *nn, cs_layer *layer) {
    (void)nn;
    if (!layer) return;
    free(layer->weight);
    free(layer->bias);
    free(layer);
}

static void multiply(const cs_layer *layer, int rows, const float *x, float *y) {
    for (int r = 0; r < rows; r++) {
        for (int o = 0; o < layer->out; o++) {
            const float *in = x + (size_t)r * (size_t)layer->in;
            const float *weight = layer->weight + (size_t)o * (size_t)layer->in;
            float *out = y + (size_t)r * (size_t)layer->out + o;
            double sum = layer->bias[o];
            for (int i = 0; i < layer->in; i++)
                sum += (double)in[i] * weight[i];
            if (layer->accumulate) sum += *out;
            *out = cs_reference_activate(layer->activation, (float)sum);
        }
    }
}

typedef void apply_fn(const cs_layer *layer, const cs_conv_size *size, const float *x, float *y);

/* Applies the layer to x, or where its precision says so to x with rounded values; count: of x. */
static cs_status apply(const cs_layer *layer, apply_fn *function, const cs_conv_size *size, size_t count,
                       const float *x, float *y, cs_error *error) {
    if (layer->precision == CS_PRECISION_FP32 || count == 0) {
        function(layer, size, x, y);
        return CS_OK;
    }
    float *rounded = cs_reference_narrow_inputs(layer->precision, count, x);
    if (!rounded) return cs_fail_memory(error, "the inputs of a layer");
    function(layer, size, rounded, y);
    free(rounded);
    return CS_OK;
}

static void apply_linear(const cs_layer *layer, const cs_conv_size *size, const float *x, float *y) {
    multiply(layer, size->n, x, y);
}

cs_status cs_reference_run_linear(cs_nn *nn, cs_layer *layer, int rows, const float *x, float *y, cs_error *error) {
    const cs_conv_size size = {.n = rows};
    nn->macs += cs_linear_macs(rows, layer->in, layer->out);
    return apply(layer, apply_linear, &size, (size_t)rows * (size_t)layer->in, x, y, error);
}

/* One output value. x: [height, width, in], the input of one picture. */
static float convolve(const cs_layer *layer, const cs_conv_size *size, const float *x, int row, int col, int o) {
    int inputs = layer->depthwise ? 1 : layer->in;
    double sum = layer->bias[o];
    for (int ky = 0; ky < layer->kernel; ky++) {
        for (int kx = 0; kx < layer->kernel; kx++) {
            int r = row * size->stride - size->pad_top + ky * size->dilation;
            int c = col * size->stride - size->pad_left + kx * size->dilation;
            if (r < 0 || r >= size->height || c < 0 || c >= size->width) continue;
            const float *cell = x + ((size_t)r * (size_t)size->width + (size_t)c) * (size_t)layer->in;
            for (int i = 0; i < inputs; i++) {
                size_t at = (((size_t)o * (size_t)inputs + (size_t)i) * (size_t)layer->kernel + (size_t)ky) *
                                (size_t)layer->kernel +
                            (size_t)kx;
                sum += (double)cell[layer->depthwise ? o : i] * layer->weight[at];
            }
        }
    }
    return (float)sum;
}

static void apply_conv(const cs_layer *layer, const cs_conv_size *size, const float *x, float *y) {
    size_t picture = (size_t)size->height * (size_t)size->width * (size_t)layer->in;
    for (int n = 0; n < size->n; n++) {
        for (int row = 0; row < size->out_height; row++) {
            for (int col = 0; col < size->out_width; col++) {
                for (int o = 0; o < layer->out; o++, y++) {
                    float sum = convolve(layer, size, x + (size_t)n * picture, row, col, o);
                    if (layer->accumulate) sum += *y;
                    *y = cs_reference_activate(layer->activation, sum);
                }
            }
        }
    }
}

cs_status cs_reference_run_conv(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                                cs_error *error) {
    const cs_conv_spec spec = {
        .in = layer->in, .out = layer->out, .kernel = layer->kernel, .depthwise = layer->depthwise};
    nn->macs += cs_conv_macs(&spec, size);
    size_t count = (size_t)size->n * (size_t)size->height * (size_t)size->width * (size_t)layer->in;
    return apply(layer, apply_conv, size, count, x, y, error);
}
