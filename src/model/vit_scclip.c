/* SC-CLIP's reading of the last block. Source: Bai et al., "Self-Calibrated CLIP for Training-Free Open-Vocabulary
 * Segmentation" (2024), as its published code computes it. With N = 12 blocks, x_b the patches' states behind block b:
 *
 *   O   = the outliers of x_11 (outliers.h); r(x) = x with them replaced by their neighbours' mean
 *   S   = cosines of r(x_9) among themselves;     A  = S, values under 0.4 set to 0, rows divided by their sum + 1e-6
 *   E   = cosines of x_4 among themselves;        B  = E made the same way
 *   W   = softmax(3 (S - mean S)), negative differences left out
 *   f(x) = (softmax(k k^T / sqrt d) + W) / 2 v through the last block's output layer, per head, patches alone
 *   y   = B (f(A r(x_11)) + 0.3 c_11) + B (f(x_4 + .. + x_10) + 0.3 (c_4 + .. + c_10)),  c_b: the class token's state
 *
 * y then takes the last layernorm and the projection. Other depths use the blocks nearest to the same twelfths. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/outliers.h"
#include "model/vit_internal.h"

/* Slots of dense_workspace; vit_dense.c has the first two. */
enum { SLOT_MIDDLE = 2, SLOT_EARLY, SLOT_SUM, SLOT_CELLS, SLOT_ATTENTION, SLOT_MIXED };

/* The published settings. */
enum { EARLY_BLOCK = 4, SUM_FIRST = 4, SUM_LAST = 10 };
static const float least_cosine = 0.4f, sharpness = 3.0f, class_share = 0.3f;

/* Leaves a place out of a softmax. */
static const float left_out = -1e30f;

/* What a pass holds, all device but for the last two. */
typedef struct pass {
    cs_vit *net;
    const cs_patch_grid *grid;
    float *states;            /* [1 + count, width], behind the last but one block */
    float *middle, *early;    /* [count, width] */
    float *sum;               /* [1 + count, width] */
    float *cells, *attention; /* [count, count] */
    float *mixed;             /* [count, width] */
    float *host;              /* [count, count or width, whichever is more] */
    unsigned char *outliers;  /* [count] */
} pass;

static int block_at(const cs_vit *net, int twelfths) {
    int block = (twelfths * net->config.layers + 6) / 12;
    return block < net->config.layers ? block : net->config.layers - 1;
}

static cs_status get_buffers(pass *p, cs_error *error) {
    size_t count = (size_t)p->grid->count, width = (size_t)p->net->config.width;
    const size_t sizes[] = {count * width, count * width, (count + 1) * width,
                            count * count, count * count, count * width};
    float **const buffers[] = {&p->middle, &p->early, &p->sum, &p->cells, &p->attention, &p->mixed};
    for (int i = 0; i < 6; i++) {
        cs_status status = cs_workspace_get(&p->net->dense_workspace, SLOT_MIDDLE + i, sizes[i], buffers[i], error);
        if (status != CS_OK) return status;
    }
    p->host = cs_alloc(count, (count > width ? count : width) * sizeof *p->host);
    p->outliers = cs_alloc(count, 1);
    return p->host && p->outliers ? CS_OK : cs_fail_memory(error, "a dense map");
}

/* to = keep * to + factor * from, for `rows` rows of the states' width; where x_rows is 1, one row of `from` serves
 * all. */
static cs_status blend(const pass *p, int rows, int x_rows, float keep, float factor, const float *from, float *to,
                       cs_error *error) {
    const cs_blend size = {rows, p->net->config.width, x_rows, keep, factor};
    return p->net->ops->blend(p->net->nn, &size, from, to, error);
}

/* Takes from the states behind `block` what is needed later. */
static cs_status visit(const pass *p, int block, cs_features *features, cs_error *error) {
    const cs_vit *net = p->net;
    int count = p->grid->count, first = block_at(net, SUM_FIRST), last = block_at(net, SUM_LAST);
    const float *patches = p->states + net->config.width;
    cs_status status = CS_OK;
    if (block == cs_vit_middle_block(net)) status = blend(p, count, count, 0, 1, patches, p->middle, error);
    if (status == CS_OK && block == block_at(net, EARLY_BLOCK))
        status = blend(p, count, count, 0, 1, patches, p->early, error);
    if (status == CS_OK && block >= first && block <= last)
        status = blend(p, count + 1, count + 1, block > first ? 1 : 0, 1, p->states, p->sum, error);
    if (status == CS_OK && features && block == cs_vit_middle_block(net))
        status = cs_vit_keep_features(p->net, p->grid, p->states, features, error);
    return status;
}

static cs_status run_blocks(const pass *p, cs_features *features, cs_error *error) {
    cs_status status = visit(p, 0, features, error);
    for (int block = 1; status == CS_OK && block < p->net->config.layers; block++) {
        status = cs_transformer_run_blocks(p->net->transformer, block - 1, 1, 1, p->grid->count + 1, p->states, error);
        if (status == CS_OK) status = visit(p, block, features, error);
    }
    return status;
}

/* Products of cells with one another, into p->cells and on to p->host. */
static cs_status compare_cells(const pass *p, const float *cells, cs_error *error) {
    int count = p->grid->count;
    const cs_product size = {count, p->net->config.width, count, 1, 1, 0};
    cs_status status = p->net->ops->product(p->net->nn, &size, cells, cells, p->cells, error);
    if (status == CS_OK) p->net->ops->download(p->net->nn, p->host, p->cells, (size_t)count * (size_t)count);
    return status;
}

static void replace_in(const pass *p, float *cells) {
    size_t count = (size_t)p->grid->count * (size_t)p->net->config.width;
    p->net->ops->download(p->net->nn, p->host, cells, count);
    cs_replace_outliers(p->grid->rows, p->grid->cols, p->net->config.width, p->outliers, p->host);
    p->net->ops->upload(p->net->nn, cells, p->host, count);
}

/* Finds the outliers of the last states, and replaces them there and in the middle's. */
static cs_status calm(const pass *p, cs_error *error) {
    int count = p->grid->count;
    if (count < 3) return CS_OK; /* too few to say what is common */
    float *patches = p->states + p->net->config.width, *factors = cs_alloc((size_t)count, sizeof *factors);
    cs_status status = factors ? compare_cells(p, patches, error) : cs_fail_memory(error, "outliers of a map");
    if (status == CS_OK) status = cs_outlier_factors(p->host, count, factors, error);
    if (status == CS_OK) status = cs_outliers(factors, count, p->outliers, error);
    free(factors);
    if (status != CS_OK) return status;
    replace_in(p, patches);
    replace_in(p, p->middle);
    return CS_OK;
}

/* Cosines in p->host to shares by which cells are mixed, into p->cells. */
static void make_shares(const pass *p) {
    size_t count = (size_t)p->grid->count;
    for (size_t r = 0; r < count; r++) {
        float *row = p->host + r * count;
        double sum = 1e-6;
        for (size_t i = 0; i < count; i++) {
            if (row[i] < least_cosine) row[i] = 0;
            sum += row[i];
        }
        float scale = (float)(1 / sum);
        for (size_t i = 0; i < count; i++)
            row[i] *= scale;
    }
    p->net->ops->upload(p->net->nn, p->cells, p->host, count * count);
}

/* Cosines in p->host to attention weights, into p->attention. */
static cs_status make_attention(const pass *p, cs_error *error) {
    int count = p->grid->count;
    size_t all = (size_t)count * (size_t)count;
    float *scores = cs_alloc(all, sizeof *scores);
    if (!scores) return cs_fail_memory(error, "a dense map");
    double mean = 0;
    for (size_t i = 0; i < all; i++)
        mean += p->host[i];
    float least = (float)(mean / (double)all);
    for (size_t i = 0; i < all; i++)
        scores[i] = p->host[i] >= least ? sharpness * (p->host[i] - least) : left_out;
    p->net->ops->upload(p->net->nn, p->attention, scores, all);
    free(scores);
    return p->net->ops->softmax(p->net->nn, count, count, p->attention, error);
}

/* Mixes cells by the shares in p->cells. */
static cs_status mix(const pass *p, const float *cells, float *out, cs_error *error) {
    const cs_product size = {p->grid->count, p->grid->count, p->net->config.width, 0, 1, 0};
    return p->net->ops->product(p->net->nn, &size, p->cells, cells, out, error);
}

/* Adds f(cells) + 0.3 c to p->middle, which nobody needs any more; `keep` 0 begins. */
static cs_status add_reading(const pass *p, float keep, const float *cells, const float *class_state, cs_error *error) {
    const cs_last_attention how = {.pairing = CS_PAIR_KEY_KEY, .weights = p->attention};
    cs_status status = blend(p, p->grid->count, 1, keep, class_share, class_state, p->middle, error);
    if (status != CS_OK) return status;
    return cs_transformer_attend_last(p->net->transformer, &how, p->grid->count, cells, p->middle, error);
}

static cs_status cosines(const pass *p, float *cells, cs_error *error) {
    cs_status status = p->net->ops->unit_rows(p->net->nn, p->grid->count, p->net->config.width, cells, error);
    return status == CS_OK ? compare_cells(p, cells, error) : status;
}

static cs_status read_last(const pass *p, float *out, cs_error *error) {
    int width = p->net->config.width;
    cs_status status = calm(p, error);
    if (status == CS_OK) status = cosines(p, p->middle, error);
    if (status == CS_OK) status = make_attention(p, error);
    if (status != CS_OK) return status;
    make_shares(p);
    status = mix(p, p->states + width, p->mixed, error);
    if (status == CS_OK) status = add_reading(p, 0, p->mixed, p->states, error);
    if (status == CS_OK) status = add_reading(p, 1, p->sum + width, p->sum, error);
    if (status == CS_OK) status = cosines(p, p->early, error);
    if (status != CS_OK) return status;
    make_shares(p);
    return mix(p, p->middle, out, error);
}

cs_status cs_vit_scclip(cs_vit *net, const cs_patch_grid *grid, float *states, cs_features *features, float *out,
                        cs_error *error) {
    pass p = {.net = net, .grid = grid};
    p.states = states;
    cs_status status = get_buffers(&p, error);
    if (status == CS_OK) status = run_blocks(&p, features, error);
    if (status == CS_OK) status = read_last(&p, out, error);
    free(p.host);
    free(p.outliers);
    return status;
}
