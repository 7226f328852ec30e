/* Logistic regression with a few variables. */
#ifndef CS_EVAL_LOGISTIC_H
#define CS_EVAL_LOGISTIC_H

#include "clipsight.h"

enum { CS_LOGISTIC_MOST = 4 };

/* Finds weights [k] and the intercept that make the sum over i of log(1 + exp(-s_i z_i)) + ridge / 2 |weights|^2 least,
 * with z_i = intercept + x_i . weights and s_i = 1 where y_i is non-zero, else -1. x: [n, k], 1 <= k <=
 * CS_LOGISTIC_MOST; ridge > 0. By Newton's method in double, the step halved until it lowers the sum. CS_ERR_ARGUMENT
 * where all y are the same: the intercept would run away.
 * Source: Cox, "The regression analysis of binary sequences" (1958). */
cs_status cs_logistic_fit(const double *x, const unsigned char *y, size_t n, int k, double ridge, double *weights,
                          double *intercept, cs_error *error);

#endif
