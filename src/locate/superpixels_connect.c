/* k-means knows nothing of connectedness: stray pixels and second pieces are put right here. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/superpixels.h"

typedef struct pieces {
    int rows, cols;
    const int32_t *labels; /* as they were */
    int32_t *made;         /* [rows, cols], -1 where no piece has come yet */
    size_t *pixels;        /* of the piece at hand, in the order they were found; room for every pixel */
} pieces;

/* Puts a pixel into the piece, unless it is another's. */
static size_t take(pieces *p, size_t at, int32_t label, int32_t number, size_t count) {
    if (p->made[at] >= 0 || p->labels[at] != label) return count;
    p->made[at] = number;
    p->pixels[count] = at;
    return count + 1;
}

/* Gathers the piece around a pixel. Returns its number of pixels. */
static size_t gather(pieces *p, size_t first, int32_t number) {
    int32_t label = p->labels[first];
    size_t cols = (size_t)p->cols, last_row = (size_t)(p->rows - 1) * cols;
    size_t count = take(p, first, label, number, 0);
    for (size_t i = 0; i < count; i++) {
        size_t at = p->pixels[i];
        if (at % cols > 0) count = take(p, at - 1, label, number, count);
        if (at % cols < cols - 1) count = take(p, at + 1, label, number, count);
        if (at >= cols) count = take(p, at - cols, label, number, count);
        if (at < last_row) count = take(p, at + cols, label, number, count);
    }
    return count;
}

/* The finished region beside the first pixel of a piece; -1 for the first piece of all. Whatever lies left of or above
 * it belongs to one, since pieces are taken in the order of their first pixels. */
static int32_t neighbour(const pieces *p, size_t first) {
    size_t cols = (size_t)p->cols;
    if (first % cols > 0) return p->made[first - 1];
    return first >= cols ? p->made[first - cols] : -1;
}

static int number_pieces(pieces *p, size_t least) {
    size_t pixels = (size_t)p->rows * (size_t)p->cols;
    int32_t number = 0;
    for (size_t first = 0; first < pixels; first++) {
        if (p->made[first] >= 0) continue;
        int32_t beside = neighbour(p, first);
        size_t count = gather(p, first, number);
        if (count >= least || beside < 0) {
            number++;
            continue;
        }
        for (size_t i = 0; i < count; i++)
            p->made[p->pixels[i]] = beside;
    }
    return number;
}

cs_status cs_superpixels_connect(int rows, int cols, size_t least, int32_t *labels, int *count, cs_error *error) {
    size_t pixels = (size_t)rows * (size_t)cols;
    pieces p = {rows, cols, labels, cs_alloc(pixels, sizeof *p.made), cs_alloc(pixels, sizeof *p.pixels)};
    if (!p.made || !p.pixels) {
        free(p.made);
        free(p.pixels);
        return cs_fail_memory(error, "superpixels");
    }
    for (size_t i = 0; i < pixels; i++)
        p.made[i] = -1;
    *count = number_pieces(&p, least);
    memcpy(labels, p.made, pixels * sizeof *labels);
    free(p.made);
    free(p.pixels);
    return CS_OK;
}
