#include "model/outliers.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* Neighbours of a point, and share of the points that are outliers: SC-CLIP's. */
enum { NEIGHBOURS = 30 };
#define OUTLIER_SHARE 0.05

/* Equal points have no distance; as a divisor it must not be zero. */
#define LEAST_DISTANCE 1e-6f

typedef struct neighbours {
    int count;
    float distance[NEIGHBOURS]; /* ascending */
    int index[NEIGHBOURS];
} neighbours;

/* Keeps the nearest `limit` points in order. */
static void insert(neighbours *nearest, int limit, float distance, int index) {
    if (nearest->count == limit) {
        if (distance >= nearest->distance[limit - 1]) return;
        nearest->count--;
    }
    int at = nearest->count++;
    for (; at > 0 && nearest->distance[at - 1] > distance; at--) {
        nearest->distance[at] = nearest->distance[at - 1];
        nearest->index[at] = nearest->index[at - 1];
    }
    nearest->distance[at] = distance;
    nearest->index[at] = index;
}

static void find_nearest(const float *gram, int n, int i, int limit, neighbours *nearest) {
    size_t stride = (size_t)n;
    const float *row = gram + (size_t)i * stride;
    nearest->count = 0;
    for (int j = 0; j < n; j++) {
        if (j == i) continue;
        double distance = (double)row[i] + gram[(size_t)j * stride + (size_t)j] - 2.0 * row[j];
        insert(nearest, limit, distance > LEAST_DISTANCE ? (float)distance : LEAST_DISTANCE, j);
    }
}

cs_status cs_outlier_factors(const float *gram, int n, float *factors, cs_error *error) {
    /* with nearly all as neighbours, points far from each other would have exactly the same factor */
    int limit = n - 1 > NEIGHBOURS ? NEIGHBOURS : (n - 1) / 2;
    neighbours *nearest = cs_alloc((size_t)n, sizeof *nearest);
    if (!nearest) return cs_fail_memory(error, "outliers of a map");
    for (int i = 0; i < n; i++)
        find_nearest(gram, n, i, limit, &nearest[i]);
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < limit; k++)
            sum += 1 / (double)nearest[nearest[i].index[k]].distance[limit - 1];
        factors[i] = (float)(nearest[i].distance[limit - 1] * sum / limit);
    }
    free(nearest);
    return CS_OK;
}

static int ascending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

cs_status cs_outliers(const float *factors, int n, unsigned char *outliers, cs_error *error) {
    float *sorted = cs_alloc((size_t)n, sizeof *sorted);
    if (!sorted) return cs_fail_memory(error, "outliers of a map");
    memcpy(sorted, factors, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    double rank = (1 - OUTLIER_SHARE) * (n - 1);
    int below = (int)rank, above = below + 1 < n ? below + 1 : below;
    double limit = sorted[below] + (rank - below) * ((double)sorted[above] - sorted[below]);
    for (int i = 0; i < n; i++)
        outliers[i] = factors[i] > limit;
    free(sorted);
    return CS_OK;
}

/* One cell; what it reads are no outliers, which stay as they are. */
static void replace(int rows, int cols, int width, const unsigned char *outliers, int row, int col, float *map) {
    float *cell = map + ((size_t)row * (size_t)cols + (size_t)col) * (size_t)width;
    int count = 0;
    for (int r = row - 1; r <= row + 1; r++) {
        for (int c = col - 1; c <= col + 1; c++) {
            if (r < 0 || r >= rows || c < 0 || c >= cols || outliers[r * cols + c]) continue;
            const float *other = map + ((size_t)r * (size_t)cols + (size_t)c) * (size_t)width;
            for (int i = 0; i < width; i++)
                cell[i] = (count > 0 ? cell[i] : 0) + other[i];
            count++;
        }
    }
    for (int i = 0; count > 0 && i < width; i++)
        cell[i] /= (float)count;
}

void cs_replace_outliers(int rows, int cols, int width, const unsigned char *outliers, float *map) {
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++)
            if (outliers[row * cols + col]) replace(rows, cols, width, outliers, row, col, map);
}
