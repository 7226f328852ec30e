/* Cells of a map that are unlike all others, and what to put in their place. */
#ifndef CS_MODEL_OUTLIERS_H
#define CS_MODEL_OUTLIERS_H

#include <stddef.h>

#include "clipsight.h"

/* Local outlier factors of n points, from gram [n, n] = their products with one another; 3 or more points.
 *
 * With d_i the squared distance to the k-th nearest other point (k = 30, or half of the others where there are no
 * more than that), factor_i = the mean over the k nearest j of d_i / d_j: far above 1 where a point lies apart from
 * points that lie close together. This is the form of SC-CLIP's published code, in which a point's own d stands for its
 * reachability; the factors of Breunig et al., "LOF: Identifying Density-Based Local Outliers" (2000), differ a little.
 */
cs_status cs_outlier_factors(const float *gram, int n, float *factors, cs_error *error);

/* outliers[i] = 1 where the factor is above the 95 % quantile (linear between ranks), else 0. */
cs_status cs_outliers(const float *factors, int n, unsigned char *outliers, cs_error *error);

/* Replaces each outlier of map [rows, cols, width] by the mean of those of its 8 neighbours that are none; where all
 * are, it stays. */
void cs_replace_outliers(int rows, int cols, int width, const unsigned char *outliers, float *map);

#endif
