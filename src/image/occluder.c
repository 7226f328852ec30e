#include "image/occluder.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/kernels.h"

/* Pixels [from, to) along the axis of the first pass. */
typedef struct strip {
    int from, to;
} strip;

static const strip no_strip = {0, 0};

struct cs_occluder {
    cs_view photo;
    int width, height; /* of the results */
    cs_filter filter;
    int threads;
    cs_kernels kernels;
    cs_row_filter across;
    cs_taps down;
    int vertical_first;
    int lines;            /* of what the first pass gives: the photograph's height, or else the results' */
    size_t line;          /* bytes in each */
    uint8_t *clear;       /* [lines, line], the first pass of the photograph itself */
    uint8_t *hidden;      /* the same with the strip black */
    strip black;          /* which strip `hidden` was made for */
    uint8_t *scratch;     /* [threads, CS_ROWS_AT_ONCE, photo.width, 3] */
    const uint8_t **rows; /* [threads, down.most] */
    uint8_t *black_row;   /* [photo.width, 3] */
    uint8_t *painted;     /* a copy of the photograph, for the filter that has no passes */
};

/* Where nothing changes along an axis, the taps are single pixels with a weight of one: no pass need be left out. */
static cs_status create_passes(cs_occluder *o, cs_error *error) {
    cs_status status =
        cs_row_filter_create(o->photo.width, o->width, o->filter, o->kernels.packs_weights, &o->across, error);
    if (status == CS_OK) status = cs_taps_create(o->photo.height, o->height, o->filter, &o->down, error);
    if (status != CS_OK) return status;
    o->vertical_first = o->width != o->photo.width && cs_vertical_first(o->photo, o->width, o->height);
    o->lines = o->vertical_first ? o->height : o->photo.height;
    o->line = (size_t)(o->vertical_first ? o->photo.width : o->width) * 3;
    size_t workers = (size_t)o->threads, row = (size_t)o->photo.width * 3;
    o->clear = cs_alloc((size_t)o->lines, o->line);
    o->hidden = cs_alloc((size_t)o->lines, o->line);
    o->scratch = cs_alloc(workers * CS_ROWS_AT_ONCE, row);
    o->rows = cs_alloc(workers * (size_t)o->down.most, sizeof *o->rows);
    o->black_row = cs_alloc_zero(1, row);
    int complete = o->clear && o->hidden && o->scratch && o->rows && o->black_row;
    return complete ? CS_OK : cs_fail_memory(error, "a photograph with a black square");
}

static const uint8_t *photo_row(const cs_occluder *o, int y) {
    return o->photo.pixels + (size_t)y * o->photo.stride;
}

/* First pass across: a group of up to CS_ROWS_AT_ONCE rows from y on. */
static void filter_across(const cs_occluder *o, int worker, strip black, int y, uint8_t *lines) {
    const uint8_t *from[CS_ROWS_AT_ONCE];
    uint8_t *to[CS_ROWS_AT_ONCE];
    size_t row = (size_t)o->photo.width * 3;
    int n = o->lines - y < CS_ROWS_AT_ONCE ? o->lines - y : CS_ROWS_AT_ONCE;
    for (int i = 0; i < n; i++) {
        from[i] = photo_row(o, y + i);
        to[i] = lines + (size_t)(y + i) * o->line;
        if (black.to <= black.from) continue;
        uint8_t *painted = o->scratch + ((size_t)worker * CS_ROWS_AT_ONCE + (size_t)i) * row;
        memcpy(painted, from[i], row);
        memset(painted + (size_t)black.from * 3, 0, (size_t)(black.to - black.from) * 3);
        from[i] = painted;
    }
    o->kernels.across(&o->across, from, to, n);
}

/* First pass down: one row of the results. */
static void filter_down(const cs_occluder *o, int worker, strip black, int y, uint8_t *lines) {
    const uint8_t **rows = o->rows + (size_t)worker * (size_t)o->down.most;
    for (int k = 0; k < o->down.count[y]; k++) {
        int at = o->down.first[y] + k;
        rows[k] = at >= black.from && at < black.to ? o->black_row : photo_row(o, at);
    }
    o->kernels.down(rows, cs_taps_weights(&o->down, y), o->down.count[y], o->line, lines + (size_t)y * o->line);
}

static void first_pass_of(const cs_occluder *o, int worker, strip black, uint8_t *lines) {
    int step = o->vertical_first ? 1 : CS_ROWS_AT_ONCE, groups = (o->lines + step - 1) / step;
    int begin = (int)((int64_t)groups * worker / o->threads), end = (int)((int64_t)groups * (worker + 1) / o->threads);
    for (int group = begin; group < end; group++)
        (o->vertical_first ? filter_down : filter_across)(o, worker, black, group * step, lines);
}

static void first_pass(const cs_occluder *o, strip black, uint8_t *lines) {
#pragma omp parallel for num_threads(o->threads) schedule(static) if (o->threads > 1)
    for (int worker = 0; worker < o->threads; worker++)
        first_pass_of(o, worker, black, lines);
}

/* Second pass down: rows behind the rectangle come from the hidden lines. */
static void finish_down(const cs_occluder *o, const cs_black *black, uint8_t *out) {
    for (int y = 0; y < o->height; y++) {
        for (int k = 0; k < o->down.count[y]; k++) {
            int at = o->down.first[y] + k, is_hidden = at >= black->y && at < black->y + black->height;
            o->rows[k] = (is_hidden ? o->hidden : o->clear) + (size_t)at * o->line;
        }
        o->kernels.down(o->rows, cs_taps_weights(&o->down, y), o->down.count[y], o->line, out + (size_t)y * o->line);
    }
}

/* Second pass across: columns behind the rectangle come from the hidden lines. */
static void finish_across(const cs_occluder *o, const cs_black *black, uint8_t *out) {
    size_t left = (size_t)black->x * 3, bytes = (size_t)black->width * 3;
    for (int y = 0; y < o->height; y++) {
        const uint8_t *from = o->scratch;
        uint8_t *to = out + (size_t)y * (size_t)o->width * 3;
        memcpy(o->scratch, o->clear + (size_t)y * o->line, o->line);
        memcpy(o->scratch + left, o->hidden + (size_t)y * o->line + left, bytes);
        o->kernels.across(&o->across, &from, &to, 1);
    }
}

static void paint(const cs_occluder *o, const cs_black *black, int restore) {
    size_t row = (size_t)o->photo.width * 3, left = (size_t)black->x * 3, bytes = (size_t)black->width * 3;
    for (int y = black->y; y < black->y + black->height; y++) {
        uint8_t *to = o->painted + (size_t)y * row + left;
        if (restore)
            memcpy(to, photo_row(o, y) + left, bytes);
        else
            memset(to, 0, bytes);
    }
}

/* The filter that takes the nearest pixel has no passes: there the photograph is painted indeed. */
static cs_status make_nearest(const cs_occluder *o, const cs_black *black, uint8_t *out, cs_error *error) {
    cs_view view = {o->painted, (size_t)o->photo.width * 3, o->photo.width, o->photo.height};
    paint(o, black, 0);
    cs_status status = cs_resample(view, o->width, o->height, o->filter, o->threads, out, (size_t)o->width * 3, error);
    paint(o, black, 1);
    return status;
}

static cs_status create_painted(cs_occluder *o, cs_error *error) {
    size_t row = (size_t)o->photo.width * 3;
    o->painted = cs_alloc((size_t)o->photo.height, row);
    if (!o->painted) return cs_fail_memory(error, "a photograph with a black square");
    for (int y = 0; y < o->photo.height; y++)
        memcpy(o->painted + (size_t)y * row, photo_row(o, y), row);
    return CS_OK;
}

cs_status cs_occluder_create(cs_view photo, int width, int height, cs_filter filter, int threads,
                             cs_occluder **occluder, cs_error *error) {
    cs_occluder *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a photograph with a black square");
    *made = (cs_occluder){.photo = photo, .width = width, .height = height, .filter = filter, .threads = threads};
    made->kernels = cs_kernels_best();
    cs_status status = filter == CS_FILTER_NEAREST ? create_painted(made, error) : create_passes(made, error);
    if (status != CS_OK) {
        cs_occluder_destroy(made);
        return status;
    }
    if (filter != CS_FILTER_NEAREST) first_pass(made, no_strip, made->clear);
    *occluder = made;
    return CS_OK;
}

void cs_occluder_destroy(cs_occluder *occluder) {
    if (!occluder) return;
    cs_row_filter_free(&occluder->across);
    cs_taps_free(&occluder->down);
    free(occluder->clear);
    free(occluder->hidden);
    free(occluder->scratch);
    free(occluder->rows);
    free(occluder->black_row);
    free(occluder->painted);
    free(occluder);
}

int cs_occluder_by_columns(const cs_occluder *occluder) {
    return !occluder->vertical_first;
}

cs_status cs_occluder_make(cs_occluder *occluder, const cs_black *black, uint8_t *out, cs_error *error) {
    cs_occluder *o = occluder;
    const cs_black none = {0, 0, 0, 0};
    if (black->width < 1 || black->height < 1) black = &none;
    if (o->filter == CS_FILTER_NEAREST) return make_nearest(o, black, out, error);
    int from = o->vertical_first ? black->y : black->x;
    strip wanted = {from, from + (o->vertical_first ? black->height : black->width)};
    if (black != &none && (wanted.from != o->black.from || wanted.to != o->black.to)) {
        first_pass(o, wanted, o->hidden);
        o->black = wanted;
    }
    (o->vertical_first ? finish_across : finish_down)(o, black, out);
    return CS_OK;
}
