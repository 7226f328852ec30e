#include "model/unit.h"

#include <math.h>

void cs_to_unit_length(float *x, size_t rows, size_t width) {
    for (size_t r = 0; r < rows; r++) {
        float *row = x + r * width;
        double squares = 0;
        for (size_t i = 0; i < width; i++)
            squares += (double)row[i] * row[i];
        if (squares == 0) continue;
        double scale = 1 / sqrt(squares);
        for (size_t i = 0; i < width; i++)
            row[i] = (float)(row[i] * scale);
    }
}

float cs_dot(const float *a, const float *b, size_t width) {
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += (double)a[i] * b[i];
    return (float)sum;
}
