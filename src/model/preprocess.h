/* From a picture to what an image encoder takes, as preprocessor_config.json says. */
#ifndef CS_MODEL_PREPROCESS_H
#define CS_MODEL_PREPROCESS_H

#include "clipsight.h"
#include "image/image.h"
#include "image/resample.h"

typedef struct cs_preprocess {
    int shortest_edge; /* the short side after resizing */
    int crop;          /* side of the square cut from the centre */
    cs_filter filter;
    float mean[3], std[3];
    int threads;
} cs_preprocess;

/* Reads folder/preprocessor_config.json; keys that are missing take CLIP's values. */
cs_status cs_preprocess_load(const char *folder, int image_size, cs_preprocess *preprocess, cs_error *error);

/* A whole photograph: short side to shortest_edge, centre crop, normalise. out: [crop, crop, 3].
 * Source: transformers' CLIPImageProcessor over Pillow. */
cs_status cs_preprocess_photo(const cs_preprocess *preprocess, cs_view photo, float *out, cs_error *error);

/* Any rectangle brought to height x width, without a crop, and normalised. out: [height, width, 3]. */
cs_status cs_preprocess_resized(const cs_preprocess *preprocess, cs_view view, int height, int width, float *out,
                                cs_error *error);

#endif
