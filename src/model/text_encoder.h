/* CLIP's text transformer. Source: Radford et al. (2021); tensor names as in transformers' CLIPModel. */
#ifndef CS_MODEL_TEXT_ENCODER_H
#define CS_MODEL_TEXT_ENCODER_H

#include "model/config.h"
#include "model/weights.h"

typedef struct cs_text_encoder cs_text_encoder;

/* The checkpoint has to stay open as long as the encoder: token embeddings are read from it when needed. */
cs_status cs_text_encoder_create(const cs_weights *weights, const cs_text_config *config, int dim,
                                 cs_text_encoder **encoder, cs_error *error);
void cs_text_encoder_destroy(cs_text_encoder *encoder);

/* ids: [n, stride], text i having lengths[i] ids of which the last is the end of text. out: [n, dim], unit length. */
cs_status cs_text_encoder_run(cs_text_encoder *encoder, const int32_t *ids, size_t stride, const size_t *lengths,
                              size_t n, float *out, cs_error *error);

#endif
