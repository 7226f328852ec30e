/* Whole photographs as a series, a picture each. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/model.h"
#include "model/series.h"

typedef struct photo_series {
    cs_series base;
    const cs_model *model;
    const cs_image *const *images; /* [count] */
    float *out;                    /* [count, dim] */
} photo_series;

static cs_status make(cs_series *series, size_t turn, float *out, cs_error *error) {
    const photo_series *mine = (const photo_series *)series;
    return cs_preprocess_photo(&mine->model->preprocess, cs_image_view(mine->images[turn]), out, error);
}

static void take(cs_series *series, size_t turn, const float *embedding) {
    const photo_series *mine = (const photo_series *)series;
    size_t dim = (size_t)mine->model->config.dim;
    memcpy(mine->out + turn * dim, embedding, dim * sizeof *embedding);
}

static void destroy(cs_series *series) {
    free(series);
}

cs_status cs_photo_series_create(const cs_model *model, const cs_image *const *images, size_t n, float *out,
                                 cs_series **series, cs_error *error) {
    static const cs_series_ops ops = {make, take, destroy};
    photo_series *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "photographs");
    *made = (photo_series){{&ops, n, 0, 0}, model, images, NULL};
    made->out = out;
    *series = &made->base;
    return CS_OK;
}
