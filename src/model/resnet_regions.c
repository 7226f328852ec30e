/* Embeddings of regions of one picture by a modified ResNet: the attention pool as it is, but the query is the mean of
 * the region's cells, and it sees itself and those cells only. A region of all cells gives the picture's own embedding.
 * The pool's form of what Li et al., "Adapting CLIP For Phrase Localization Without Further Training" (2022), do with
 * the vision transformer's class token; for ResNets they take the mean of the dense embeddings instead. */
#include "model/masks.h"
#include "model/resnet_internal.h"
#include "model/unit.h"

/* Means of the regions with the first position added, and their queries, keys and values: *qkv, device, [k, 3
 * channels]. *shares: device, [k, cells], what each cell gives to the mean. */
static cs_status make_queries(cs_resnet *net, const cs_resnet_map *map, const unsigned char *masks, int k,
                              float **shares, float **qkv, cs_error *error) {
    int cells = map->height * map->width, width = map->channels;
    const cs_product means = {k, cells, width, 0, 1, 0};
    const cs_blend first_position = {k, width, 1, 1, 1};
    size_t count = (size_t)k * (size_t)width;
    float *regions;
    cs_workspace *workspace = &net->pool_workspace;
    cs_status status = cs_masks_upload(workspace, CS_POOL_MASKS, masks, k, (size_t)cells, 1, shares, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_REGIONS, count, &regions, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_REGION_QKV, 3 * count, qkv, error);
    if (status == CS_OK) status = net->ops->product(net->nn, &means, *shares, map->data, regions, error);
    if (status == CS_OK) status = net->ops->blend(net->nn, &first_position, net->layers.positions, regions, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.qkv, k, regions, *qkv, error);
    return status;
}

/* Queries, keys and values of the map's cells behind one token that nobody sees. */
static cs_status make_cells(cs_resnet *net, const cs_resnet_map *map, float **qkv, cs_error *error) {
    int tokens = map->height * map->width + 1;
    float *states;
    cs_status status = cs_resnet_tokens(net, map, map->data, &states, error);
    if (status == CS_OK)
        status =
            cs_workspace_get(&net->pool_workspace, CS_POOL_QKV, (size_t)tokens * 3 * (size_t)map->channels, qkv, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.qkv, tokens, states, *qkv, error);
    return status;
}

/* out: host, [k, dim], of any length. */
static cs_status pool_regions(cs_resnet *net, const cs_resnet_map *map, const unsigned char *masks, int k, float *out,
                              cs_error *error) {
    int cells = map->height * map->width, width = map->channels;
    const cs_attention_size size = {1, cells + 1, width / CS_POOL_HEAD_WIDTH, CS_POOL_HEAD_WIDTH, 0, 0};
    size_t embeddings = (size_t)k * (size_t)net->base.dim;
    cs_workspace *workspace = &net->pool_workspace;
    float *shares, *queries, *qkv, *mixed, *projected;
    cs_status status = make_queries(net, map, masks, k, &shares, &queries, error);
    if (status == CS_OK) status = make_cells(net, map, &qkv, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_VALUES, (size_t)k * (size_t)width, &mixed, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_OUT, embeddings, &projected, error);
    if (status == CS_OK) status = net->ops->attention_regions(net->nn, &size, k, qkv, queries, shares, mixed, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.out, k, mixed, projected, error);
    if (status == CS_OK) net->ops->download(net->nn, out, projected, embeddings);
    return status;
}

cs_status cs_resnet_regions(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks, int k,
                            float *out, cs_error *error) {
    cs_resnet *net = (cs_resnet *)encoder;
    const cs_dense_input plain = {.height = input->height, .width = input->width};
    size_t cells = (size_t)(input->height / CS_RESNET_STEP) * (size_t)(input->width / CS_RESNET_STEP);
    cs_resnet_map map;
    cs_status status = cs_dense_check(encoder, &plain, NULL, error);
    if (status == CS_OK) status = cs_masks_check(masks, k, cells, error);
    if (status == CS_OK) status = cs_resnet_run(net, input->picture, 1, input->height, input->width, &map, NULL, error);
    if (status == CS_OK) status = pool_regions(net, &map, masks, k, out, error);
    if (status == CS_OK) cs_to_unit_length(out, (size_t)k, (size_t)encoder->dim);
    return status;
}
