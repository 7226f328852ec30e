/* How an inverted residual block is cut into pieces that a thread does by itself. */
#ifndef CS_NN_ONEDNN_INVERTED_H
#define CS_NN_ONEDNN_INVERTED_H

#include "nn/nn.h"

/* Pieces of `pictures` whole pictures each, or, where that is 0, of `rows` rows of one picture's output. */
typedef struct cs_pieces {
    int pictures, rows;
    int count; /* 0: not worth cutting */
} cs_pieces;

/* One piece of the work. */
typedef struct cs_piece {
    int picture, pictures;       /* the first, and how many */
    int out_first, out_rows;     /* of the output */
    int in_first, in_rows;       /* rows of the expanded map that the depthwise convolution reads, padding included */
    int valid_first, valid_rows; /* those of them that exist */
} cs_piece;

/* kernel: of the depthwise convolution; expanded: its channels. */
cs_pieces cs_pieces_of(const cs_conv_size *size, int kernel, int expanded, int threads);
cs_piece cs_piece_at(const cs_pieces *pieces, const cs_conv_size *size, int kernel, int index);

#endif
