#include "model/series.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/model.h"

struct cs_batch {
    cs_model *model;
    size_t count;
    cs_series **places; /* [most], of whom the picture is */
    float *pictures;    /* [most, image_size, image_size, 3] */
    float *embeddings;  /* [most, dim] */
};

static size_t picture_size(const cs_model *model) {
    size_t side = (size_t)model->image->image_size;
    return side * side * 3;
}

void cs_series_destroy(cs_series *series) {
    if (series) series->ops->destroy(series);
}

cs_status cs_batch_create(cs_model *model, size_t most, cs_batch **batch, cs_error *error) {
    cs_batch *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a batch of pictures");
    made->model = model;
    made->places = cs_alloc(most, sizeof *made->places);
    made->pictures = cs_alloc(most, picture_size(model) * sizeof *made->pictures);
    made->embeddings = cs_alloc(most, (size_t)model->config.dim * sizeof *made->embeddings);
    if (made->places && made->pictures && made->embeddings) {
        *batch = made;
        return CS_OK;
    }
    cs_batch_destroy(made);
    return cs_fail_memory(error, "a batch of pictures");
}

void cs_batch_destroy(cs_batch *batch) {
    if (!batch) return;
    free(batch->places);
    free(batch->pictures);
    free(batch->embeddings);
    free(batch);
}

cs_status cs_batch_add(cs_batch *batch, cs_series *series, cs_error *error) {
    double start = cs_clock();
    float *picture = batch->pictures + batch->count * picture_size(batch->model);
    cs_status status = series->ops->make(series, series->made, picture, error);
    cs_clock_lap(&batch->model->work.prepare_seconds, start);
    if (status != CS_OK) return status;
    series->made++;
    batch->places[batch->count++] = series;
    return CS_OK;
}

size_t cs_batch_count(const cs_batch *batch) {
    return batch->count;
}

cs_status cs_batch_encode(cs_batch *batch, cs_error *error) {
    cs_image_encoder *encoder = batch->model->image;
    size_t dim = (size_t)batch->model->config.dim, count = batch->count;
    double start = cs_clock();
    batch->count = 0;
    cs_status status = encoder->ops->encode(encoder, batch->pictures, (int)count, batch->embeddings, error);
    cs_clock_lap(&batch->model->work.image_seconds, start);
    for (size_t i = 0; status == CS_OK && i < count; i++) {
        cs_series *series = batch->places[i];
        series->ops->take(series, series->taken++, batch->embeddings + i * dim);
    }
    return status;
}

static cs_status embed_next(cs_batch *batch, cs_series *series, size_t most, cs_error *error) {
    cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && i < most && series->made < series->count; i++)
        status = cs_batch_add(batch, series, error);
    return status == CS_OK ? cs_batch_encode(batch, error) : status;
}

cs_status cs_series_embed(cs_model *model, cs_series *series, const cs_progress *progress, cs_error *error) {
    size_t most = (size_t)model->batch < series->count ? (size_t)model->batch : series->count;
    cs_batch *batch;
    cs_status status = cs_batch_create(model, most, &batch, error);
    if (status != CS_OK) return status;
    status = cs_progress_report(progress, 0, series->count, error);
    while (status == CS_OK && series->taken < series->count) {
        status = embed_next(batch, series, most, error);
        if (status == CS_OK) status = cs_progress_report(progress, series->taken, series->count, error);
    }
    cs_batch_destroy(batch);
    return status;
}
