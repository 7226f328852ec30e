/* What a resize needs beforehand: the weights of both passes and each thread's scratch rows. */
#ifndef CS_IMAGE_RESAMPLE_PLAN_H
#define CS_IMAGE_RESAMPLE_PLAN_H

#include "image/kernels.h"

typedef struct cs_resample_plan {
    cs_kernels kernels;
    cs_view source;
    int width, height; /* of the output */
    uint8_t *out;
    size_t out_stride;
    int changes_width, changes_height, vertical_first;
    int workers;
    cs_row_filter across; /* empty unless the width changes */
    cs_taps down;         /* empty unless the height changes */
    const uint8_t **rows; /* [workers, down.most] */
    uint8_t *scratch;     /* [workers, slots, slot_stride] */
    int slots;
    size_t slot_stride;
} cs_resample_plan;

/* `out` and `out_stride` are left to the caller. */
cs_status cs_resample_plan_create(cs_kernels kernels, cs_view source, int width, int height, cs_filter filter,
                                  int threads, cs_resample_plan *plan, cs_error *error);
void cs_resample_plan_free(cs_resample_plan *plan);

/* cs_resample() with given inner loops, for tests. */
cs_status cs_resample_with(cs_kernels kernels, cs_view source, int width, int height, cs_filter filter, int threads,
                           uint8_t *out, size_t out_stride, cs_error *error);

#endif
