/* A vision transformer read at every patch. All variants run the blocks before the last as they are; the last, whose
 * attention gathers what the class token needs, is changed so that patches keep their own meaning.
 *
 * - maskclip: each token sees itself alone, so that its value takes the place of the attention's mixture; residual
 *   connection and second half as usual. Zhou, Loy and Dai, "Extract Free Dense Labels from CLIP" (2022).
 * - clearclip: queries compared with queries; neither residual connection nor second half. Lan et al., "ClearCLIP"
 *   (2024).
 * - naclip: keys compared with keys, with a bias for near patches; neither residual connection nor second half.
 * Hajimiri, Ben Ayed and Dolz, "Pay Attention to Your Neighbours" (2024).
 * - sc-clip: vit_scclip.c. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/dense_scores.h"
#include "model/vit_internal.h"

/* Slots of dense_workspace; vit_scclip.c has the others. */
enum { SLOT_RESULT, SLOT_BIAS };

/* Standard deviation of naclip's window, in patches. */
#define NEAR 5.0

void cs_vit_dense_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols) {
    (void)coarse; /* there is one grid only */
    *rows = height / encoder->dense_step;
    *cols = width / encoder->dense_step;
}

/* Nine twelfths of the way: where SC-CLIP looks for what is alike. */
int cs_vit_middle_block(const cs_vit *net) {
    int block = (9 * net->config.layers + 6) / 12;
    return block < net->config.layers ? block : net->config.layers - 1;
}

cs_status cs_vit_keep_features(cs_vit *net, const cs_patch_grid *grid, const float *states, cs_features *features,
                               cs_error *error) {
    size_t count = (size_t)grid->count * (size_t)net->config.width;
    float *data = cs_alloc(count, sizeof *data);
    if (!data) return cs_fail_memory(error, "features");
    net->ops->download(net->nn, data, states + net->config.width, count);
    *features = (cs_features){grid->rows, grid->cols, net->config.width, data};
    return CS_OK;
}

/* exp(-d^2 / (2 s^2)) for the distances 0 .. count - 1 along one side. */
static void near_along(int count, float *weights) {
    for (int d = 0; d < count; d++)
        weights[d] = (float)exp(-(double)d * d / (2 * NEAR * NEAR));
}

/* bias: [1 + count, 1 + count]; the class token is near to nothing. */
static void fill_bias(const cs_patch_grid *grid, const float *down, const float *across, float *bias) {
    for (int t = 0; t <= grid->count; t++)
        *bias++ = 0;
    for (int row = 0; row < grid->rows; row++) {
        for (int col = 0; col < grid->cols; col++) {
            *bias++ = 0;
            for (int r = 0; r < grid->rows; r++)
                for (int c = 0; c < grid->cols; c++)
                    *bias++ = down[abs(r - row)] * across[abs(c - col)];
        }
    }
}

/* naclip's bias on the device. */
static cs_status make_bias(cs_vit *net, const cs_patch_grid *grid, float **bias, cs_error *error) {
    size_t tokens = (size_t)grid->count + 1;
    cs_status status = cs_workspace_get(&net->dense_workspace, SLOT_BIAS, tokens * tokens, bias, error);
    if (status != CS_OK) return status;
    float *host = cs_alloc(tokens, tokens * sizeof *host);
    float *down = cs_alloc((size_t)grid->rows, sizeof *down), *across = cs_alloc((size_t)grid->cols, sizeof *across);
    if (host && down && across) {
        near_along(grid->rows, down);
        near_along(grid->cols, across);
        fill_bias(grid, down, across, host);
        net->ops->upload(net->nn, *bias, host, tokens * tokens);
    } else {
        status = cs_fail_memory(error, "the window of a dense map");
    }
    free(host);
    free(down);
    free(across);
    return status;
}

/* The attention alone, of pairs of like kind. out: [count, width]. */
static cs_status attend_alike(cs_vit *net, const cs_patch_grid *grid, cs_vit_variant variant, const float *states,
                              float *out, cs_error *error) {
    const cs_blend zero = {grid->count, net->config.width, grid->count, 0, 0};
    cs_last_attention how = {.pairing = CS_PAIR_QUERY_QUERY, .skip = 1};
    cs_status status = net->ops->blend(net->nn, &zero, states, out, error);
    if (status == CS_OK && variant == CS_VIT_NACLIP) {
        float *bias = NULL;
        how.pairing = CS_PAIR_KEY_KEY;
        status = make_bias(net, grid, &bias, error);
        how.bias = bias;
    }
    if (status != CS_OK) return status;
    return cs_transformer_attend_last(net->transformer, &how, grid->count + 1, states, out, error);
}

/* Runs all blocks. *result: device, [count, width]; it is in `states` or in `out`. */
static cs_status run_plainly(cs_vit *net, const cs_patch_grid *grid, cs_vit_variant variant, float *states,
                             cs_features *features, float *out, float **result, cs_error *error) {
    int tokens = grid->count + 1, middle = cs_vit_middle_block(net), last = net->config.layers - 1;
    float *patches = states + net->config.width;
    cs_status status = cs_transformer_run_blocks(net->transformer, 0, middle, 1, tokens, states, error);
    if (status == CS_OK && features) status = cs_vit_keep_features(net, grid, states, features, error);
    if (status == CS_OK)
        status = cs_transformer_run_blocks(net->transformer, middle, last - middle, 1, tokens, states, error);
    if (status != CS_OK) return status;
    *result = variant == CS_VIT_MASKCLIP ? patches : out;
    if (variant == CS_VIT_MASKCLIP) return cs_transformer_values_last(net->transformer, grid->count, patches, error);
    return attend_alike(net, grid, variant, states, out, error);
}

/* Embeddings of all patches: device, [count, dim], of any length. */
static cs_status embed_cells(cs_vit *net, const cs_dense_input *input, cs_vit_variant variant, cs_features *features,
                             float **embeddings, cs_error *error) {
    const cs_patch_grid grid = cs_vit_grid(net, input->height, input->width);
    size_t count = (size_t)grid.count * (size_t)net->config.width;
    float *states, *out, *result;
    cs_status status = cs_vit_embed(net, input->picture, 1, input->height, input->width, &states, error);
    if (status == CS_OK) status = cs_workspace_get(&net->dense_workspace, SLOT_RESULT, count, &out, error);
    if (status != CS_OK) return status;
    result = out;
    status = variant == CS_VIT_SCCLIP ? cs_vit_scclip(net, &grid, states, features, out, error)
                                      : run_plainly(net, &grid, variant, states, features, out, &result, error);
    return status == CS_OK ? cs_vit_project(net, grid.count, result, embeddings, error) : status;
}

cs_status cs_vit_dense(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n, float *out,
                       cs_features *features, cs_error *error) {
    cs_vit *net = (cs_vit *)encoder;
    cs_features middle = {0};
    int variant;
    float *embeddings;
    cs_status status = cs_dense_check(encoder, input, &variant, error);
    if (status != CS_OK) return status;
    status = embed_cells(net, input, (cs_vit_variant)variant, features && !input->coarse ? &middle : NULL, &embeddings,
                         error);
    if (status == CS_OK) {
        const cs_patch_grid grid = cs_vit_grid(net, input->height, input->width);
        const cs_cells cells = {grid.rows, grid.cols, encoder->dim, embeddings};
        status = cs_score_cells(&net->score_workspace, &cells, input, texts, n, out, error);
    }
    if (status == CS_OK && features) {
        *features = middle;
    } else {
        free(middle.data);
    }
    return status;
}
