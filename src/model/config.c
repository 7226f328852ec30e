#include "model/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "model/json.h"

/* Sizes above these belong to no model that exists, and would only turn a damaged file into a huge allocation. */
enum { MAX_WIDTH = 16384, MAX_LAYERS = 256, MAX_VOCABULARY = 1 << 22, MAX_CONTEXT = 4096, MAX_SIDE = 4096 };

static cs_status read_activation(const char *path, const json_t *object, cs_activation *activation, cs_error *error) {
    const json_t *name = cs_json_get(object, "hidden_act");
    if (!name) return CS_OK;
    const char *text = json_string_value(name);
    if (text && strcmp(text, "quick_gelu") == 0) {
        *activation = CS_ACT_QUICK_GELU;
    } else if (text && strcmp(text, "gelu") == 0) {
        *activation = CS_ACT_GELU;
    } else {
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"hidden_act\": expected quick_gelu or gelu, found '%s'", path,
                       text ? text : "(not a string)");
    }
    return CS_OK;
}

static cs_status read_text(const char *path, const json_t *object, cs_text_config *text, cs_error *error) {
    const struct {
        const char *key;
        int high, *value;
    } numbers[] = {
        {"vocab_size", MAX_VOCABULARY, &text->vocabulary},    {"hidden_size", MAX_WIDTH, &text->width},
        {"intermediate_size", MAX_WIDTH * 4, &text->mlp},     {"num_hidden_layers", MAX_LAYERS, &text->layers},
        {"num_attention_heads", MAX_WIDTH, &text->heads},     {"max_position_embeddings", MAX_CONTEXT, &text->context},
        {"eos_token_id", MAX_VOCABULARY, &text->end_of_text},
    };
    *text = (cs_text_config){49408, 512, 2048, 12, 8, 77, 49407, CS_ACT_QUICK_GELU, 1e-5f};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        cs_status status = cs_json_int(path, object, numbers[i].key, 1, numbers[i].high, numbers[i].value, error);
        if (status != CS_OK) return status;
    }
    if (text->width % text->heads != 0)
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"hidden_size\" %d is not a multiple of \"num_attention_heads\" %d",
                       path, text->width, text->heads);
    if (text->context < 2)
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"max_position_embeddings\": expected at least 2", path);
    cs_status status = cs_json_float(path, object, "layer_norm_eps", &text->epsilon, error);
    return status == CS_OK ? read_activation(path, object, &text->activation, error) : status;
}

static cs_status read_vision(const char *path, const json_t *object, cs_efficientnet_config *vision, cs_error *error) {
    const char *type = json_string_value(cs_json_get(object, "model_type"));
    if (!type || strcmp(type, "efficientnet_lite") != 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: vision_config.model_type: expected efficientnet_lite, found %s",
                       path, type ? type : "none");
    *vision = (cs_efficientnet_config){1.0f, 1.0f, 1e-3f, 224, 1000, 510};
    cs_status status = cs_json_int(path, object, "image_size", 32, MAX_SIDE, &vision->image_size, error);
    if (status == CS_OK) status = cs_json_int(path, object, "num_classes", 1, 1 << 20, &vision->classes, error);
    if (status == CS_OK) status = cs_json_int(path, object, "class_dim", 1, MAX_WIDTH, &vision->class_dim, error);
    if (status == CS_OK) status = cs_json_float(path, object, "width_coefficient", &vision->width_coefficient, error);
    if (status == CS_OK) status = cs_json_float(path, object, "depth_coefficient", &vision->depth_coefficient, error);
    if (status == CS_OK) status = cs_json_float(path, object, "batch_norm_eps", &vision->epsilon, error);
    if (status != CS_OK) return status;
    if (!(vision->width_coefficient >= 0.1f && vision->width_coefficient <= 10 && vision->depth_coefficient >= 0.1f &&
          vision->depth_coefficient <= 10))
        return cs_fail(error, CS_ERR_FORMAT, "%s: width_coefficient and depth_coefficient: expected 0.1 to 10", path);
    return CS_OK;
}

static cs_status read_config(const char *path, const json_t *root, cs_config *config, cs_error *error) {
    const char *type = json_string_value(cs_json_get(root, "model_type"));
    if (!type || strcmp(type, "clipsight_starter") != 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"model_type\": expected clipsight_starter, found %s", path,
                       type ? type : "none");
    config->model_type = cs_strdup(type);
    if (!config->model_type) return cs_fail_memory(error, path);
    config->dim = 512;
    cs_status status = cs_json_int(path, root, "projection_dim", 3, MAX_WIDTH, &config->dim, error);
    if (status == CS_OK) status = read_text(path, cs_json_get(root, "text_config"), &config->text, error);
    if (status == CS_OK) status = read_vision(path, cs_json_get(root, "vision_config"), &config->vision, error);
    if (status == CS_OK && config->vision.class_dim + 2 != config->dim)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: \"projection_dim\": expected class_dim + 2 = %d, found %d", path,
                         config->vision.class_dim + 2, config->dim);
    return status;
}

cs_status cs_config_load(const char *folder, cs_config *config, cs_error *error) {
    *config = (cs_config){0};
    char *path = cs_path_join(folder, "config.json");
    if (!path) return cs_fail_memory(error, folder);
    json_t *root;
    cs_status status = cs_json_load(path, &root, error);
    if (status == CS_OK) {
        status = read_config(path, root, config, error);
        json_decref(root);
    }
    free(path);
    if (status != CS_OK) cs_config_clear(config);
    return status;
}

void cs_config_clear(cs_config *config) {
    free(config->model_type);
    *config = (cs_config){0};
}
