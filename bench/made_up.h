/* Photographs that nobody took, with embeddings that follow from their numbers alone. */
#ifndef BENCH_MADE_UP_H
#define BENCH_MADE_UP_H

#include <stdint.h>

#include "clipsight_tools.h"

enum { MADE_UP_PATH = 64 };

/* A few of them at a time. */
typedef struct made_up {
    int dim;
    cs_store_photo *photos;
    cs_rect *boxes;
    float *vectors; /* [photographs, dim] */
    char (*paths)[MADE_UP_PATH];
} made_up;

/* Room for so many. */
made_up made_up_create(int most, int dim);
void made_up_free(made_up *b);

/* Photographs `first` to first + n - 1, a thousand to a folder; the number is what the path has behind its last C. */
void made_up_fill(made_up *b, int first, int n);

/* A query, which is no photograph's vector. out: [dim], unit length. */
void made_up_query(int number, int dim, float *out);

#endif
