/* CLIP's vision transformer. Source: Dosovitskiy et al., "An Image is Worth 16x16 Words" (2021), in CLIP's form (a
 * layernorm before the first block, the class token's state projected without bias). */
#ifndef CS_MODEL_VIT_H
#define CS_MODEL_VIT_H

#include "model/config.h"
#include "model/image_encoder.h"
#include "model/weights.h"

cs_status cs_vit_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                        cs_error *error);

#endif
