#include "model/rects.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/taps.h"

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

struct cs_rects {
    const cs_preprocess *preprocess;
    cs_view photo;
    window *windows; /* [n], column by column */
    size_t n;
    column column; /* the one at work */
};

static int is_same_column(const cs_rect *a, const cs_rect *b) {
    return a->x == b->x && a->width == b->width;
}

static int compare_windows(const void *first, const void *second) {
    const window *a = first, *b = second;
    if (a->rect.x != b->rect.x) return a->rect.x < b->rect.x ? -1 : 1;
    if (a->rect.width != b->rect.width) return a->rect.width < b->rect.width ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

static cs_view view_of(const cs_rects *rects, const cs_rect *rect) {
    return cs_view_crop(rects->photo, rect->x, rect->y, rect->width, rect->height);
}

/* Makes the pass across for the rows from `top` to `bottom` of a column. */
static cs_status filter_column(cs_rects *rects, const cs_rect *first, int top, int bottom, cs_error *error) {
    const cs_preprocess *preprocess = rects->preprocess;
    cs_rect rows = {first->x, top, first->width, bottom - top};
    int width, height;
    cs_status status = cs_preprocess_size(preprocess, view_of(rects, first), &width, &height, error);
    if (status != CS_OK) return status;
    rects->column.top = top;
    rects->column.width = width;
    rects->column.pixels = cs_alloc_aligned((size_t)rows.height, (size_t)width * 3);
    if (!rects->column.pixels) return cs_fail_memory(error, "a column of windows");
    return cs_resample(view_of(rects, &rows), width, rows.height, preprocess->filter, preprocess->threads,
                       rects->column.pixels, (size_t)width * 3, error);
}

static cs_status open_column(cs_rects *rects, size_t begin, cs_error *error) {
    const cs_rect *first = &rects->windows[begin].rect;
    int64_t top = first->y, bottom = top, rows = 0;
    size_t i = begin;
    for (; i < rects->n && is_same_column(&rects->windows[i].rect, first); i++) {
        const cs_rect *rect = &rects->windows[i].rect;
        if (rect->y < top) top = rect->y;
        if (rect->y + rect->height > bottom) bottom = rect->y + rect->height;
        rows += rect->height;
    }
    free(rects->column.pixels);
    rects->column = (column){.end = i};
    return rows > bottom - top ? filter_column(rects, first, (int)top, (int)bottom, error) : CS_OK;
}

cs_status cs_rects_make(cs_rects *rects, size_t turn, float *out, cs_error *error) {
    const cs_rect *rect = &rects->windows[turn].rect;
    const cs_preprocess *how = rects->preprocess;
    cs_view view = view_of(rects, rect);
    int width, height;
    cs_status status = turn < rects->column.end ? CS_OK : open_column(rects, turn, error);
    if (status == CS_OK) status = cs_preprocess_size(how, view, &width, &height, error);
    if (status != CS_OK) return status;
    const column *shared = &rects->column;
    size_t stride = (size_t)width * 3;
    if (shared->pixels && shared->width == width && !cs_vertical_first(view, width, height))
        view = (cs_view){shared->pixels + (size_t)(rect->y - shared->top) * stride, stride, width, rect->height};
    return cs_preprocess_sized(how, view, width, height, out, error);
}

size_t cs_rects_at(const cs_rects *rects, size_t turn) {
    return rects->windows[turn].index;
}

cs_status cs_rects_create(const cs_preprocess *preprocess, cs_view photo, const cs_rect *rects, size_t n,
                          cs_rects **made, cs_error *error) {
    cs_rects *created = cs_alloc_zero(1, sizeof *created);
    window *windows = cs_alloc(n, sizeof *windows);
    if (!created || !windows) {
        free(created);
        free(windows);
        return cs_fail_memory(error, "windows");
    }
    for (size_t i = 0; i < n; i++)
        windows[i] = (window){rects[i], i};
    qsort(windows, n, sizeof *windows, compare_windows);
    *created = (cs_rects){.preprocess = preprocess, .photo = photo, .windows = windows, .n = n};
    *made = created;
    return CS_OK;
}

void cs_rects_destroy(cs_rects *rects) {
    if (!rects) return;
    free(rects->windows);
    free(rects->column.pixels);
    free(rects);
}
