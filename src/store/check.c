#include "store/check.h"

#include <math.h>

#include "base/error.h"

enum { ROWS_BYTES_MOST = 500000000 };

/* How far a squared length may be from 1: int8 and bf16 models round before they normalise, nobody rounds that much. */
static const double LENGTH_SLACK = 1e-3;

cs_status cs_check_model(const char *where, const cs_store_model *model, cs_error *error) {
    if (!model->weights_id || !*model->weights_id)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: the model has no weights_id", where);
    if (model->dim < 1 || model->dim > CS_STORE_DIM_MOST)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: embeddings of 1 to %d numbers expected, found %d", where,
                       CS_STORE_DIM_MOST, model->dim);
    return CS_OK;
}

static cs_status check_path(const char *path, cs_error *error) {
    if (!path) return cs_fail(error, CS_ERR_ARGUMENT, "a photograph's path is NULL");
    if (path[0] != '/') return cs_fail(error, CS_ERR_ARGUMENT, "%s: expected an absolute path", path);
    return CS_OK;
}

cs_status cs_check_paths(const char *const *paths, size_t n, cs_error *error) {
    cs_status status = CS_OK;
    if (n > 0 && !paths) return cs_fail(error, CS_ERR_ARGUMENT, "no paths given");
    for (size_t i = 0; i < n && status == CS_OK; i++)
        status = check_path(paths[i], error);
    return status;
}

cs_status cs_check_photo_paths(const cs_store_photo *photos, size_t n, cs_error *error) {
    cs_status status = CS_OK;
    if (n > 0 && !photos) return cs_fail(error, CS_ERR_ARGUMENT, "no photographs given");
    for (size_t i = 0; i < n && status == CS_OK; i++)
        status = check_path(photos[i].path, error);
    return status;
}

/* False for NaN and infinity, too. */
static int is_unit(const float *embedding, int dim) {
    double sum = 0;
    for (int i = 0; i < dim; i++)
        sum += (double)embedding[i] * (double)embedding[i];
    return fabs(sum - 1) <= LENGTH_SLACK;
}

static cs_status check_photo(const cs_store_photo *photo, int dim, cs_error *error) {
    const char *path = photo->path;
    if (photo->problem) {
        if (photo->rows == 0) return CS_OK;
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: a problem and embeddings exclude each other", path);
    }
    if (photo->rows == 0 || !photo->boxes || !photo->embeddings)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: expected embeddings with their boxes, or a problem", path);
    if (photo->width < 1 || photo->height < 1)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: width and height have to be positive", path);
    if (photo->rows > ROWS_BYTES_MOST / ((size_t)dim * sizeof(float)))
        return cs_fail(error, CS_ERR_LIMIT,
                       "%s: %zu embeddings of %d numbers are more than a store takes of one "
                       "photograph",
                       path, photo->rows, dim);
    for (size_t i = 0; i < photo->rows; i++)
        if (!is_unit(photo->embeddings + i * (size_t)dim, dim))
            return cs_fail(error, CS_ERR_ARGUMENT, "%s: embedding %zu is not of unit length", path, i);
    return CS_OK;
}

cs_status cs_check_photos(const cs_store_photo *photos, size_t n, int dim, cs_error *error) {
    cs_status status = cs_check_photo_paths(photos, n, error);
    for (size_t i = 0; i < n && status == CS_OK; i++)
        status = check_photo(&photos[i], dim, error);
    return status;
}

cs_status cs_check_queries(const cs_query *queries, size_t n, int dim, cs_error *error) {
    int positive = 0;
    if (n == 0 || !queries) return cs_fail(error, CS_ERR_ARGUMENT, "search: nothing is searched for");
    if (n > CS_SEARCH_QUERIES_MOST)
        return cs_fail(error, CS_ERR_LIMIT, "search: expected at most %d things to search for, found %zu",
                       CS_SEARCH_QUERIES_MOST, n);
    for (size_t i = 0; i < n; i++) {
        if (!queries[i].embedding || !is_unit(queries[i].embedding, dim))
            return cs_fail(error, CS_ERR_ARGUMENT, "search: embedding %zu is not of unit length", i);
        if (!isfinite(queries[i].weight))
            return cs_fail(error, CS_ERR_ARGUMENT, "search: weight %zu is not a number", i);
        positive |= queries[i].weight > 0;
    }
    if (!positive) return cs_fail(error, CS_ERR_ARGUMENT, "search: no weight is positive");
    return CS_OK;
}
