/* The window method up to the unclipped map. */
#ifndef CS_LOCATE_LOCALIZE_H
#define CS_LOCATE_LOCALIZE_H

#include "clipsight.h"

/* Maps with `logits` and `raw` filled in; `cells` is a copy of `raw`, for the caller to clip and normalise. */
cs_status cs_window_maps(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                         const cs_localize_options *options, cs_maps **maps, cs_error *error);

#endif
