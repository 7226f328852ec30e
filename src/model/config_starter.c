/* config.json of the starter. */
#include <string.h>

#include "base/error.h"
#include "model/config.h"
#include "model/json.h"

static cs_status read_vision(const char *path, const json_t *object, cs_config *config, cs_error *error) {
    cs_efficientnet_config *net = &config->efficientnet;
    const char *type = json_string_value(cs_json_get(object, "model_type"));
    if (!type || strcmp(type, "efficientnet_lite") != 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: vision_config.model_type: expected efficientnet_lite, found %s",
                       path, type ? type : "none");
    *net = (cs_efficientnet_config){1.0f, 1.0f, 1e-3f, 1000, 510};
    config->image_size = 224;
    cs_status status = cs_json_int(path, object, "image_size", 32, CS_MAX_SIDE, &config->image_size, error);
    if (status == CS_OK) status = cs_json_int(path, object, "num_classes", 1, 1 << 20, &net->classes, error);
    if (status == CS_OK) status = cs_json_int(path, object, "class_dim", 1, CS_MAX_WIDTH, &net->class_dim, error);
    if (status == CS_OK) status = cs_json_float(path, object, "width_coefficient", &net->width_coefficient, error);
    if (status == CS_OK) status = cs_json_float(path, object, "depth_coefficient", &net->depth_coefficient, error);
    if (status == CS_OK) status = cs_json_float(path, object, "batch_norm_eps", &net->epsilon, error);
    if (status != CS_OK) return status;
    if (!(net->width_coefficient >= 0.1f && net->width_coefficient <= 10 && net->depth_coefficient >= 0.1f &&
          net->depth_coefficient <= 10))
        return cs_fail(error, CS_ERR_FORMAT, "%s: width_coefficient and depth_coefficient: expected 0.1 to 10", path);
    return CS_OK;
}

cs_status cs_config_read_starter(const char *path, const json_t *root, cs_config *config, cs_error *error) {
    config->layout = CS_LAYOUT_STARTER;
    config->image_kind = CS_IMAGE_EFFICIENTNET;
    config->dim = 512;
    cs_status status = cs_json_int(path, root, "projection_dim", 3, CS_MAX_WIDTH, &config->dim, error);
    if (status == CS_OK) status = cs_config_read_hf_text(path, cs_json_get(root, "text_config"), &config->text, error);
    if (status == CS_OK) status = read_vision(path, cs_json_get(root, "vision_config"), config, error);
    if (status == CS_OK && config->efficientnet.class_dim + 2 != config->dim)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: \"projection_dim\": expected class_dim + 2 = %d, found %d", path,
                         config->efficientnet.class_dim + 2, config->dim);
    return status;
}
