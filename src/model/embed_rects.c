/* Embedding rectangles of a photograph.
 *
 * Windows of a sliding window overlap, and of a window's two resize passes the one across costs most: it reads every
 * pixel. A row of pixels comes out of it the same for all windows with the same left and right edge, so it is made once
 * for each such column of windows. That is exact where the pass across comes first (cs_vertical_first()), which it does
 * for squares. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "image/taps.h"
#include "model/model.h"

/* A rectangle and its place among those given. */
typedef struct window {
    cs_rect rect;
    size_t index;
} window;

/* Windows with the same left and right edge, and what the pass across makes of the rows that they cover. */
typedef struct column {
    size_t end; /* index of the first window behind it */
    int top, width;
    uint8_t *pixels; /* [rows, width, 3]; NULL: they share too little */
} column;

typedef struct embedding {
    cs_model *model;
    cs_view photo;
    window *windows; /* [n], column by column */
    size_t n, batch;
    column column;     /* the one at work */
    float *pictures;   /* [batch, size, size, 3] */
    float *embeddings; /* [batch, dim] */
} embedding;

static int is_same_column(const cs_rect *a, const cs_rect *b) {
    return a->x == b->x && a->width == b->width;
}

static int compare_windows(const void *first, const void *second) {
    const window *a = first, *b = second;
    if (a->rect.x != b->rect.x) return a->rect.x < b->rect.x ? -1 : 1;
    if (a->rect.width != b->rect.width) return a->rect.width < b->rect.width ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

static cs_view view_of(const embedding *work, const cs_rect *rect) {
    return cs_view_crop(work->photo, rect->x, rect->y, rect->width, rect->height);
}

/* Makes the pass across for the rows from `top` to `bottom` of a column. */
static cs_status filter_column(embedding *work, const cs_rect *first, int top, int bottom, cs_error *error) {
    const cs_preprocess *preprocess = &work->model->preprocess;
    cs_rect rows = {first->x, top, first->width, bottom - top};
    int width, height;
    cs_status status = cs_preprocess_size(preprocess, view_of(work, first), &width, &height, error);
    if (status != CS_OK) return status;
    work->column.top = top;
    work->column.width = width;
    work->column.pixels = cs_alloc_aligned((size_t)rows.height, (size_t)width * 3);
    if (!work->column.pixels) return cs_fail_memory(error, "a column of windows");
    return cs_resample(view_of(work, &rows), width, rows.height, preprocess->filter, preprocess->threads,
                       work->column.pixels, (size_t)width * 3, error);
}

static cs_status open_column(embedding *work, size_t begin, cs_error *error) {
    const cs_rect *first = &work->windows[begin].rect;
    int64_t top = first->y, bottom = top, rows = 0;
    size_t i = begin;
    for (; i < work->n && is_same_column(&work->windows[i].rect, first); i++) {
        const cs_rect *rect = &work->windows[i].rect;
        if (rect->y < top) top = rect->y;
        if (rect->y + rect->height > bottom) bottom = rect->y + rect->height;
        rows += rect->height;
    }
    free(work->column.pixels);
    work->column = (column){.end = i};
    return rows > bottom - top ? filter_column(work, first, (int)top, (int)bottom, error) : CS_OK;
}

static cs_status preprocess(embedding *work, size_t at, float *picture, cs_error *error) {
    const cs_rect *rect = &work->windows[at].rect;
    const cs_preprocess *how = &work->model->preprocess;
    cs_view view = view_of(work, rect);
    int width, height;
    cs_status status = at < work->column.end ? CS_OK : open_column(work, at, error);
    if (status == CS_OK) status = cs_preprocess_size(how, view, &width, &height, error);
    if (status != CS_OK) return status;
    const column *shared = &work->column;
    size_t stride = (size_t)width * 3;
    if (shared->pixels && shared->width == width && !cs_vertical_first(view, width, height))
        view = (cs_view){shared->pixels + (size_t)(rect->y - shared->top) * stride, stride, width, rect->height};
    return cs_preprocess_sized(how, view, width, height, picture, error);
}

static cs_status embed_batch(embedding *work, size_t first, size_t count, float *out, cs_error *error) {
    const cs_image_encoder *encoder = work->model->image;
    size_t side = (size_t)encoder->image_size, dim = (size_t)work->model->config.dim;
    cs_status status = CS_OK;
    double start = cs_clock();
    for (size_t i = 0; status == CS_OK && i < count; i++)
        status = preprocess(work, first + i, work->pictures + i * side * side * 3, error);
    start = cs_clock_lap(&work->model->work.prepare_seconds, start);
    if (status == CS_OK)
        status = encoder->ops->encode(work->model->image, work->pictures, (int)count, work->embeddings, error);
    cs_clock_lap(&work->model->work.image_seconds, start);
    for (size_t i = 0; status == CS_OK && i < count; i++)
        memcpy(out + work->windows[first + i].index * dim, work->embeddings + i * dim, dim * sizeof *out);
    return status;
}

static cs_status prepare(embedding *work, const cs_rect *rects, cs_error *error) {
    size_t side = (size_t)work->model->image->image_size;
    work->windows = cs_alloc(work->n, sizeof *work->windows);
    work->pictures = cs_alloc(work->batch * side * side * 3, sizeof *work->pictures);
    work->embeddings = cs_alloc(work->batch * (size_t)work->model->config.dim, sizeof *work->embeddings);
    if (!work->windows || !work->pictures || !work->embeddings) return cs_fail_memory(error, "a batch of windows");
    for (size_t i = 0; i < work->n; i++)
        work->windows[i] = (window){rects[i], i};
    qsort(work->windows, work->n, sizeof *work->windows, compare_windows);
    return CS_OK;
}

cs_status cs_model_embed_rects(cs_model *model, cs_view photo, const cs_rect *rects, size_t n,
                               const cs_progress *progress, float *out, cs_error *error) {
    embedding work = {.model = model, .photo = photo, .n = n};
    work.batch = (size_t)model->batch < n ? (size_t)model->batch : n;
    cs_status status = prepare(&work, rects, error);
    if (status == CS_OK) status = cs_progress_report(progress, 0, n, error);
    for (size_t first = 0; status == CS_OK && first < n; first += work.batch) {
        size_t count = n - first < work.batch ? n - first : work.batch;
        status = embed_batch(&work, first, count, out, error);
        if (status == CS_OK) status = cs_progress_report(progress, first + count, n, error);
    }
    free(work.windows);
    free(work.pictures);
    free(work.embeddings);
    free(work.column.pixels);
    return status;
}
