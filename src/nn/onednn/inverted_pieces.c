#include "nn/onednn/inverted.h"

#include <stddef.h>

/* The expanded map of a piece should stay in a core's own cache. */
enum { CACHE = 1 << 20 };

static int reach_of(const cs_conv_size *size, int kernel) {
    return (kernel - 1) * size->dilation + 1;
}

static int divide_up(int a, int b) {
    return (a + b - 1) / b;
}

/* So many rows that those which two neighbours both need are at most a quarter of them. */
static cs_pieces by_rows(const cs_conv_size *size, int kernel, int threads) {
    int shared = reach_of(size, kernel) - size->stride;
    int least = divide_up(shared > 0 ? shared * 4 : 1, size->stride);
    int bands = size->out_height / (least > 0 ? least : 1);
    cs_pieces pieces = {0, 0, 0};
    if (bands * size->n < 2 * threads && bands < 2) return pieces;
    pieces.rows = divide_up(size->out_height, bands);
    pieces.count = size->n * divide_up(size->out_height, pieces.rows);
    return pieces;
}

cs_pieces cs_pieces_of(const cs_conv_size *size, int kernel, int expanded, int threads) {
    size_t picture = (size_t)size->height * (size_t)size->width * (size_t)expanded * sizeof(float);
    if (picture > CACHE) return by_rows(size, kernel, threads);
    int together = (int)(CACHE / picture), share = divide_up(size->n, threads);
    cs_pieces pieces = {together < share ? together : share, 0, 0};
    if (size->n >= threads) pieces.count = divide_up(size->n, pieces.pictures);
    return pieces;
}

static cs_piece whole_pictures(const cs_pieces *pieces, const cs_conv_size *size, int index) {
    int first = index * pieces->pictures, left = size->n - first;
    return (cs_piece){.picture = first,
                      .pictures = left < pieces->pictures ? left : pieces->pictures,
                      .out_rows = size->out_height,
                      .in_rows = size->height,
                      .valid_rows = size->height};
}

cs_piece cs_piece_at(const cs_pieces *pieces, const cs_conv_size *size, int kernel, int index) {
    if (pieces->pictures) return whole_pictures(pieces, size, index);
    int bands = divide_up(size->out_height, pieces->rows);
    cs_piece piece = {.picture = index / bands, .pictures = 1, .out_first = index % bands * pieces->rows};
    int left = size->out_height - piece.out_first;
    piece.out_rows = left < pieces->rows ? left : pieces->rows;
    piece.in_first = piece.out_first * size->stride - size->pad_top;
    piece.in_rows = (piece.out_rows - 1) * size->stride + reach_of(size, kernel);
    int last = piece.in_first + piece.in_rows;
    piece.valid_first = piece.in_first > 0 ? piece.in_first : 0;
    piece.valid_rows = (last < size->height ? last : size->height) - piece.valid_first;
    return piece;
}
