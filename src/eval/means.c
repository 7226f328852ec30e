#include "eval/means.h"

#include <math.h>

#include "eval/pairs.h"

/* In double precision: the means of many floats are compared to four digits and more. */
typedef struct sums {
    double ap30, ap50, ap, image;
    double curve30[CS_CURVE_POINTS], curve50[CS_CURVE_POINTS];
} sums;

static void add(sums *sum, const cs_class_figures *figures) {
    sum->ap30 += figures->ap30;
    sum->ap50 += figures->ap50;
    sum->ap += figures->ap;
    sum->image += figures->image_ap;
    for (int i = 0; i < CS_CURVE_POINTS; i++) {
        sum->curve30[i] += figures->curve30[i];
        sum->curve50[i] += figures->curve50[i];
    }
}

static void divide(const sums *sum, size_t n, cs_figures *figures) {
    double by = n ? (double)n : NAN;
    figures->ap30 = (float)(sum->ap30 / by);
    figures->ap50 = (float)(sum->ap50 / by);
    figures->ap = (float)(sum->ap / by);
    figures->image_map = (float)(sum->image / by);
    for (int i = 0; i < CS_CURVE_POINTS; i++) {
        figures->curve30[i] = (float)(sum->curve30[i] / by);
        figures->curve50[i] = (float)(sum->curve50[i] / by);
    }
}

cs_figures cs_mean_figures(const cs_class_figures *classes, size_t count) {
    cs_figures figures = {0};
    sums sum = {0};
    for (size_t i = 0; i < count; i++) {
        cs_pair_add(&figures.pairs, &classes[i].pairs);
        if (classes[i].objects == 0) continue;
        add(&sum, &classes[i]);
        figures.objects += classes[i].objects;
        figures.classes++;
    }
    divide(&sum, figures.classes, &figures);
    cs_pair_rates(&figures.pairs);
    return figures;
}
