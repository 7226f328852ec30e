/* From pairs to a calibration. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/calibrate.h"
#include "eval/logistic.h"
#include "locate/presence.h"
#include "model/model.h"

/* Share of the absent pairs that the default minimum lets through. */
static const double absent_allowed = 0.02;

/* Holds the weights where the photographs tell present and absent without fail. */
static const double ridge = 1;

/* Both variables, or one where the other would have a negative weight: a score that falls where evidence rises would be
 * an accident of these photographs. x: [n, 2]; single: room for [n]. */
static cs_status fit_rising(const double *x, double *single, const unsigned char *y, size_t n,
                            cs_calibration *calibration, cs_error *error) {
    double weights[2] = {0, 0};
    cs_status status = cs_logistic_fit(x, y, n, 2, ridge, weights, &calibration->intercept, error);
    if (status == CS_OK && (weights[0] < 0 || weights[1] < 0)) {
        int kept = weights[0] < 0 && weights[1] >= 0;
        for (size_t i = 0; i < n; i++)
            single[i] = x[2 * i + (size_t)kept];
        weights[!kept] = 0;
        status = cs_logistic_fit(single, y, n, 1, ridge, &weights[kept], &calibration->intercept, error);
        if (weights[kept] < 0) weights[kept] = 0;
    }
    calibration->evidence = weights[0];
    calibration->spread = weights[1];
    return status;
}

static cs_status fit_pairs(const cs_calibration_fit *fit, cs_calibration *calibration, cs_error *error) {
    double *x = cs_alloc(fit->count, 3 * sizeof *x);
    unsigned char *y = cs_alloc(fit->count, 1);
    cs_status status = x && y ? CS_OK : cs_fail_memory(error, "a calibration");
    for (size_t i = 0; status == CS_OK && i < fit->count; i++) {
        x[2 * i] = cs_presence_logit((double)fit->pairs[i].evidence);
        x[2 * i + 1] = cs_presence_logit((double)fit->pairs[i].spread);
        y[i] = fit->pairs[i].present;
    }
    if (status == CS_OK) status = fit_rising(x, x + 2 * fit->count, y, fit->count, calibration, error);
    free(x);
    free(y);
    return status;
}

static int falling(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

static float score_of(const cs_calibration_fit *fit, const cs_calibration *calibration, const cs_calibration_pair *of) {
    return cs_presence_score(calibration, fit->method, of->evidence, of->spread);
}

/* Half-way between the last absent pair that may pass and the first that may not; rounded up to a thousandth. */
static double choose_minimum(const float *absent, size_t count) {
    size_t passing = (size_t)(absent_allowed * (double)count);
    double above = passing > 0 ? (double)absent[passing - 1] : 1, below = (double)absent[passing];
    return fmin(ceil((above + below) / 2 * 1000) / 1000, 1);
}

static cs_status find_minimum(const cs_calibration_fit *fit, cs_calibration *calibration, cs_error *error) {
    float *absent = cs_alloc(fit->count, sizeof *absent);
    size_t count = 0;
    if (!absent) return cs_fail_memory(error, "a calibration");
    for (size_t i = 0; i < fit->count; i++)
        if (!fit->pairs[i].present) absent[count++] = score_of(fit, calibration, &fit->pairs[i]);
    qsort(absent, count, sizeof *absent, falling);
    calibration->min_score = choose_minimum(absent, count);
    free(absent);
    return CS_OK;
}

static void summarise(const cs_calibration_fit *fit, cs_calibration_figures *figures) {
    const cs_calibration *made = &fit->calibration;
    size_t passing[2] = {0, 0}, all[2] = {0, 0};
    for (size_t i = 0; i < fit->count; i++) {
        int present = fit->pairs[i].present;
        all[present]++;
        passing[present] += (double)score_of(fit, made, &fit->pairs[i]) >= made->min_score;
    }
    *figures = (cs_calibration_figures){.photographs = fit->photographs,
                                        .present = all[1],
                                        .absent = all[0],
                                        .intercept = made->intercept,
                                        .evidence = made->evidence,
                                        .spread = made->spread,
                                        .min_score = made->min_score,
                                        .present_rate = (double)passing[1] / (double)all[1],
                                        .absent_rate = (double)passing[0] / (double)all[0]};
}

static cs_status check_pairs(const cs_calibration_fit *fit, cs_error *error) {
    size_t present = 0;
    for (size_t i = 0; i < fit->count; i++)
        present += fit->pairs[i].present;
    if (present > 0 && present < fit->count) return CS_OK;
    return cs_fail(error, CS_ERR_ARGUMENT,
                   "calibration: expected classes that are in some photographs and not in others; of %zu pairs of "
                   "photograph and class %zu are present",
                   fit->count, present);
}

cs_status cs_calibration_fit_solve(cs_calibration_fit *fit, cs_calibration_figures *figures, cs_error *error) {
    cs_calibration made = {.is_set = 1, .photographs = fit->photographs, .pairs = fit->count};
    memcpy(made.weights, fit->model->calibration.weights, sizeof made.weights);
    cs_status status = check_pairs(fit, error);
    if (status == CS_OK) {
        strncpy(made.method, cs_method_name(fit->method), sizeof made.method - 1);
        status = fit_pairs(fit, &made, error);
    }
    if (status == CS_OK) status = find_minimum(fit, &made, error);
    if (status != CS_OK) return status;
    fit->calibration = made;
    if (figures) summarise(fit, figures);
    return CS_OK;
}
