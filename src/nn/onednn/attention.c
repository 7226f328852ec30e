/* Multi-head attention, a head at a time. Keys and values of a head are laid out once for the small products that its
 * queries take, a few of them together; only their rows of scores exist at any moment, never the matrix [tokens,
 * tokens]. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/simd.h"
#include "nn/macs.h"
#include "nn/onednn/onednn.h"
#include "nn/onednn/vector_exp.h"

/* Queries together, and columns of a product that stay in registers for all of them: 12 sums of 16 numbers, enough to
 * hide how long an addition takes. */
enum { QUERIES = 6, VECTOR = 16, COLUMNS = 2 * VECTOR };

typedef float vector __attribute__((vector_size(VECTOR * sizeof(float))));

/* Where a head's vectors lie. */
typedef struct head_view {
    const float *queries, *keys, *values; /* of the first token */
    size_t stride;                        /* floats from token to token */
    const float *bias;                    /* [tokens, tokens] or NULL */
} head_view;

/* What a thread works in. Rows are padded with zeros to whole columns. */
typedef struct scratch {
    int tokens, head_width; /* padded */
    float *keys;            /* [head_width of the head, tokens] */
    float *values;          /* [tokens of the sequence, head_width] */
    float *scores;          /* [QUERIES, tokens] */
    float *mixed;           /* [QUERIES, head_width] */
} scratch;

static int padded(int count) {
    return (count + COLUMNS - 1) / COLUMNS * COLUMNS;
}

/* out[q] = sum over i < inner of rows[q][i] b[i], for one tile of COLUMNS columns. b: `stride` floats from i to i + 1,
 * out: `out_stride` from q to q + 1. */
static inline __attribute__((always_inline)) void tile(const float *const rows[QUERIES], int inner, const float *b,
                                                       size_t stride, float *out, size_t out_stride) {
    vector sums[QUERIES][2] = {{{0}}};
    for (int i = 0; i < inner; i++) {
        const vector *columns = (const vector *)(b + (size_t)i * stride);
        const vector left = columns[0], right = columns[1];
#pragma GCC unroll 6
        for (int q = 0; q < QUERIES; q++) {
            sums[q][0] += rows[q][i] * left;
            sums[q][1] += rows[q][i] * right;
        }
    }
    for (int q = 0; q < QUERIES; q++) {
        vector *target = (vector *)(out + (size_t)q * out_stride);
        target[0] = sums[q][0];
        target[1] = sums[q][1];
    }
}

/* out [QUERIES, columns] = rows times b [inner, columns]. */
CS_CLONES static void multiply(const float *const rows[QUERIES], int inner, const float *b, int columns, float *out) {
    for (int c = 0; c < columns; c += COLUMNS)
        tile(rows, inner, b + c, (size_t)columns, out + c, (size_t)columns);
}

/* Scores to weights that add up to 1, 0 behind the first `seen`. */
CS_CLONES static void weigh(int seen, int room, float scale, const float *bias, float *x) {
    float highest = -INFINITY, sum = 0;
    for (int i = 0; bias && i < seen; i++)
        x[i] = x[i] * scale + bias[i];
    for (int i = 0; !bias && i < seen; i++)
        x[i] *= scale;
#pragma omp simd reduction(max : highest)
    for (int i = 0; i < seen; i++)
        highest = x[i] > highest ? x[i] : highest;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < seen; i++) {
        x[i] = cs_exp_negative(x[i] - highest);
        sum += x[i];
    }
    float share = 1 / sum;
    for (int i = 0; i < seen; i++)
        x[i] *= share;
    for (int i = seen; i < room; i++)
        x[i] = 0;
}

static void lay_out(const head_view *head, const cs_attention_size *size, const scratch *s) {
    for (int t = 0; t < size->tokens; t++) {
        const float *key = head->keys + (size_t)t * head->stride, *value = head->values + (size_t)t * head->stride;
        for (int i = 0; i < size->head_width; i++)
            s->keys[(size_t)i * (size_t)s->tokens + (size_t)t] = key[i];
        memcpy(s->values + (size_t)t * (size_t)s->head_width, value, (size_t)size->head_width * sizeof *value);
    }
}

/* `count` queries from token `first` on. out: of that token. */
static void attend(const head_view *head, const cs_attention_size *size, int first, int count, const scratch *s,
                   float *out) {
    const float *rows[QUERIES];
    float scale = 1.0f / sqrtf((float)size->head_width);
    for (int q = 0; q < QUERIES; q++) /* where fewer are left, the last one is done again */
        rows[q] = head->queries + (size_t)(first + (q < count ? q : count - 1)) * head->stride;
    multiply(rows, size->head_width, s->keys, s->tokens, s->scores);
    for (int q = 0; q < QUERIES; q++) {
        int token = first + (q < count ? q : count - 1);
        float *row = s->scores + (size_t)q * (size_t)s->tokens;
        weigh(size->causal ? token + 1 : size->tokens, s->tokens, scale,
              head->bias ? head->bias + (size_t)token * (size_t)size->tokens : NULL, row);
        rows[q] = row;
    }
    multiply(rows, size->causal ? first + count : size->tokens, s->values, s->head_width, s->mixed);
    for (int q = 0; q < count; q++)
        memcpy(out + (size_t)q * (head->stride / 3), s->mixed + (size_t)q * (size_t)s->head_width,
               (size_t)size->head_width * sizeof *out);
}

static int query_count(const cs_attention_size *size) {
    return size->queries > 0 ? size->queries : size->tokens;
}

static void attend_head(const head_view *head, const cs_attention_size *size, const scratch *s, float *out) {
    int queries = query_count(size);
    lay_out(head, size, s);
    for (int t = 0; t < queries; t += QUERIES)
        attend(head, size, t, queries - t < QUERIES ? queries - t : QUERIES, s, out + (size_t)t * (head->stride / 3));
}

/* Floats that a thread needs. */
static size_t scratch_size(const cs_attention_size *size) {
    size_t tokens = (size_t)padded(size->tokens), width = (size_t)padded(size->head_width);
    return (size_t)size->head_width * tokens + (size_t)size->tokens * width + QUERIES * (tokens + width);
}

static scratch make_scratch(const cs_attention_size *size, float *memory) {
    scratch s = {.tokens = padded(size->tokens), .head_width = padded(size->head_width)};
    s.keys = memory;
    s.values = s.keys + (size_t)size->head_width * (size_t)s.tokens;
    s.scores = s.values + (size_t)size->tokens * (size_t)s.head_width;
    s.mixed = s.scores + QUERIES * (size_t)s.tokens;
    return s;
}

cs_status cs_cpu_attention_pairs(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                 const float *qkv, float *out, cs_error *error) {
    size_t width = (size_t)size->heads * (size_t)size->head_width, tokens = (size_t)size->tokens;
    size_t queries = (size_t)query_count(size), room = scratch_size(size);
    float *memory = cs_alloc_aligned((size_t)nn->threads * room, sizeof *memory);
    if (!memory) return cs_fail_memory(error, "attention");
    nn->macs += cs_attention_macs(size);
    memset(memory, 0, (size_t)nn->threads * room * sizeof *memory);
#pragma omp parallel for collapse(2) num_threads(nn->threads) schedule(static)
    for (int n = 0; n < size->n; n++) {
        for (int h = 0; h < size->heads; h++) {
            const scratch s = make_scratch(size, memory + (size_t)omp_get_thread_num() * room);
            size_t offset = (size_t)h * (size_t)size->head_width;
            const float *first = qkv + (size_t)n * tokens * 3 * width + offset;
            const head_view head = {first + (pairing == CS_PAIR_KEY_KEY ? width : 0),
                                    first + (pairing == CS_PAIR_QUERY_QUERY ? 0 : width), first + 2 * width, 3 * width,
                                    bias};
            attend_head(&head, size, &s, out + (size_t)n * queries * width + offset);
        }
    }
    free(memory);
    return CS_OK;
}

cs_status cs_cpu_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out, cs_error *error) {
    return cs_cpu_attention_pairs(nn, size, CS_PAIR_QUERY_KEY, NULL, qkv, out, error);
}
