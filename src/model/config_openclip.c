/* open_clip_config.json, as OpenCLIP and timm write it. */
#include <string.h>

#include "base/error.h"
#include "model/config.h"
#include "model/json.h"

/* A setting that changes the network in a way that clipsight does not have, unless it is false, 0 or absent. */
static cs_status refuse_set(const char *path, const char *where, const json_t *object, const char *const *keys,
                            cs_error *error) {
    for (; *keys; keys++) {
        const json_t *value = cs_json_get(object, *keys);
        if (!value || json_is_false(value) || (json_is_number(value) && json_number_value(value) == 0)) continue;
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%s: \"%s\" in %s is not supported; expected a CLIP with OpenAI's own ViT or ResNet and text "
                       "transformer",
                       path, *keys, where);
    }
    return CS_OK;
}

/* A setting that may be absent or have the one value that is supported. */
static cs_status expect_string(const char *path, const json_t *object, const char *key, const char *expected,
                               cs_error *error) {
    const json_t *value = cs_json_get(object, key);
    const char *found = json_string_value(value);
    if (!value || (found && strcmp(found, expected) == 0)) return CS_OK;
    return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"%s\": expected %s, found '%s'", path, key, expected,
                   found ? found : "(not a string)");
}

static cs_status read_ratio(const char *path, const json_t *object, int width, int *mlp, cs_error *error) {
    const json_t *value = cs_json_get(object, "mlp_ratio");
    double ratio = value ? json_number_value(value) : 4.0;
    if ((value && !json_is_number(value)) || !(ratio > 0 && ratio <= 64))
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"mlp_ratio\": expected a number above 0, at most 64", path);
    *mlp = (int)(width * ratio);
    return CS_OK;
}

static cs_status read_vit(const char *path, const json_t *object, cs_config *config, cs_error *error) {
    cs_vit_config *vit = &config->vit;
    int head_width = 64;
    *vit = (cs_vit_config){.patch = 16, .width = 768, .layers = 12, .activation = config->text.activation};
    vit->epsilon = 1e-5f;
    config->image_kind = CS_IMAGE_VIT;
    cs_status status = cs_json_int(path, object, "layers", 1, CS_MAX_LAYERS, &vit->layers, error);
    if (status == CS_OK) status = cs_json_int(path, object, "width", 1, CS_MAX_WIDTH, &vit->width, error);
    if (status == CS_OK) status = cs_json_int(path, object, "head_width", 1, CS_MAX_WIDTH, &head_width, error);
    if (status == CS_OK) status = cs_json_int(path, object, "patch_size", 1, CS_MAX_SIDE, &vit->patch, error);
    if (status == CS_OK) status = read_ratio(path, object, vit->width, &vit->mlp, error);
    if (status != CS_OK) return status;
    if (vit->width % head_width != 0)
        return cs_fail(error, CS_ERR_FORMAT, "%s: vision_cfg: \"width\" %d is not a multiple of \"head_width\" %d",
                       path, vit->width, head_width);
    vit->heads = vit->width / head_width;
    if (config->image_size < vit->patch)
        return cs_fail(error, CS_ERR_FORMAT, "%s: vision_cfg: \"image_size\" %d is below \"patch_size\" %d", path,
                       config->image_size, vit->patch);
    return CS_OK;
}

static cs_status read_resnet(const char *path, const json_t *object, const json_t *layers, cs_config *config,
                             cs_error *error) {
    cs_resnet_config *net = &config->resnet;
    net->width = 64;
    config->image_kind = CS_IMAGE_RESNET;
    if (json_array_size(layers) != 4)
        return cs_fail(error, CS_ERR_FORMAT, "%s: vision_cfg: \"layers\": expected four numbers for a ResNet", path);
    for (size_t i = 0; i < 4; i++) {
        json_int_t blocks = json_integer_value(json_array_get(layers, i));
        if (blocks < 1 || blocks > CS_MAX_LAYERS)
            return cs_fail(error, CS_ERR_FORMAT, "%s: vision_cfg: \"layers\": expected numbers from 1 to %d", path,
                           CS_MAX_LAYERS);
        net->blocks[i] = (int)blocks;
    }
    cs_status status = cs_json_int(path, object, "width", 2, CS_MAX_WIDTH / 32, &net->width, error);
    if (status == CS_OK && (net->width % 2 != 0 || config->image_size % 32 != 0))
        status =
            cs_fail(error, CS_ERR_FORMAT,
                    "%s: vision_cfg: expected an even \"width\" and an \"image_size\" that is a multiple of 32 for "
                    "a ResNet",
                    path);
    return status;
}

static cs_status read_image_size(const char *path, const json_t *object, int *size, cs_error *error) {
    const json_t *value = cs_json_get(object, "image_size");
    *size = 224;
    if (!json_is_array(value)) return cs_json_int(path, object, "image_size", 1, CS_MAX_SIDE, size, error);
    json_int_t height = json_integer_value(json_array_get(value, 0));
    if (json_array_size(value) != 2 || height != json_integer_value(json_array_get(value, 1)) || height < 1 ||
        height > CS_MAX_SIDE)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: vision_cfg: \"image_size\": expected a square", path);
    *size = (int)height;
    return CS_OK;
}

static cs_status read_vision(const char *path, const json_t *object, cs_config *config, cs_error *error) {
    static const char *const unsupported[] = {"timm_model_name",
                                              "attentional_pool",
                                              "attn_pooler_queries",
                                              "no_ln_pre",
                                              "ls_init_value",
                                              "input_patchnorm",
                                              "output_tokens",
                                              "final_ln_after_pool",
                                              "block_type",
                                              "qk_norm",
                                              "scaled_cosine_attn",
                                              "scale_heads",
                                              "use_head_scale",
                                              "act_kwargs",
                                              "norm_kwargs",
                                              "scale_attn_inner",
                                              "scale_attn",
                                              "scale_fc",
                                              NULL};
    if (!json_is_object(object)) return cs_fail(error, CS_ERR_FORMAT, "%s: expected an object \"vision_cfg\"", path);
    cs_status status = refuse_set(path, "vision_cfg", object, unsupported, error);
    if (status == CS_OK) status = expect_string(path, object, "pool_type", "tok", error);
    if (status == CS_OK) status = expect_string(path, object, "pos_embed_type", "learnable", error);
    if (status == CS_OK) status = read_image_size(path, object, &config->image_size, error);
    if (status != CS_OK) return status;
    const json_t *layers = cs_json_get(object, "layers");
    return json_is_array(layers) ? read_resnet(path, object, layers, config, error)
                                 : read_vit(path, object, config, error);
}

static cs_status read_text(const char *path, const json_t *object, cs_text_config *text, cs_error *error) {
    static const char *const unsupported[] = {"hf_model_name", "embed_cls",  "no_causal_mask",   "ls_init_value",
                                              "output_tokens", "proj_bias",  "block_type",       "qk_norm",
                                              "scale_heads",   "act_kwargs", "norm_kwargs",      "scaled_cosine_attn",
                                              "scale_attn",    "scale_fc",   "scale_attn_inner", NULL};
    const struct {
        const char *key;
        int high, *value;
    } numbers[] = {{"vocab_size", CS_MAX_VOCABULARY, &text->vocabulary},
                   {"width", CS_MAX_WIDTH, &text->width},
                   {"layers", CS_MAX_LAYERS, &text->layers},
                   {"heads", CS_MAX_WIDTH, &text->heads},
                   {"context_length", CS_MAX_CONTEXT, &text->context}};
    if (!json_is_object(object)) return cs_fail(error, CS_ERR_FORMAT, "%s: expected an object \"text_cfg\"", path);
    cs_status status = refuse_set(path, "text_cfg", object, unsupported, error);
    if (status == CS_OK) status = expect_string(path, object, "pool_type", "argmax", error);
    if (status == CS_OK) status = expect_string(path, object, "proj_type", "linear", error);
    for (size_t i = 0; status == CS_OK && i < sizeof numbers / sizeof *numbers; i++)
        status = cs_json_int(path, object, numbers[i].key, 1, numbers[i].high, numbers[i].value, error);
    if (status == CS_OK) status = read_ratio(path, object, text->width, &text->mlp, error);
    if (status != CS_OK) return status;
    if (text->width % text->heads != 0 || text->context < 2)
        return cs_fail(
            error, CS_ERR_FORMAT,
            "%s: text_cfg: expected a \"width\" that is a multiple of \"heads\", and a \"context_length\" of "
            "at least 2",
            path);
    return CS_OK;
}

cs_status cs_config_read_openclip(const char *path, const json_t *root, cs_config *config, cs_error *error) {
    static const char *const unsupported[] = {"multimodal_cfg", "nonscalar_logit_scale", NULL};
    const json_t *model = cs_json_get(root, "model_cfg");
    if (!json_is_object(model)) return cs_fail(error, CS_ERR_FORMAT, "%s: expected an object \"model_cfg\"", path);
    config->layout = CS_LAYOUT_OPENCLIP;
    config->dim = 512;
    config->text = (cs_text_config){49408, 512, 2048, 12, 8, 77, CS_END_IS_HIGHEST, CS_ACT_GELU, 1e-5f};
    if (json_is_true(cs_json_get(model, "quick_gelu"))) config->text.activation = CS_ACT_QUICK_GELU;
    cs_status status = refuse_set(path, "model_cfg", model, unsupported, error);
    if (status == CS_OK) status = cs_json_int(path, model, "embed_dim", 1, CS_MAX_WIDTH, &config->dim, error);
    if (status == CS_OK) status = read_text(path, cs_json_get(model, "text_cfg"), &config->text, error);
    if (status == CS_OK) status = read_vision(path, cs_json_get(model, "vision_cfg"), config, error);
    return status;
}
