/* The readable rendering of cs_resample(), which defines what the fast one must compute. */
#ifndef CS_IMAGE_RESAMPLE_REFERENCE_H
#define CS_IMAGE_RESAMPLE_REFERENCE_H

#include "image/resample.h"

/* As cs_resample(), on one thread, with a whole picture between the passes. */
cs_status cs_resample_reference(cs_view source, int width, int height, cs_filter filter, uint8_t *out,
                                size_t out_stride, cs_error *error);

#endif
