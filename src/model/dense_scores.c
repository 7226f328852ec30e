#include "model/dense_scores.h"

enum { SLOT_TEXTS, SLOT_MEANS, SLOT_SCORES };

/* Unit vectors of the means over `side` x `side` cells. */
static cs_status unit_means(cs_workspace *workspace, const cs_cells *cells, int side, float *means, cs_error *error) {
    int count = cells->rows * cells->cols;
    const cs_blend copy = {count, cells->dim, count, 0, 1};
    cs_status status = side > 1 ? workspace->ops->local_mean(workspace->nn, 1, cells->rows, cells->cols, cells->dim,
                                                             side, cells->embeddings, means, error)
                                : workspace->ops->blend(workspace->nn, &copy, cells->embeddings, means, error);
    if (status != CS_OK) return status;
    return workspace->ops->unit_rows(workspace->nn, count, cells->dim, means, error);
}

static cs_status score_sides(cs_workspace *workspace, const cs_cells *cells, const cs_dense_input *input, int n,
                             const float *texts, float *means, float *scores, cs_error *error) {
    int sides = input->side_count > 0 ? input->side_count : 1;
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < sides; i++) {
        const cs_product size = {n, cells->dim, cells->rows * cells->cols, 1, 1.0f / (float)sides, i > 0 ? 1.0f : 0};
        status = unit_means(workspace, cells, input->side_count > 0 ? input->sides[i] : 1, means, error);
        if (status == CS_OK) status = workspace->ops->product(workspace->nn, &size, texts, means, scores, error);
    }
    return status;
}

cs_status cs_score_cells(cs_workspace *workspace, const cs_cells *cells, const cs_dense_input *input,
                         const float *texts, int n, float *out, cs_error *error) {
    size_t count = (size_t)cells->rows * (size_t)cells->cols, dim = (size_t)cells->dim;
    float *device_texts, *means, *scores;
    cs_status status = cs_workspace_get(workspace, SLOT_TEXTS, (size_t)n * dim, &device_texts, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, SLOT_MEANS, count * dim, &means, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, SLOT_SCORES, (size_t)n * count, &scores, error);
    if (status != CS_OK) return status;
    workspace->ops->upload(workspace->nn, device_texts, texts, (size_t)n * dim);
    status = score_sides(workspace, cells, input, n, device_texts, means, scores, error);
    if (status == CS_OK) workspace->ops->download(workspace->nn, out, scores, (size_t)n * count);
    return status;
}
