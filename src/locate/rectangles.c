#include "locate/rectangles.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* What the cells gain, lines being the grid's rows or columns, whichever are fewer. */
typedef struct gains {
    int lines, length;
    int lines_are_rows;
    double *values; /* [lines, length] */
    double *sums;   /* [length], over the lines of a band */
} gains;

/* A band of lines [first, last) and a stretch [from, to) of it. */
typedef struct block {
    int first, last, from, to;
    double gain;
} block;

static const block no_block = {0, 0, 0, 0, 0};

static cs_status create(const cs_grid *grid, float charge, gains *g, cs_error *error) {
    int by_rows = grid->rows <= grid->cols;
    *g = (gains){by_rows ? grid->rows : grid->cols, by_rows ? grid->cols : grid->rows, by_rows, NULL, NULL};
    g->values = cs_alloc((size_t)g->lines * (size_t)g->length, sizeof *g->values);
    g->sums = cs_alloc((size_t)g->length, sizeof *g->sums);
    if (!g->values || !g->sums) return cs_fail_memory(error, "rectangles");
    for (int i = 0; i < g->lines; i++) {
        for (int j = 0; j < g->length; j++) {
            size_t at =
                by_rows ? (size_t)i * (size_t)grid->cols + (size_t)j : (size_t)j * (size_t)grid->cols + (size_t)i;
            g->values[(size_t)i * (size_t)g->length + (size_t)j] = (double)grid->values[at] - (double)charge;
        }
    }
    return CS_OK;
}

/* Kadane: the stretch of a band's sums that adds up to most. */
static void best_stretch(const gains *g, int first, int last, block *best) {
    double gain = 0;
    int from = 0;
    for (int j = 0; j < g->length; j++) {
        gain += g->sums[j];
        if (gain > best->gain) *best = (block){first, last, from, j + 1, gain};
        if (gain > 0) continue;
        gain = 0;
        from = j + 1;
    }
}

/* Every band of lines, and the best stretch of each. */
static block best_block(const gains *g) {
    block best = no_block;
    for (int first = 0; first < g->lines; first++) {
        for (int j = 0; j < g->length; j++)
            g->sums[j] = 0;
        for (int last = first; last < g->lines; last++) {
            const double *line = g->values + (size_t)last * (size_t)g->length;
            for (int j = 0; j < g->length; j++)
                g->sums[j] += line[j];
            best_stretch(g, first, last + 1, &best);
        }
    }
    return best;
}

/* The cells of a block are worth nothing any more, but still cost their charge. */
static void spend(const gains *g, const block *b, float charge) {
    for (int i = b->first; i < b->last; i++)
        for (int j = b->from; j < b->to; j++)
            g->values[(size_t)i * (size_t)g->length + (size_t)j] = -(double)charge;
}

static cs_region region_of(const gains *g, const block *b, const cs_grid *grid, const float *scores) {
    cs_region r = {b->from, b->first, b->to, b->last, 0, 0, 0};
    if (!g->lines_are_rows) r = (cs_region){b->first, b->from, b->last, b->to, 0, 0, 0};
    double sum = 0;
    r.peak = scores[(size_t)r.top * (size_t)grid->cols + (size_t)r.left];
    for (int row = r.top; row < r.bottom; row++) {
        for (int col = r.left; col < r.right; col++) {
            float score = scores[(size_t)row * (size_t)grid->cols + (size_t)col];
            if (score > r.peak) r.peak = score;
            sum += (double)score;
        }
    }
    r.cells = (r.right - r.left) * (r.bottom - r.top);
    r.mean = (float)(sum / r.cells);
    return r;
}

cs_status cs_grid_rectangles(const cs_grid *grid, const cs_rectangle_options *options, const float *scores,
                             cs_region **rectangles, size_t *count, cs_error *error) {
    gains g;
    size_t found = 0;
    cs_region *made = cs_alloc((size_t)options->most, sizeof *made);
    cs_status status = made ? create(grid, options->charge, &g, error) : cs_fail_memory(error, "rectangles");
    if (!made) return status;
    double least = 0;
    while (status == CS_OK && found < (size_t)options->most) {
        block best = best_block(&g);
        if (best.last == 0 || best.gain < least) break;
        if (found == 0) least = best.gain * (double)options->least;
        made[found++] = region_of(&g, &best, grid, scores ? scores : grid->values);
        spend(&g, &best, options->charge);
    }
    free(g.values);
    free(g.sums);
    if (found == 0) {
        free(made);
        made = NULL;
    }
    if (status != CS_OK) return status;
    *rectangles = made;
    *count = found;
    return CS_OK;
}
