/* Embeddings of regions of one picture: copies of the class token, each of which sees only its region. A region of all
 * patches gives the picture's own embedding. */
#include "model/masks.h"
#include "model/unit.h"
#include "model/vit_internal.h"

/* Slots of dense_workspace, which no dense pass needs at the same time. */
enum { SLOT_REGIONS, SLOT_MASKS };

/* states: device, [1 + count, width], before the first block. out: host, [k, dim]. */
static cs_status run_regions(cs_vit *net, int count, float *states, const unsigned char *masks, int k, float *out,
                             cs_error *error) {
    const cs_blend copies = {k, net->config.width, 1, 0, 1};
    float *regions, *device_masks, *embeddings;
    cs_status status =
        cs_workspace_get(&net->dense_workspace, SLOT_REGIONS, (size_t)k * (size_t)net->config.width, &regions, error);
    if (status == CS_OK)
        status = cs_masks_upload(&net->dense_workspace, SLOT_MASKS, masks, k, (size_t)count, 0, &device_masks, error);
    if (status == CS_OK) status = net->ops->blend(net->nn, &copies, states, regions, error);
    if (status == CS_OK)
        status = cs_transformer_run_regions(net->transformer, count + 1, states, k, device_masks, regions, error);
    if (status == CS_OK) status = cs_vit_project(net, k, regions, &embeddings, error);
    if (status == CS_OK) net->ops->download(net->nn, out, embeddings, (size_t)k * (size_t)net->base.dim);
    return status;
}

cs_status cs_vit_regions(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks, int k,
                         float *out, cs_error *error) {
    cs_vit *net = (cs_vit *)encoder;
    const cs_dense_input plain = {.height = input->height, .width = input->width};
    const cs_patch_grid grid = cs_vit_grid(net, input->height, input->width);
    float *states;
    cs_status status = cs_dense_check(encoder, &plain, NULL, error);
    if (status == CS_OK) status = cs_masks_check(masks, k, (size_t)grid.count, error);
    if (status == CS_OK) status = cs_vit_embed(net, input->picture, 1, input->height, input->width, &states, error);
    if (status == CS_OK) status = run_regions(net, grid.count, states, masks, k, out, error);
    if (status == CS_OK) cs_to_unit_length(out, (size_t)k, (size_t)encoder->dim);
    return status;
}
