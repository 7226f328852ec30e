#include "locate/method.h"

#include "base/error.h"
#include "model/image_encoder.h"
#include "model/model.h"

#define METHODS (CS_METHOD_REGION + 1)

const cs_method_ops *cs_method_table(cs_method method) {
    static const cs_method_ops *const tables[METHODS] = {[CS_METHOD_WINDOW] = &cs_method_window,
                                                         [CS_METHOD_OCCLUSION] = &cs_method_occlusion,
                                                         [CS_METHOD_DENSE] = &cs_method_dense,
                                                         [CS_METHOD_REGION] = &cs_method_region};
    return tables[method];
}

const char *cs_method_name(cs_method method) {
    if (method == CS_METHOD_AUTO) return "auto";
    return (unsigned)method < METHODS ? cs_method_table(method)->name : NULL;
}

static int moves_a_window(cs_method method) {
    return method == CS_METHOD_WINDOW || method == CS_METHOD_OCCLUSION;
}

cs_status cs_method_choose(const cs_localize_options *options, cs_method automatic, cs_method *method,
                           cs_error *error) {
    const char *name = cs_method_name(options->method);
    if (!name) return cs_fail(error, CS_ERR_ARGUMENT, "method %d: expected one of cs_method", (int)options->method);
    const cs_method chosen = options->method == CS_METHOD_AUTO ? automatic : options->method;
    name = cs_method_name(chosen);
    if (options->recipe == CS_RECIPE_CHAPTER && !moves_a_window(chosen))
        return cs_fail(error, CS_ERR_ARGUMENT, "method %s: the chapter has no such method, only window and occlusion",
                       name);
    if ((options->patch || options->window || options->stride) && !moves_a_window(chosen))
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "method %s: nothing slides there; patch, window and stride go with window and occlusion", name);
    if (options->variant && chosen != CS_METHOD_DENSE)
        return cs_fail(error, CS_ERR_ARGUMENT, "variant '%s': only the dense method has variants, not %s",
                       options->variant, name);
    *method = chosen;
    return CS_OK;
}

cs_status cs_method_check_model(const cs_model *model, cs_method method, const char *variant, cs_error *error) {
    const cs_image_encoder *encoder = model->image;
    if (method == CS_METHOD_DENSE && !encoder->ops->dense)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "method dense: a model of type '%s' has no dense form; take window",
                       model->config.model_type);
    if (method == CS_METHOD_REGION && !encoder->ops->regions)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "method region: a model of type '%s' cannot embed parts of a photograph; take window",
                       model->config.model_type);
    if (!variant) return CS_OK;
    if (!encoder->dense_variants)
        return cs_fail(error, CS_ERR_ARGUMENT, "variant '%s': a model of type '%s' has none", variant,
                       model->config.model_type);
    const cs_dense_input input = {.height = encoder->dense_step, .width = encoder->dense_step, .variant = variant};
    return cs_dense_check(encoder, &input, NULL, error);
}
