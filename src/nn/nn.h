/* The tensor operations that the models need, as one table with several implementations ("backends").
 *
 * `reference` is plain C and defines what each operation computes; `onednn` is fast, and tests compare the two. A GPU
 * would be one more table: models never look into a buffer, they only pass it from operation to operation, and move
 * numbers in and out with upload and download.
 *
 * A pointer into a buffer, moved on by whole floats, may be passed wherever a buffer may. Activations are f32. Pictures
 * and feature maps are [n, height, width, channels]; everything else is a matrix [rows, width] without gaps. Buffers of
 * one call must not overlap unless the operation says that it works in place.
 */
#ifndef CS_NN_NN_H
#define CS_NN_NN_H

#include "clipsight.h"

typedef enum cs_activation {
    CS_ACT_NONE,
    CS_ACT_RELU,
    CS_ACT_RELU6,
    CS_ACT_QUICK_GELU, /* x * sigmoid(1.702 x) */
    CS_ACT_GELU        /* x * (1 + erf(x / sqrt 2)) / 2 */
} cs_activation;

typedef struct cs_nn cs_nn;       /* an opened backend */
typedef struct cs_layer cs_layer; /* weights packed by a backend: a linear layer or a convolution */

/* What a layer may be computed in, at the least. */
typedef enum cs_tolerance {
    CS_TOLERATES_NONE = 0, /* f32, whatever the backend was opened with */
    CS_TOLERATES_BF16,     /* bf16 where the backend was opened with that or with int8 */
    CS_TOLERATES_INT8      /* what the backend was opened with */
} cs_tolerance;

/* y = activation(x W^T + bias [+ y]). */
typedef struct cs_linear_spec {
    int in, out;
    cs_activation activation;
    int accumulate; /* non-zero: the old y is added before the activation (residual connections) */
    cs_tolerance tolerance;
} cs_linear_spec;

/* y = activation(conv(x, W) + bias [+ y]). */
typedef struct cs_conv_spec {
    int in, out, kernel; /* depthwise: in == out, each channel has its own kernel */
    int depthwise;
    cs_activation activation;
    int accumulate;
    cs_tolerance tolerance; /* depthwise convolutions always are in f32 */
} cs_conv_spec;

/* An inverted residual block: y = project(depthwise(expand(x))) [+ x]. */
typedef struct cs_inverted {
    cs_layer *expand;              /* kernel 1; NULL: x is taken as it is */
    cs_layer *depthwise, *project; /* project: kernel 1; accumulates where residual */
    int in, expanded, out, kernel; /* channels, and the depthwise kernel's side */
    int residual;
} cs_inverted;

/* What may change from run to run of one convolution; the padding behind the last row and column follows. */
typedef struct cs_conv_size {
    int n, height, width;      /* input */
    int out_height, out_width; /* output */
    int stride, dilation;      /* dilation 1: a dense kernel */
    int pad_top, pad_left;
} cs_conv_size;

/* With a kernel of 1 every cell is by itself. */
static inline cs_conv_size cs_conv_cells(int n, int height, int width) {
    return (cs_conv_size){n, height, width, height, width, 1, 1, 0, 0};
}

typedef struct cs_attention_size {
    int n, tokens, heads, head_width;
    int causal;  /* non-zero: a token sees itself and those before it */
    int queries; /* so many first tokens ask; 0: all */
} cs_attention_size;

/* Which of a token's vectors are compared with which of the others'. The two last make an attention by likeness: a
 * token sees those that resemble it, itself first. */
typedef enum cs_pairing { CS_PAIR_QUERY_KEY, CS_PAIR_QUERY_QUERY, CS_PAIR_KEY_KEY } cs_pairing;

/* y = alpha a b + beta y. a: [rows, inner]; b: [inner, cols], or [cols, inner] where transposed; y: [rows, cols]. */
typedef struct cs_product {
    int rows, inner, cols;
    int transposed;
    float alpha, beta; /* beta 0: y may hold anything */
} cs_product;

/* y = keep y + factor x, row by row. */
typedef struct cs_blend {
    int rows, width;
    int x_rows;         /* rows, or 1: the same x for all */
    float keep, factor; /* keep 0: y may hold anything */
} cs_blend;

typedef struct cs_nn_ops {
    const char *name;

    /* `threads` >= 1. One cs_nn is used by one thread at a time. The precision is not CS_PRECISION_AUTO; one that the
     * processor lacks is CS_ERR_UNSUPPORTED. */
    cs_status (*open)(int threads, cs_precision precision, cs_nn **nn, cs_error *error);
    void (*close)(cs_nn *nn);

    /* Multiply-adds executed since it was opened: of layers, products and attention, except that over regions. */
    double (*macs)(const cs_nn *nn);

    /* Device memory for `count` floats, undefined at first; NULL where there is none left. */
    float *(*buffer)(cs_nn *nn, size_t count);
    void (*release)(cs_nn *nn, float *buffer);
    void (*upload)(cs_nn *nn, float *device, const float *host, size_t count);
    void (*download)(cs_nn *nn, float *host, const float *device, size_t count);

    /* Packs weight [out, in] and bias [out] (NULL: none); the caller's arrays are not needed afterwards. */
    cs_status (*linear)(cs_nn *nn, const cs_linear_spec *spec, const float *weight, const float *bias, cs_layer **layer,
                        cs_error *error);

    /* Packs weight [out, in, kernel, kernel] (depthwise: [out, 1, kernel, kernel]) and bias [out] (NULL: none). */
    cs_status (*conv)(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias, cs_layer **layer,
                      cs_error *error);
    void (*layer_free)(cs_nn *nn, cs_layer *layer);

    /* x: [rows, in], y: [rows, out]. */
    cs_status (*run_linear)(cs_nn *nn, cs_layer *layer, int rows, const float *x, float *y, cs_error *error);

    /* x: [n, height, width, in], y: [n, out_height, out_width, out]. */
    cs_status (*run_conv)(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                          cs_error *error);

    /* size: the depthwise convolution's. x: [n, height, width, in], y: [n, out_height, out_width, out]. */
    cs_status (*run_inverted)(cs_nn *nn, const cs_inverted *block, const cs_conv_size *size, const float *x, float *y,
                              cs_error *error);

    /* Per row: y = (x - mean) / sqrt(variance + epsilon) * gain + bias; gain, bias: [width]. May work in place. */
    cs_status (*layer_norm)(cs_nn *nn, int rows, int width, float epsilon, const float *gain, const float *bias,
                            const float *x, float *y, cs_error *error);

    /* qkv: [n * tokens, 3 * heads * head_width], the queries, then the keys, then the values of each token.
     * out: [n * queries, heads * head_width] = softmax(q k^T / sqrt(head_width)) v per head. */
    cs_status (*attention)(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out, cs_error *error);

    /* The same with scores a b^T / sqrt(head_width) + bias, a and b chosen by `pairing`. bias: [tokens, tokens], the
     * same for all sequences and heads; NULL: none. size->causal must be 0. */
    cs_status (*attention_pairs)(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                 const float *qkv, float *out, cs_error *error);

    /* One query for each of k regions of one sequence, which sees itself and the cells of its region, no others.
     * size: that of the sequence, with n 1, whose first token is no cell and is not seen. qkv: the sequence's [tokens,
     * 3 * width]; regions: the queries' own [k, 3 * width]; masks: [k, tokens - 1], 0 outside.
     * out: [k, width], width = heads * head_width. */
    cs_status (*attention_regions)(cs_nn *nn, const cs_attention_size *size, int k, const float *qkv,
                                   const float *regions, const float *masks, float *out, cs_error *error);

    cs_status (*product)(cs_nn *nn, const cs_product *size, const float *a, const float *b, float *y, cs_error *error);
    cs_status (*blend)(cs_nn *nn, const cs_blend *size, const float *x, float *y, cs_error *error);

    /* In place, each row of x [rows, width] to length 1; rows of zeros stay. */
    cs_status (*unit_rows)(cs_nn *nn, int rows, int width, float *x, cs_error *error);

    /* Some columns. x: [rows, stride], y: [rows, width] = the columns from `first` on. */
    cs_status (*take)(cs_nn *nn, int rows, int stride, int first, int width, const float *x, float *y, cs_error *error);

    /* In place, per row of x [rows, width]. */
    cs_status (*softmax)(cs_nn *nn, int rows, int width, float *x, cs_error *error);

    /* Mean over height and width. x: [n, height, width, channels], y: [n, channels]. */
    cs_status (*global_mean)(cs_nn *nn, int n, int height, int width, int channels, const float *x, float *y,
                             cs_error *error);

    /* Mean over each side x side square of cells; what is left over at the right and the bottom is dropped.
     * x: [n, height, width, channels], y: [n, height / side, width / side, channels]. */
    cs_status (*mean_pool)(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x, float *y,
                           cs_error *error);

    /* Puts a first token before the cells of a map and adds positions. cells: [n, count, width]; first: [width], the
     * same for all, or [n, width] where per_sequence; positions: [1 + count, width]; y: [n, 1 + count, width]. */
    cs_status (*assemble)(cs_nn *nn, int n, int count, int width, const float *cells, const float *first,
                          int per_sequence, const float *positions, float *y, cs_error *error);

    /* The first token of each sequence. x: [n, tokens, width], y: [n, width]. */
    cs_status (*take_first)(cs_nn *nn, int n, int tokens, int width, const float *x, float *y, cs_error *error);

    /* Mean over the side x side cells around each cell (side odd), of those that exist. x, y: [n, height, width,
     * channels]. */
    cs_status (*local_mean)(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x, float *y,
                            cs_error *error);
} cs_nn_ops;

/* The table of that name; NULL takes the default ("onednn"). An unknown name is CS_ERR_ARGUMENT. */
cs_status cs_nn_find(const char *name, const cs_nn_ops **ops, cs_error *error);

/* "2.6.3"; size: of `text`. */
void cs_onednn_version(char *text, size_t size);

extern const cs_nn_ops cs_nn_reference;
extern const cs_nn_ops cs_nn_onednn;

#endif
