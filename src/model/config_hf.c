/* config.json of transformers' CLIPModel. */
#include <string.h>

#include "base/error.h"
#include "model/config.h"
#include "model/json.h"

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

static cs_status check_heads(const char *path, int width, int heads, cs_error *error) {
    if (width % heads == 0) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: \"hidden_size\" %d is not a multiple of \"num_attention_heads\" %d", path,
                   width, heads);
}

typedef struct number {
    const char *key;
    int high, *value;
} number;

static cs_status read_numbers(const char *path, const json_t *object, const number *numbers, size_t count,
                              cs_error *error) {
    for (size_t i = 0; i < count; i++) {
        cs_status status = cs_json_int(path, object, numbers[i].key, 1, numbers[i].high, numbers[i].value, error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}

cs_status cs_config_read_hf_text(const char *path, const json_t *object, cs_text_config *text, cs_error *error) {
    const number numbers[] = {
        {"vocab_size", CS_MAX_VOCABULARY, &text->vocabulary},
        {"hidden_size", CS_MAX_WIDTH, &text->width},
        {"intermediate_size", CS_MAX_WIDTH * 4, &text->mlp},
        {"num_hidden_layers", CS_MAX_LAYERS, &text->layers},
        {"num_attention_heads", CS_MAX_WIDTH, &text->heads},
        {"max_position_embeddings", CS_MAX_CONTEXT, &text->context},
        {"eos_token_id", CS_MAX_VOCABULARY, &text->end_of_text},
    };
    *text = (cs_text_config){49408, 512, 2048, 12, 8, 77, 49407, CS_ACT_QUICK_GELU, 1e-5f};
    cs_status status = read_numbers(path, object, numbers, sizeof numbers / sizeof *numbers, error);
    if (status == CS_OK) status = check_heads(path, text->width, text->heads, error);
    if (status == CS_OK && text->context < 2)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: \"max_position_embeddings\": expected at least 2", path);
    if (status == CS_OK) status = cs_json_float(path, object, "layer_norm_eps", &text->epsilon, error);
    return status == CS_OK ? read_activation(path, object, &text->activation, error) : status;
}

static cs_status read_vision(const char *path, const json_t *object, cs_config *config, cs_error *error) {
    cs_vit_config *vit = &config->vit;
    int channels = 3;
    const number numbers[] = {
        {"hidden_size", CS_MAX_WIDTH, &vit->width},
        {"intermediate_size", CS_MAX_WIDTH * 4, &vit->mlp},
        {"num_hidden_layers", CS_MAX_LAYERS, &vit->layers},
        {"num_attention_heads", CS_MAX_WIDTH, &vit->heads},
        {"patch_size", CS_MAX_SIDE, &vit->patch},
        {"image_size", CS_MAX_SIDE, &config->image_size},
        {"num_channels", 64, &channels},
    };
    *vit = (cs_vit_config){32, 768, 3072, 12, 12, CS_ACT_QUICK_GELU, 1e-5f};
    config->image_size = 224;
    cs_status status = read_numbers(path, object, numbers, sizeof numbers / sizeof *numbers, error);
    if (status == CS_OK) status = check_heads(path, vit->width, vit->heads, error);
    if (status == CS_OK && channels != 3)
        status = cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"num_channels\": expected 3, found %d", path, channels);
    if (status == CS_OK && config->image_size < vit->patch)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: \"image_size\" %d is below \"patch_size\" %d", path,
                         config->image_size, vit->patch);
    if (status == CS_OK) status = cs_json_float(path, object, "layer_norm_eps", &vit->epsilon, error);
    return status == CS_OK ? read_activation(path, object, &vit->activation, error) : status;
}

/* The tower's object; old files say it twice, and then text_config_dict wins. */
static const json_t *tower(const json_t *root, const char *key, const char *old_key) {
    const json_t *old = cs_json_get(root, old_key);
    return old ? old : cs_json_get(root, key);
}

cs_status cs_config_read_hf(const char *path, const json_t *root, cs_config *config, cs_error *error) {
    config->layout = CS_LAYOUT_HF;
    config->image_kind = CS_IMAGE_VIT;
    config->dim = 512;
    cs_status status = cs_json_int(path, root, "projection_dim", 1, CS_MAX_WIDTH, &config->dim, error);
    if (status == CS_OK)
        status = cs_config_read_hf_text(path, tower(root, "text_config", "text_config_dict"), &config->text, error);
    if (status == CS_OK) status = read_vision(path, tower(root, "vision_config", "vision_config_dict"), config, error);
    return status;
}
