/* What a model folder's configuration says of its two towers, whatever the layout of the folder. */
#ifndef CS_MODEL_CONFIG_H
#define CS_MODEL_CONFIG_H

#include <jansson.h>

#include "clipsight.h"
#include "nn/nn.h"

/* How files and tensors are named. Told from the files, never from a flag. */
typedef enum cs_layout {
    CS_LAYOUT_STARTER, /* config.json of model_type clipsight_starter */
    CS_LAYOUT_HF,      /* config.json of model_type clip, as transformers writes it */
    CS_LAYOUT_OPENCLIP /* open_clip_config.json */
} cs_layout;

typedef struct cs_text_config {
    int vocabulary, width, mlp, layers, heads, context;
    int end_of_text; /* id at whose first position the text's state is read; 2 stands for the highest id (see below) */
    cs_activation activation;
    float epsilon;
} cs_text_config;

/* Old configurations say eos_token_id 2 whatever the vocabulary. transformers then takes the highest id of a text. */
enum { CS_END_IS_HIGHEST = 2 };

typedef enum cs_image_kind { CS_IMAGE_EFFICIENTNET, CS_IMAGE_VIT, CS_IMAGE_RESNET } cs_image_kind;

typedef struct cs_efficientnet_config {
    float width_coefficient, depth_coefficient, epsilon;
    int classes;
    int class_dim; /* length of a class vector: the embedding without its two "unknown" dimensions */
} cs_efficientnet_config;

typedef struct cs_vit_config {
    int patch, width, mlp, layers, heads;
    cs_activation activation;
    float epsilon;
} cs_vit_config;

typedef struct cs_resnet_config {
    int width;     /* channels behind the stem; the attention pool has 32 times as many */
    int blocks[4]; /* bottlenecks a stage */
} cs_resnet_config;

typedef struct cs_config {
    cs_layout layout;
    char *model_type; /* owned */
    int dim;          /* embedding */
    int image_size;
    cs_text_config text;
    cs_image_kind image_kind;
    cs_efficientnet_config efficientnet;
    cs_vit_config vit;
    cs_resnet_config resnet;
} cs_config;

/* Sizes above these belong to no model that exists, and would only turn a damaged file into a huge allocation. */
enum {
    CS_MAX_WIDTH = 16384,
    CS_MAX_LAYERS = 256,
    CS_MAX_VOCABULARY = 1 << 22,
    CS_MAX_CONTEXT = 4096,
    CS_MAX_SIDE = 4096
};

/* Reads the folder's config.json or open_clip_config.json. What is not supported is refused by name. */
cs_status cs_config_load(const char *folder, cs_config *config, cs_error *error);
void cs_config_clear(cs_config *config);

/* The layouts, a file each. `path` stands for the file in errors; model_type is filled in by cs_config_load(). */
cs_status cs_config_read_starter(const char *path, const json_t *root, cs_config *config, cs_error *error);
cs_status cs_config_read_hf(const char *path, const json_t *root, cs_config *config, cs_error *error);
cs_status cs_config_read_openclip(const char *path, const json_t *root, cs_config *config, cs_error *error);

/* A text tower in transformers' keys; keys that are missing take the values that transformers gives them. */
cs_status cs_config_read_hf_text(const char *path, const json_t *object, cs_text_config *text, cs_error *error);

#endif
