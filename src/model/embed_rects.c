/* Embedding rectangles of one photograph. */
#include <string.h>

#include "base/error.h"
#include "model/model.h"
#include "model/rects.h"
#include "model/series.h"

typedef struct rect_series {
    cs_series base;
    cs_rects *rects;
    size_t dim;
    float *out; /* [count, dim] */
} rect_series;

static cs_status make(cs_series *series, size_t turn, float *out, cs_error *error) {
    return cs_rects_make(((rect_series *)series)->rects, turn, out, error);
}

static void take(cs_series *series, size_t turn, const float *embedding) {
    const rect_series *mine = (const rect_series *)series;
    memcpy(mine->out + cs_rects_at(mine->rects, turn) * mine->dim, embedding, mine->dim * sizeof *embedding);
}

cs_status cs_model_embed_rects(cs_model *model, cs_view photo, const cs_rect *rects, size_t n,
                               const cs_progress *progress, float *out, cs_error *error) {
    static const cs_series_ops ops = {make, take, NULL};
    rect_series series = {{&ops, n, 0, 0}, NULL, (size_t)model->config.dim, NULL};
    series.out = out;
    cs_status status = cs_rects_create(&model->preprocess, photo, rects, n, &series.rects, error);
    if (status == CS_OK) status = cs_series_embed(model, &series.base, progress, error);
    cs_rects_destroy(series.rects);
    return status;
}
