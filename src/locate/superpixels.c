#include "locate/superpixels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/simd.h"

/* How much a step of one region's width weighs against a difference of colour: the paper's 10. */
static const float compactness = 10;

/* The paper's 10 rounds are more than enough for regions to settle. */
enum { ROUNDS = 10 };

/* Pieces below this share of the mean area are joined to others. */
enum { LEAST_SHARE = 4 };

/* The mean of a region's pixels. */
typedef struct centre {
    float lab[3], x, y;
} centre;

typedef struct clusters {
    const cs_lab *lab;
    int across, down;       /* of the grid that the centres start from */
    float reach_x, reach_y; /* how far from its centre a region may reach */
    float nearness;         /* weight of a squared distance in pixels */
    centre *centres;        /* [down, across] */
    double *sums;           /* [centres, 6]: of lab, x, y, and pixels */
    float *distances;       /* [rows, cols] to the centre that a pixel belongs to */
    int32_t *labels;        /* [rows, cols] */
} clusters;

static size_t index_of(const cs_lab *lab, int row, int col) {
    return (size_t)row * (size_t)lab->cols + (size_t)col;
}

static centre pixel_at(const cs_lab *lab, int row, int col) {
    size_t at = index_of(lab, row, col), plane = (size_t)lab->rows * (size_t)lab->cols;
    return (centre){{lab->planes[at], lab->planes[plane + at], lab->planes[2 * plane + at]}, (float)col, (float)row};
}

static float difference(const centre *a, const centre *b) {
    float sum = 0;
    for (int i = 0; i < 3; i++)
        sum += (a->lab[i] - b->lab[i]) * (a->lab[i] - b->lab[i]);
    return sum;
}

/* How much the colour changes at a pixel that is not at the edge. */
static float gradient(const cs_lab *lab, int row, int col) {
    centre left = pixel_at(lab, row, col - 1), right = pixel_at(lab, row, col + 1);
    centre above = pixel_at(lab, row - 1, col), below = pixel_at(lab, row + 1, col);
    return difference(&left, &right) + difference(&above, &below);
}

/* A centre should not start on an edge: the calmest of the pixels around it is taken. */
static centre calm_start(const cs_lab *lab, int row, int col) {
    int best_row = row, best_col = col;
    float least = FLT_MAX;
    for (int y = row - 1; y <= row + 1; y++) {
        for (int x = col - 1; x <= col + 1; x++) {
            if (y < 1 || x < 1 || y > lab->rows - 2 || x > lab->cols - 2) continue;
            float here = gradient(lab, y, x);
            if (here >= least) continue;
            least = here;
            best_row = y;
            best_col = x;
        }
    }
    return pixel_at(lab, best_row, best_col);
}

/* The grid cell that pixel `at` of `pixels` lies in, of `cells`. */
static int cell_of(int at, int pixels, int cells) {
    return (int)((int64_t)at * cells / pixels);
}

static void start(clusters *k) {
    const cs_lab *lab = k->lab;
    for (int i = 0; i < k->down; i++)
        for (int j = 0; j < k->across; j++)
            k->centres[i * k->across + j] =
                calm_start(lab, (int)((i + 0.5) * lab->rows / k->down), (int)((j + 0.5) * lab->cols / k->across));
    for (int row = 0; row < lab->rows; row++)
        for (int col = 0; col < lab->cols; col++)
            k->labels[index_of(lab, row, col)] =
                cell_of(row, lab->rows, k->down) * k->across + cell_of(col, lab->cols, k->across);
}

/* Pixels [left, right) of a row go over to a centre that is nearer than their own. */
CS_CLONES static void claim_row(clusters *k, int32_t label, int row, int left, int right) {
    const centre *c = &k->centres[label];
    size_t plane = (size_t)k->lab->rows * (size_t)k->lab->cols, first = index_of(k->lab, row, 0);
    const float *l = k->lab->planes + first, *a = l + plane, *b = a + plane;
    float down = ((float)row - c->y) * ((float)row - c->y) * k->nearness, *distances = k->distances + first;
    int32_t *labels = k->labels + first;
    for (int x = left; x < right; x++) {
        float dl = l[x] - c->lab[0], da = a[x] - c->lab[1], db = b[x] - c->lab[2], dx = (float)x - c->x;
        float distance = dl * dl + da * da + db * db + dx * dx * k->nearness + down;
        int nearer = distance < distances[x];
        distances[x] = nearer ? distance : distances[x];
        labels[x] = nearer ? label : labels[x];
    }
}

static int within(float value, int limit) {
    return value < 0 ? 0 : value > (float)limit ? limit : (int)value;
}

static void claim(clusters *k, int32_t label) {
    const centre *c = &k->centres[label];
    int top = within(c->y - k->reach_y, k->lab->rows), bottom = within(c->y + k->reach_y + 1, k->lab->rows);
    int left = within(c->x - k->reach_x, k->lab->cols), right = within(c->x + k->reach_x + 1, k->lab->cols);
    for (int row = top; row < bottom; row++)
        claim_row(k, label, row, left, right);
}

static void add_up(clusters *k) {
    const cs_lab *lab = k->lab;
    memset(k->sums, 0, (size_t)k->across * (size_t)k->down * 6 * sizeof *k->sums);
    for (int row = 0; row < lab->rows; row++) {
        for (int col = 0; col < lab->cols; col++) {
            double *sum = k->sums + (size_t)k->labels[index_of(lab, row, col)] * 6;
            centre pixel = pixel_at(lab, row, col);
            for (int i = 0; i < 3; i++)
                sum[i] += (double)pixel.lab[i];
            sum[3] += col;
            sum[4] += row;
            sum[5] += 1;
        }
    }
}

/* Centres move to the mean of their pixels; one that has none stays. */
static void move(clusters *k) {
    add_up(k);
    for (int i = 0; i < k->across * k->down; i++) {
        const double *sum = k->sums + (size_t)i * 6;
        centre *c = &k->centres[i];
        if (!(sum[5] > 0)) continue;
        for (int j = 0; j < 3; j++)
            c->lab[j] = (float)(sum[j] / sum[5]);
        c->x = (float)(sum[3] / sum[5]);
        c->y = (float)(sum[4] / sum[5]);
    }
}

static void run(clusters *k) {
    size_t pixels = (size_t)k->lab->rows * (size_t)k->lab->cols;
    start(k);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < pixels; i++)
            k->distances[i] = FLT_MAX;
        for (int32_t i = 0; i < k->across * k->down; i++)
            claim(k, i);
        move(k);
    }
}

static int at_least_one(double value) {
    int rounded = (int)(value + 0.5);
    return rounded > 0 ? rounded : 1;
}

static cs_status create(const cs_lab *lab, int wanted, clusters *k, cs_error *error) {
    size_t pixels = (size_t)lab->rows * (size_t)lab->cols;
    double width = sqrt((double)pixels / wanted); /* of a region */
    *k = (clusters){.lab = lab, .across = at_least_one(lab->cols / width), .down = at_least_one(lab->rows / width)};
    k->reach_x = (float)fmax(width, (double)lab->cols / k->across);
    k->reach_y = (float)fmax(width, (double)lab->rows / k->down);
    k->nearness = (float)(compactness * compactness / (width * width));
    size_t count = (size_t)k->across * (size_t)k->down;
    k->centres = cs_alloc(count, sizeof *k->centres);
    k->sums = cs_alloc(count, 6 * sizeof *k->sums);
    k->distances = cs_alloc(pixels, sizeof *k->distances);
    k->labels = cs_alloc(pixels, sizeof *k->labels);
    return k->centres && k->sums && k->distances && k->labels ? CS_OK : cs_fail_memory(error, "superpixels");
}

cs_status cs_superpixels_create(const cs_lab *lab, int wanted, cs_superpixels *superpixels, cs_error *error) {
    clusters k;
    cs_superpixels made = {lab->rows, lab->cols, 0, NULL};
    cs_status status = create(lab, wanted, &k, error);
    if (status == CS_OK) {
        size_t area = (size_t)lab->rows * (size_t)lab->cols / ((size_t)k.across * (size_t)k.down);
        run(&k);
        status = cs_superpixels_connect(lab->rows, lab->cols, area / LEAST_SHARE, k.labels, &made.count, error);
    }
    free(k.centres);
    free(k.sums);
    free(k.distances);
    if (status != CS_OK) {
        free(k.labels);
        return status;
    }
    made.labels = k.labels;
    *superpixels = made;
    return CS_OK;
}

void cs_superpixels_free(cs_superpixels *superpixels) {
    free(superpixels->labels);
    superpixels->labels = NULL;
}
