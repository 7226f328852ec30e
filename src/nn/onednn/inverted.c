/* Inverted residual blocks: expansion, depthwise convolution and projection of one piece after the other, so that the
 * expanded map, six times as large as the block's input, is never written to memory as a whole; each thread takes
 * pieces of its own. */
#include "nn/onednn/inverted.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/macs.h"
#include "nn/onednn/layer.h"

/* The plans that one piece needs; sizes of two pieces are mostly the same. */
typedef struct piece_plans {
    cs_plan *expand, *depthwise, *project;
} piece_plans;

/* What all pieces of a block share. */
typedef struct inverted_work {
    cs_nn *nn;
    const cs_inverted *block;
    const cs_conv_size *size;
    cs_pieces pieces;
    const float *x;
    float *y;
    piece_plans *plans;               /* [pieces.count] */
    size_t expanded, depthwise, room; /* floats that a thread needs: for the expanded piece, behind it, and in all */
    float *scratch;                   /* [threads, room] */
} inverted_work;

static cs_conv_size expand_size(const inverted_work *work, const cs_piece *piece) {
    return cs_conv_cells(piece->pictures, piece->valid_rows, work->size->width);
}

static cs_conv_size depthwise_size(const inverted_work *work, const cs_piece *piece) {
    const cs_conv_size *size = work->size;
    int whole = work->pieces.pictures > 0;
    return (cs_conv_size){piece->pictures, piece->in_rows, size->width,    piece->out_rows,
                          size->out_width, size->stride,   size->dilation, whole ? size->pad_top : 0,
                          size->pad_left};
}

static cs_conv_size project_size(const inverted_work *work, const cs_piece *piece) {
    return cs_conv_cells(piece->pictures, piece->out_rows, work->size->out_width);
}

/* Finds the plans of one piece; *made counts those that did not exist. */
static cs_status plan_piece(const inverted_work *work, const cs_piece *piece, piece_plans *plans, int *made,
                            cs_error *error) {
    const cs_inverted *block = work->block;
    const cs_conv_size sizes[] = {expand_size(work, piece), depthwise_size(work, piece), project_size(work, piece)};
    cs_layer *const layers[] = {block->expand, block->depthwise, block->project};
    cs_plan **const found[] = {&plans->expand, &plans->depthwise, &plans->project};
    for (int i = block->expand ? 0 : 1; i < 3; i++) {
        cs_status status = cs_layer_plan_alone(work->nn, layers[i], &sizes[i], found[i], made, error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}

/* A plan that is made may take the slot of another: only when all were found are they all there. */
static cs_status plan_pieces(inverted_work *work, cs_error *error) {
    int made;
    do {
        made = 0;
        for (int i = 0; i < work->pieces.count; i++) {
            cs_piece piece = cs_piece_at(&work->pieces, work->size, work->block->kernel, i);
            cs_status status = plan_piece(work, &piece, &work->plans[i], &made, error);
            if (status != CS_OK) return status;
        }
    } while (made > 0);
    return CS_OK;
}

/* The piece's part of the expanded map, zeros where it reaches beyond the map. Returns where it is. */
static const float *expand(const inverted_work *work, const cs_piece *piece, const piece_plans *plans, float *scratch,
                           dnnl_status_t *status) {
    size_t row = (size_t)work->size->width * (size_t)work->block->expanded;
    size_t in_row = (size_t)work->size->width * (size_t)work->block->in;
    const float *x =
        work->x + ((size_t)piece->picture * (size_t)work->size->height + (size_t)piece->valid_first) * in_row;
    if (work->pieces.pictures) {
        if (!plans->expand) return x;
        *status = cs_layer_execute_alone(work->nn, work->block->expand, plans->expand, x, scratch);
        return scratch;
    }
    size_t above = (size_t)(piece->valid_first - piece->in_first), valid = (size_t)piece->valid_rows;
    memset(scratch, 0, above * row * sizeof *scratch);
    memset(scratch + (above + valid) * row, 0, ((size_t)piece->in_rows - above - valid) * row * sizeof *scratch);
    if (plans->expand)
        *status = cs_layer_execute_alone(work->nn, work->block->expand, plans->expand, x, scratch + above * row);
    else
        memcpy(scratch + above * row, x, valid * row * sizeof *scratch);
    return scratch;
}

static dnnl_status_t run_piece(const inverted_work *work, int index, float *scratch) {
    const cs_inverted *block = work->block;
    const cs_piece piece = cs_piece_at(&work->pieces, work->size, block->kernel, index);
    const piece_plans *plans = &work->plans[index];
    size_t first = (size_t)piece.picture * (size_t)work->size->out_height + (size_t)piece.out_first;
    size_t cells_out = (size_t)piece.pictures * (size_t)piece.out_rows * (size_t)work->size->out_width;
    size_t start = first * (size_t)work->size->out_width * (size_t)block->out;
    float *behind = scratch + work->expanded;
    dnnl_status_t status = dnnl_success;
    const float *expanded = expand(work, &piece, plans, scratch, &status);
    if (status == dnnl_success)
        status = cs_layer_execute_alone(work->nn, block->depthwise, plans->depthwise, expanded, behind);
    if (status != dnnl_success) return status;
    /* the projection adds to what is there; input and output of such a block have the same shape */
    if (block->residual) memcpy(work->y + start, work->x + start, cells_out * (size_t)block->out * sizeof *work->y);
    return cs_layer_execute_alone(work->nn, block->project, plans->project, behind, work->y + start);
}

/* What two neighbours both need is done twice, and counts twice. */
static double piece_macs(const inverted_work *work, int index) {
    const cs_inverted *block = work->block;
    const cs_piece piece = cs_piece_at(&work->pieces, work->size, block->kernel, index);
    const cs_conv_size before = expand_size(work, &piece), depthwise = depthwise_size(work, &piece);
    const cs_conv_size after = project_size(work, &piece);
    double macs = cs_conv_macs(&block->depthwise->spec, &depthwise) + cs_conv_macs(&block->project->spec, &after);
    return block->expand ? macs + cs_conv_macs(&block->expand->spec, &before) : macs;
}

static cs_status run_pieces(const inverted_work *work, cs_error *error) {
    dnnl_status_t status = dnnl_success;
    for (int i = 0; i < work->pieces.count; i++)
        work->nn->macs += piece_macs(work, i);
#pragma omp parallel for num_threads(work->nn->threads) schedule(dynamic)
    for (int i = 0; i < work->pieces.count; i++) {
        dnnl_status_t one = run_piece(work, i, work->scratch + (size_t)omp_get_thread_num() * work->room);
        if (one != dnnl_success) {
#pragma omp atomic write
            status = one;
        }
    }
    return status == dnnl_success ? CS_OK : cs_onednn_fail(error, status, "a run of a block");
}

static void measure(inverted_work *work) {
    const cs_piece largest = cs_piece_at(&work->pieces, work->size, work->block->kernel, 0);
    const size_t channels = (size_t)work->block->expanded, step = 16; /* floats of a cache line */
    size_t in = (size_t)largest.pictures * (size_t)largest.in_rows * (size_t)work->size->width * channels;
    size_t out = (size_t)largest.pictures * (size_t)largest.out_rows * (size_t)work->size->out_width * channels;
    work->expanded = (in + step - 1) / step * step;
    work->room = (work->expanded + out + step - 1) / step * step;
}

static cs_status run_cut(inverted_work *work, cs_error *error) {
    measure(work);
    size_t size = (size_t)work->nn->threads * work->room * sizeof(float);
    cs_status status = cs_onednn_reserve(&work->nn->block, &work->nn->block_size, size, error);
    if (status != CS_OK) return status;
    work->scratch = work->nn->block;
    work->plans = cs_alloc_zero((size_t)work->pieces.count, sizeof *work->plans);
    if (!work->plans) return cs_fail_memory(error, "a block");
    status = plan_pieces(work, error);
    if (status == CS_OK) status = run_pieces(work, error);
    free(work->plans);
    return status;
}

/* One layer after the other. */
static cs_status run_whole(cs_nn *nn, const cs_inverted *block, const cs_conv_size *size, const float *x, float *y,
                           cs_error *error) {
    size_t in = (size_t)size->n * (size_t)size->height * (size_t)size->width;
    size_t out = (size_t)size->n * (size_t)size->out_height * (size_t)size->out_width;
    size_t expanded = (in * (size_t)block->expanded + 15) / 16 * 16;
    const cs_conv_size before = cs_conv_cells(size->n, size->height, size->width);
    const cs_conv_size after = cs_conv_cells(size->n, size->out_height, size->out_width);
    cs_status status = cs_onednn_reserve(&nn->block, &nn->block_size,
                                         (expanded + out * (size_t)block->expanded) * sizeof(float), error);
    if (status != CS_OK) return status;
    float *behind = (float *)nn->block + expanded;
    if (block->expand) status = cs_onednn_run_conv(nn, block->expand, &before, x, nn->block, error);
    if (status == CS_OK)
        status = cs_onednn_run_conv(nn, block->depthwise, size, block->expand ? nn->block : x, behind, error);
    if (status == CS_OK && block->residual) memcpy(y, x, out * (size_t)block->out * sizeof *y);
    return status == CS_OK ? cs_onednn_run_conv(nn, block->project, &after, behind, y, error) : status;
}

static int is_f32(const cs_inverted *block) {
    return (!block->expand || block->expand->precision == CS_PRECISION_FP32) &&
           block->project->precision == CS_PRECISION_FP32;
}

cs_status cs_onednn_run_inverted(cs_nn *nn, const cs_inverted *block, const cs_conv_size *size, const float *x,
                                 float *y, cs_error *error) {
    inverted_work work = {.nn = nn, .block = block, .size = size, .x = x, .y = y};
    if (size->n == 0) return CS_OK;
    work.pieces = cs_pieces_of(size, block->kernel, block->expanded, nn->threads);
    if (work.pieces.count == 0 || !is_f32(block)) return run_whole(nn, block, size, x, y, error);
    int saved = cs_onednn_enter(nn);
    cs_status status = run_cut(&work, error);
    cs_onednn_leave(saved);
    return status;
}
