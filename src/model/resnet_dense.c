/* A modified ResNet read at every cell of its last map: the value and the output layer of its attention pool, applied
 * to each cell by itself, without position embeddings. Source: Zhou, Loy and Dai, "Extract Free Dense Labels from CLIP"
 * (MaskCLIP, 2022). */
#include <stdlib.h>

#include "model/dense_scores.h"
#include "model/resnet_internal.h"

void cs_resnet_dense_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols) {
    (void)coarse; /* there is one grid only */
    *rows = height / encoder->dense_step;
    *cols = width / encoder->dense_step;
}

/* *embeddings: device, [cells, dim], of any length. */
static cs_status embed_cells(cs_resnet *net, const cs_resnet_map *map, float **embeddings, cs_error *error) {
    int cells = map->height * map->width, width = map->channels;
    size_t count = (size_t)cells * (size_t)width;
    cs_workspace *workspace = &net->pool_workspace;
    float *qkv, *values;
    cs_status status = cs_workspace_get(workspace, CS_POOL_QKV, 3 * count, &qkv, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_VALUES, count, &values, error);
    if (status == CS_OK)
        status = cs_workspace_get(workspace, CS_POOL_OUT, (size_t)cells * (size_t)net->base.dim, embeddings, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.qkv, cells, map->data, qkv, error);
    if (status == CS_OK) status = net->ops->take(net->nn, cells, 3 * width, 2 * width, width, qkv, values, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.out, cells, values, *embeddings, error);
    return status;
}

cs_status cs_resnet_dense(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n, float *out,
                          cs_features *features, cs_error *error) {
    cs_resnet *net = (cs_resnet *)encoder;
    cs_features middle = {0};
    cs_resnet_map map;
    float *embeddings;
    cs_status status = cs_dense_check(encoder, input, NULL, error);
    if (status == CS_OK)
        status = cs_resnet_run(net, input->picture, 1, input->height, input->width, &map,
                               features && !input->coarse ? &middle : NULL, error);
    if (status == CS_OK) status = embed_cells(net, &map, &embeddings, error);
    if (status == CS_OK) {
        const cs_cells cells = {map.height, map.width, encoder->dim, embeddings};
        status = cs_score_cells(&net->score_workspace, &cells, input, texts, n, out, error);
    }
    if (status == CS_OK && features) {
        *features = middle;
    } else {
        free(middle.data);
    }
    return status;
}
