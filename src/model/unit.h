/* Unit vectors. */
#ifndef CS_MODEL_UNIT_H
#define CS_MODEL_UNIT_H

#include <stddef.h>

/* Scales each row of x [rows, width] to length 1; a row of zeros stays. */
void cs_to_unit_length(float *x, size_t rows, size_t width);

/* Cosine of two unit vectors. */
float cs_dot(const float *a, const float *b, size_t width);

#endif
