/* Masks of regions as the backends take them. */
#ifndef CS_MODEL_MASKS_H
#define CS_MODEL_MASKS_H

#include "model/workspace.h"

/* masks: host, [k, cells], to *device [k, cells]: 1 inside; where `mean` is set 1 / the region's cells, so that a
 * product with cells gives their mean. `slot` of the workspace holds them. */
cs_status cs_masks_upload(cs_workspace *workspace, int slot, const unsigned char *masks, int k, size_t cells, int mean,
                          float **device, cs_error *error);

#endif
