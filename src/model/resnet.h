/* OpenAI's modified ResNets: a stem of three convolutions, strides taken by mean pooling (anti-aliased), and attention
 * in the place of the last mean. Source: Radford et al. (2021); tensor names as in OpenCLIP's "visual.". */
#ifndef CS_MODEL_RESNET_H
#define CS_MODEL_RESNET_H

#include "model/config.h"
#include "model/image_encoder.h"
#include "model/weights.h"

cs_status cs_resnet_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                           cs_error *error);

#endif
