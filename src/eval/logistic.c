#include "eval/logistic.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

enum { SIDE = CS_LOGISTIC_MOST + 1, MOST_STEPS = 100, MOST_HALVINGS = 40 };

typedef struct problem {
    const double *x;
    const unsigned char *y;
    size_t n;
    int k;
    double ridge;
} problem;

/* theta: [k + 1], the intercept last. */
static double linear(const problem *of, const double *theta, size_t i) {
    double z = theta[of->k];
    for (int j = 0; j < of->k; j++)
        z += theta[j] * of->x[i * (size_t)of->k + (size_t)j];
    return z;
}

static double loss(const problem *of, const double *theta) {
    double sum = 0;
    for (size_t i = 0; i < of->n; i++) {
        double z = of->y[i] ? -linear(of, theta, i) : linear(of, theta, i);
        sum += z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
    }
    for (int j = 0; j < of->k; j++)
        sum += of->ridge / 2 * theta[j] * theta[j];
    return sum;
}

/* Slope [k + 1] and curvature [k + 1, k + 1] of the loss. */
static void derive(const problem *of, const double *theta, double *slope, double curvature[SIDE][SIDE]) {
    memset(slope, 0, SIDE * sizeof *slope);
    memset(curvature, 0, SIDE * sizeof *curvature);
    for (size_t i = 0; i < of->n; i++) {
        double p = 1 / (1 + exp(-linear(of, theta, i))), miss = p - (of->y[i] ? 1 : 0), row[SIDE];
        for (int j = 0; j < of->k; j++)
            row[j] = of->x[i * (size_t)of->k + (size_t)j];
        row[of->k] = 1;
        for (int a = 0; a <= of->k; a++) {
            slope[a] += miss * row[a];
            for (int b = 0; b <= of->k; b++)
                curvature[a][b] += p * (1 - p) * row[a] * row[b];
        }
    }
    for (int j = 0; j < of->k; j++) {
        slope[j] += of->ridge * theta[j];
        curvature[j][j] += of->ridge;
    }
    curvature[of->k][of->k] += 1e-12; /* where every answer is certain, it would vanish */
}

/* Solves a x = b of `side` rows, in place, x in b. a is symmetric and positive definite: no pivots are needed. */
static void solve(int side, double a[SIDE][SIDE], double *b) {
    for (int i = 0; i < side; i++) {
        for (int row = i + 1; row < side; row++) {
            double factor = a[row][i] / a[i][i];
            for (int col = i; col < side; col++)
                a[row][col] -= factor * a[i][col];
            b[row] -= factor * b[i];
        }
    }
    for (int i = side - 1; i >= 0; i--) {
        for (int col = i + 1; col < side; col++)
            b[i] -= a[i][col] * b[col];
        b[i] /= a[i][i];
    }
}

/* One step. Returns how far the farthest number went; 0 where no step lowers the loss. */
static double step(const problem *of, double *theta) {
    double slope[SIDE], curvature[SIDE][SIDE], next[SIDE], before = loss(of, theta), share = 1;
    derive(of, theta, slope, curvature);
    solve(of->k + 1, curvature, slope);
    for (int halving = 0; halving < MOST_HALVINGS; halving++, share /= 2) {
        double farthest = 0;
        for (int j = 0; j <= of->k; j++) {
            next[j] = theta[j] - share * slope[j];
            farthest = fmax(farthest, fabs(share * slope[j]));
        }
        if (!(loss(of, next) <= before)) continue;
        memcpy(theta, next, (size_t)(of->k + 1) * sizeof *theta);
        return farthest;
    }
    return 0;
}

cs_status cs_logistic_fit(const double *x, const unsigned char *y, size_t n, int k, double ridge, double *weights,
                          double *intercept, cs_error *error) {
    const problem of = {x, y, n, k, ridge};
    double theta[SIDE] = {0};
    size_t ones = 0;
    for (size_t i = 0; i < n; i++)
        ones += y[i] != 0;
    if (ones == 0 || ones == n)
        return cs_fail(error, CS_ERR_ARGUMENT, "logistic regression: expected both answers among the %zu samples", n);
    for (int i = 0; i < MOST_STEPS; i++)
        if (step(&of, theta) < 1e-10) break;
    memcpy(weights, theta, (size_t)k * sizeof *weights);
    *intercept = theta[k];
    return CS_OK;
}
