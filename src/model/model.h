/* A pair of encoders that share an embedding space, and what comes with them. */
#ifndef CS_MODEL_MODEL_H
#define CS_MODEL_MODEL_H

#include "clipsight.h"
#include "image/image.h"
#include "model/calibration.h"
#include "model/checkpoint.h"
#include "model/config.h"
#include "model/image_encoder.h"
#include "model/preprocess.h"
#include "model/text_encoder.h"
#include "text/tokenizer.h"

struct cs_model {
    const cs_nn_ops *ops;
    cs_nn *nn;
    int threads, batch;
    cs_precision precision; /* never CS_PRECISION_AUTO */
    cs_config config;
    cs_preprocess preprocess;
    float logit_scale; /* already exponentiated */
    float logit_bias;  /* 0 where the checkpoint has none */
    cs_tokenizer *tokenizer;
    cs_checkpoint *checkpoint;
    cs_text_encoder *text;
    cs_image_encoder *image;
    cs_calibration calibration;
    cs_work work;            /* but for gmac, which the backend knows */
    cs_prompts *backgrounds; /* NULL until they are first asked for */
};

/* Embeds n rectangles of one photograph, in batches. out: [n, dim], unit length. */
cs_status cs_model_embed_rects(cs_model *model, cs_view photo, const cs_rect *rects, size_t n,
                               const cs_progress *progress, float *out, cs_error *error);

/* Calls the progress function; CS_ERR_CANCELLED where it asks to stop. */
cs_status cs_progress_report(const cs_progress *progress, size_t done, size_t total, cs_error *error);

#endif
