#include "model/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "model/json.h"

/* Other models that people bring, and what they are. */
static cs_status refuse(const char *path, const char *type, cs_error *error) {
    if (strncmp(type, "siglip", 6) == 0)
        return cs_fail(
            error, CS_ERR_UNSUPPORTED,
            "%s: this is a SigLIP model (\"model_type\": \"%s\"), which has another text tower and tokenizer; "
            "use a CLIP model such as openai/clip-vit-base-patch32",
            path, type);
    if (strcmp(type, "clip_text_model") == 0 || strcmp(type, "clip_vision_model") == 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%s: this is one tower alone (\"model_type\": \"%s\"); use the whole model, \"model_type\": "
                       "\"clip\"",
                       path, type);
    return cs_fail(error, CS_ERR_UNSUPPORTED,
                   "%s: \"model_type\": \"%s\" is not supported; expected clip (a transformers CLIPModel) or "
                   "clipsight_starter",
                   path, type);
}

static cs_status read_by_type(const char *path, const json_t *root, cs_config *config, cs_error *error) {
    const char *type = json_string_value(cs_json_get(root, "model_type"));
    if (!type && cs_json_get(root, "architecture"))
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%s: this is timm's configuration of an image tower alone; use the repository's "
                       "open_clip_config.json with open_clip_model.safetensors",
                       path);
    if (!type) return cs_fail(error, CS_ERR_FORMAT, "%s: \"model_type\": expected clip, found none", path);
    cs_status status;
    if (strcmp(type, "clipsight_starter") == 0) {
        status = cs_config_read_starter(path, root, config, error);
    } else if (strcmp(type, "clip") == 0) {
        status = cs_config_read_hf(path, root, config, error);
    } else {
        return refuse(path, type, error);
    }
    if (status != CS_OK) return status;
    config->model_type = cs_strdup(type);
    return config->model_type ? CS_OK : cs_fail_memory(error, path);
}

static cs_status read_openclip(const char *path, const json_t *root, cs_config *config, cs_error *error) {
    cs_status status = cs_config_read_openclip(path, root, config, error);
    if (status != CS_OK) return status;
    config->model_type = cs_strdup("open_clip");
    return config->model_type ? CS_OK : cs_fail_memory(error, path);
}

typedef cs_status read_fn(const char *path, const json_t *root, cs_config *config, cs_error *error);

static cs_status load(const char *path, read_fn *read, cs_config *config, cs_error *error) {
    json_t *root;
    cs_status status = cs_json_load(path, &root, error);
    if (status != CS_OK) return status;
    status = read(path, root, config, error);
    json_decref(root);
    return status;
}

/* timm's repositories hold both files, of which config.json describes the image tower alone. */
cs_status cs_config_load(const char *folder, cs_config *config, cs_error *error) {
    *config = (cs_config){0};
    char *open_clip = cs_path_join(folder, "open_clip_config.json"), *plain = cs_path_join(folder, "config.json");
    cs_status status;
    if (!open_clip || !plain) {
        status = cs_fail_memory(error, folder);
    } else if (cs_file_exists(open_clip)) {
        status = load(open_clip, read_openclip, config, error);
    } else {
        status = load(plain, read_by_type, config, error);
    }
    free(open_clip);
    free(plain);
    if (status != CS_OK) cs_config_clear(config);
    return status;
}

void cs_config_clear(cs_config *config) {
    free(config->model_type);
    *config = (cs_config){0};
}
