/* What config.json says of a model's two towers. */
#ifndef CS_MODEL_CONFIG_H
#define CS_MODEL_CONFIG_H

#include "clipsight.h"
#include "nn/nn.h"

typedef struct cs_text_config {
    int vocabulary, width, mlp, layers, heads, context;
    int end_of_text; /* id at whose position the text's state is read */
    cs_activation activation;
    float epsilon;
} cs_text_config;

typedef struct cs_efficientnet_config {
    float width_coefficient, depth_coefficient, epsilon;
    int image_size, classes;
    int class_dim; /* length of a class vector: the embedding without its two "unknown" dimensions */
} cs_efficientnet_config;

typedef struct cs_config {
    char *model_type; /* owned */
    int dim;          /* embedding */
    cs_text_config text;
    cs_efficientnet_config vision;
} cs_config;

/* Reads folder/config.json. */
cs_status cs_config_load(const char *folder, cs_config *config, cs_error *error);
void cs_config_clear(cs_config *config);

#endif
