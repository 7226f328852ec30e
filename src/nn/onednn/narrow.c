#include "nn/onednn/narrow.h"

#include "base/simd.h"
#include "nn/narrow.h"

CS_CLONES static void halves(size_t count, const float *x, uint16_t *out) {
    for (size_t i = 0; i < count; i++) {
        union {
            float value;
            uint32_t bits;
        } in = {x[i]};
        out[i] = (uint16_t)((in.bits + 0x7FFF + ((in.bits >> 16) & 1)) >> 16);
    }
}

/* Pieces that threads take in turn. */
enum { PIECE = 16384 };

void cs_cpu_to_bf16(const cs_nn *nn, size_t count, const float *x, uint16_t *out) {
    size_t pieces = (count + PIECE - 1) / PIECE;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (size_t p = 0; p < pieces; p++) {
        size_t first = p * PIECE, left = count - first;
        halves(left < PIECE ? left : PIECE, x + first, out + first);
    }
}

/* Largest magnitude of a row; the sum of all is added to *total. */
CS_CLONES static float measure(int width, const float *x, double *total) {
    float largest = 0, sum = 0;
#pragma omp simd reduction(max : largest) reduction(+ : sum)
    for (int i = 0; i < width; i++) {
        float magnitude = __builtin_fabsf(x[i]);
        largest = magnitude > largest ? magnitude : largest;
        sum += magnitude;
    }
    *total += (double)sum;
    return largest;
}

/* One row; returns whether a value lay beyond the limit. */
CS_CLONES static int quantise(int width, float inverse, float limit, const float *x, int8_t *out) {
    const float magic = 12582912.0f;
    int beyond = 0;
#pragma omp simd reduction(| : beyond)
    for (int i = 0; i < width; i++) {
        float value = x[i];
        beyond |= __builtin_fabsf(value) > limit;
        value = value > limit ? limit : value < -limit ? -limit : value;
        out[i] = (int8_t)(int)((value * inverse + magic) - magic);
    }
    return beyond;
}

float cs_cpu_to_int8(const cs_nn *nn, int rows, int width, const float *x, int8_t *out, uint8_t *far, int *any) {
    float largest = 0;
    double total = 0;
    int found = 0;
    size_t stride = (size_t)width;
#pragma omp parallel for num_threads(nn->threads) schedule(static) reduction(max : largest) reduction(+ : total)
    for (int r = 0; r < rows; r++) {
        float row = measure(width, x + (size_t)r * stride, &total);
        largest = row > largest ? row : largest;
    }
    float limit = cs_int8_limit(largest, total, (size_t)rows * stride);
    float step = cs_int8_step(limit);
#pragma omp parallel for num_threads(nn->threads) schedule(static) reduction(| : found)
    for (int r = 0; r < rows; r++) {
        int beyond = quantise(width, 1 / step, limit, x + (size_t)r * stride, out + (size_t)r * stride);
        far[r] = (uint8_t)beyond;
        found |= beyond;
    }
    *any = found;
    return step;
}

/* y += factor * weights * steps */
CS_CLONES static void add_column(int out, float factor, const int8_t *column, const float *steps, float *y) {
    for (int o = 0; o < out; o++)
        y[o] += factor * (float)column[o] * steps[o];
}

static void add_row(const cs_split *split, const float *x, float *y) {
    float limit = split->step * CS_INT8_MOST;
    for (int i = 0; i < split->width; i++) {
        float beyond = x[i] > limit ? x[i] - limit : x[i] < -limit ? x[i] + limit : 0;
        if (beyond != 0)
            add_column(split->out, beyond, split->columns + (size_t)i * (size_t)split->out, split->steps, y);
    }
}

void cs_cpu_add_split(const cs_nn *nn, const cs_split *split, const float *x, float *y) {
#pragma omp parallel for num_threads(nn->threads) schedule(dynamic, 8)
    for (int r = 0; r < split->rows; r++)
        if (split->far[r]) add_row(split, x + (size_t)r * (size_t)split->width, y + (size_t)r * (size_t)split->out);
}
