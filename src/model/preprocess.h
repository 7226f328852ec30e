/* From a picture to what an image encoder takes, as the model folder's configuration says. */
#ifndef CS_MODEL_PREPROCESS_H
#define CS_MODEL_PREPROCESS_H

#include "clipsight.h"
#include "image/image.h"
#include "image/resample.h"
#include "model/config.h"

typedef enum cs_resize_mode {
    CS_RESIZE_SHORTEST, /* the short side becomes `edge`; the centre is cut out */
    CS_RESIZE_SQUASH,   /* both sides become `edge` */
    CS_RESIZE_LONGEST   /* the long side becomes `edge`; the rest is filled up with black */
} cs_resize_mode;

typedef struct cs_preprocess {
    cs_resize_mode mode;
    int edge;
    int crop; /* side of the square cut from the centre */
    /* Where the centre lies between two pixels: transformers rounds the offset down, torchvision (and so OpenCLIP) to
     * the even number. */
    int round_to_even;
    cs_filter filter;
    float mean[3], std[3];
    int threads;
} cs_preprocess;

/* Reads preprocessor_config.json, or else processor_config.json, or open_clip_config.json in its layout; keys that are
 * missing take CLIP's values. */
cs_status cs_preprocess_load(const char *folder, cs_layout layout, int image_size, cs_preprocess *preprocess,
                             cs_error *error);

/* The layouts' readers; `path` stands for the file in errors. */
cs_status cs_preprocess_read_hf(const char *path, const json_t *root, cs_preprocess *preprocess, cs_error *error);
cs_status cs_preprocess_read_openclip(const char *path, const json_t *root, cs_preprocess *preprocess, cs_error *error);

/* A whole photograph or a window of one, resized, cut and normalised. out: [crop, crop, 3].
 * Source: transformers' CLIPImageProcessor over Pillow; OpenCLIP's transform over torchvision and Pillow. */
cs_status cs_preprocess_photo(const cs_preprocess *preprocess, cs_view photo, float *out, cs_error *error);

/* Sides of a photograph after resizing, before the cut. Given a picture of these sides, cs_preprocess_photo() only cuts
 * and normalises. */
cs_status cs_preprocess_size(const cs_preprocess *preprocess, cs_view photo, int *width, int *height, cs_error *error);

/* The rest of cs_preprocess_photo() where that size is known. `view` may be a picture that has been brought to this
 * width already. out: [crop, crop, 3]. */
cs_status cs_preprocess_sized(const cs_preprocess *preprocess, cs_view view, int width, int height, float *out,
                              cs_error *error);

/* Any rectangle brought to height x width, without a crop, and normalised. out: [height, width, 3]. */
cs_status cs_preprocess_resized(const cs_preprocess *preprocess, cs_view view, int height, int width, float *out,
                                cs_error *error);

#endif
