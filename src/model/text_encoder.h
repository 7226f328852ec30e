/* CLIP's text transformer. Source: Radford et al. (2021); tensor names by layout, see names.h. */
#ifndef CS_MODEL_TEXT_ENCODER_H
#define CS_MODEL_TEXT_ENCODER_H

#include "model/config.h"
#include "model/weights.h"

typedef struct cs_text_encoder cs_text_encoder;

cs_status cs_text_encoder_create(const cs_weights *weights, const cs_config *config, cs_text_encoder **encoder,
                                 cs_error *error);
void cs_text_encoder_destroy(cs_text_encoder *encoder);

/* ids: [n, stride], text i having lengths[i] ids of which the last is the end of text. out: [n, dim], unit length. */
cs_status cs_text_encoder_run(cs_text_encoder *encoder, const int32_t *ids, size_t stride, const size_t *lengths,
                              size_t n, float *out, cs_error *error);

#endif
