/* From the telling part of an object to the whole of it.
 *
 * A classifier's map is high on what tells an object from others (a face), and low on the rest of it (the fur). The
 * network's middle features do not name anything, but they tell what looks like what. So each position's value becomes
 * the mean of the positions that look like it, over and over, while the surest positions stay 1 and the least likely
 * ones stay 0: the harmonic function on the graph of likeness.
 * Source: Zhu, Ghahramani and Lafferty, "Semi-supervised learning using Gaussian fields and harmonic functions" (2003).
 */
#ifndef CS_LOCATE_SPREAD_H
#define CS_LOCATE_SPREAD_H

#include "clipsight.h"
#include "model/image_encoder.h"
#include "model/model.h"

/* In place. maps: [n, rows * cols] on the features' grid; the results lie in [0, 1]. */
cs_status cs_spread(cs_model *model, const cs_features *features, int n, float *maps, cs_error *error);

#endif
