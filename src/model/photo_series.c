/* A whole photograph as a series of one picture. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/model.h"
#include "model/series.h"

typedef struct photo_series {
    cs_series base;
    const cs_model *model;
    const cs_image *image;
    float *out;
} photo_series;

static cs_status make(cs_series *series, size_t turn, float *out, cs_error *error) {
    const photo_series *photo = (const photo_series *)series;
    (void)turn;
    return cs_preprocess_photo(&photo->model->preprocess, cs_image_view(photo->image), out, error);
}

static void take(cs_series *series, size_t turn, const float *embedding) {
    const photo_series *photo = (const photo_series *)series;
    (void)turn;
    memcpy(photo->out, embedding, (size_t)photo->model->config.dim * sizeof *embedding);
}

static void destroy(cs_series *series) {
    free(series);
}

cs_status cs_photo_series_create(const cs_model *model, const cs_image *image, float *out, cs_series **series,
                                 cs_error *error) {
    static const cs_series_ops ops = {make, take, destroy};
    photo_series *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a photograph");
    *made = (photo_series){{&ops, 1, 0, 0}, model, image, NULL};
    made->out = out;
    *series = &made->base;
    return CS_OK;
}
