/* From the figures of the classes to those of the whole. */
#ifndef CS_EVAL_MEANS_H
#define CS_EVAL_MEANS_H

#include "clipsight.h"

/* Means over the classes that have an object that counts, NaN where none has; and the sums over all classes of pairs.
 * `metric` and `photographs` are left at 0. */
cs_figures cs_mean_figures(const cs_class_figures *classes, size_t count);

#endif
