/* Attention of one query per region: only the region's own cells are looked at, so that many small regions cost little
 * more than one large one. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/simd.h"
#include "nn/onednn/onednn.h"
#include "nn/onednn/vector_exp.h"

/* Cells of one region: their numbers, and room for their scores and that of the query itself, which comes last. */
typedef struct region_cells {
    int count;
    int *index;    /* [cells] */
    float *scores; /* [cells + 1] */
} region_cells;

CS_CLONES static float dot(const float *a, const float *b, int count) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

CS_CLONES static void add_scaled(int count, float a, const float *x, float *y) {
    for (int i = 0; i < count; i++)
        y[i] += a * x[i];
}

static void list_cells(const float *mask, int cells, region_cells *region) {
    region->count = 0;
    for (int c = 0; c < cells; c++)
        if (mask[c] != 0) region->index[region->count++] = c;
}

/* Scores to weights, which are not yet divided by their sum. Returns the sum. */
static float weigh(float *scores, int count) {
    float highest = scores[0], sum = 0;
    for (int i = 1; i < count; i++)
        highest = scores[i] > highest ? scores[i] : highest;
    for (int i = 0; i < count; i++) {
        scores[i] = cs_exp_negative(scores[i] - highest);
        sum += scores[i];
    }
    return sum;
}

/* One head. cells, own: the queries of the first cell and of the region itself. */
static void attend(const cs_attention_size *size, const region_cells *region, const float *cells, const float *own,
                   float *out) {
    size_t width = (size_t)size->heads * (size_t)size->head_width, stride = 3 * width;
    int head_width = size->head_width, count = region->count;
    float scale = 1.0f / sqrtf((float)head_width), *scores = region->scores;
    for (int i = 0; i < count; i++)
        scores[i] = scale * dot(own, cells + (size_t)region->index[i] * stride + width, head_width);
    scores[count] = scale * dot(own, own + width, head_width);
    float sum = weigh(scores, count + 1);
    memset(out, 0, (size_t)head_width * sizeof *out);
    for (int i = 0; i < count; i++)
        add_scaled(head_width, scores[i] / sum, cells + (size_t)region->index[i] * stride + 2 * width, out);
    add_scaled(head_width, scores[count] / sum, own + 2 * width, out);
}

static cs_status make_cells(int threads, int cells, int **index, float **scores, cs_error *error) {
    size_t count = (size_t)threads * ((size_t)cells + 1);
    *index = cs_alloc(count, sizeof **index);
    *scores = cs_alloc(count, sizeof **scores);
    return *index && *scores ? CS_OK : cs_fail_memory(error, "attention");
}

cs_status cs_cpu_attention_regions(cs_nn *nn, const cs_attention_size *size, int k, const float *qkv,
                                   const float *regions, const float *masks, float *out, cs_error *error) {
    size_t width = (size_t)size->heads * (size_t)size->head_width;
    int cells = size->tokens - 1, *index;
    float *scores;
    cs_status status = make_cells(nn->threads, cells, &index, &scores, error);
#pragma omp parallel for num_threads(nn->threads) schedule(dynamic) if (status == CS_OK)
    for (int r = 0; r < (status == CS_OK ? k : 0); r++) {
        size_t room = (size_t)omp_get_thread_num() * ((size_t)cells + 1);
        region_cells region = {0, index + room, scores + room};
        list_cells(masks + (size_t)r * (size_t)cells, cells, &region);
        for (int head = 0; head < size->heads; head++) {
            size_t offset = (size_t)head * (size_t)size->head_width;
            attend(size, &region, qkv + 3 * width + offset, regions + (size_t)r * 3 * width + offset,
                   out + (size_t)r * width + offset);
        }
    }
    free(index);
    free(scores);
    return status;
}
