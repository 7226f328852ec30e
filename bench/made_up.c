#include "made_up.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/say.h"

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Vector number `seed`: unit length. */
static void make_vector(uint64_t seed, int dim, float *out) {
    uint64_t state = seed * 0xd1342543de82ef95u + 1;
    double sum = 0;
    for (int i = 0; i < dim; i++) {
        out[i] = (float)(next(&state) >> 40) / 8388608.0f - 1.0f;
        sum += (double)out[i] * (double)out[i];
    }
    float scale = (float)(1 / sqrt(sum));
    for (int i = 0; i < dim; i++)
        out[i] *= scale;
}

void made_up_query(int number, int dim, float *out) {
    make_vector((uint64_t)1 << 40 | (uint64_t)number, dim, out);
}

static void *room(size_t count, size_t size) {
    void *block = calloc(count, size);
    if (!block) stop("out of memory");
    return block;
}

made_up made_up_create(int most, int dim) {
    size_t n = (size_t)most;
    made_up b = {dim, room(n, sizeof *b.photos), room(n, sizeof *b.boxes), room(n, (size_t)dim * sizeof *b.vectors),
                 room(n, sizeof *b.paths)};
    return b;
}

void made_up_free(made_up *b) {
    free(b->photos);
    free(b->boxes);
    free(b->vectors);
    free(b->paths);
}

void made_up_fill(made_up *b, int first, int n) {
    for (int i = 0; i < n; i++) {
        int number = first + i;
        uint64_t hash = (uint64_t)number;
        float *vector = b->vectors + (size_t)i * (size_t)b->dim;
        snprintf(b->paths[i], MADE_UP_PATH, "/made/up/photographs/%05d/DSC%08d.JPG", number / 1000, number);
        b->boxes[i] = (cs_rect){0, 0, 4000, 3000};
        make_vector((uint64_t)number, b->dim, vector);
        b->photos[i] = (cs_store_photo){.path = b->paths[i],
                                        .bytes = 3000000 + (uint64_t)number,
                                        .modified = 1700000000000000000 + number,
                                        .width = 4000,
                                        .height = 3000,
                                        .rows = 1,
                                        .boxes = &b->boxes[i],
                                        .embeddings = vector};
        for (size_t k = 0; k < sizeof b->photos[i].hash; k++)
            b->photos[i].hash[k] = (uint8_t)next(&hash);
    }
}
