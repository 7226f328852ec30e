/* EfficientNet-Lite as an image encoder whose embedding is its own opinion on 1,000 classes, spelled as one vector.
 *
 * The network gives p = softmax over the classes. With W [classes, class_dim] one vector per class, the embedding is
 * [p W, 0, rest], the rest making it a unit vector ("no known object"). So its cosine with a text embedding is the sum
 * over classes of p_c <w_c, text>: linear in the evidence. models/starter/README.md has the whole story.
 *
 * Source: Tan and Le, EfficientNet (2019), in the Lite form (no squeeze-and-excitation, ReLU6, fixed stem and head);
 * TensorFlow's SAME padding. */
#ifndef CS_MODEL_EFFICIENTNET_H
#define CS_MODEL_EFFICIENTNET_H

#include "model/config.h"
#include "model/image_encoder.h"
#include "model/weights.h"

cs_status cs_efficientnet_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                                 cs_error *error);

#endif
