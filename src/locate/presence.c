#include "locate/presence.h"

#include <math.h>
#include <string.h>

static const double least = 0.001;

double cs_presence_logit(double x) {
    if (!(x > least)) x = least;
    if (x > 1 - least) x = 1 - least;
    return log(x / (1 - x));
}

float cs_presence_score(const cs_calibration *calibration, cs_method method, float evidence, float spread) {
    float held = evidence > 0 ? evidence : 0;
    if (held > 1) held = 1;
    if (!calibration->is_set || strcmp(calibration->method, cs_method_name(method)) != 0) return held;
    double z = calibration->intercept + calibration->evidence * cs_presence_logit((double)held) +
               calibration->spread * cs_presence_logit((double)spread);
    return (float)(1 / (1 + exp(-z)));
}
