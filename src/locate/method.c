#include "locate/method.h"

#include "base/error.h"

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
    if (options->recipe == CS_RECIPE_CHAPTER && options->method != CS_METHOD_AUTO && !moves_a_window(options->method))
        return cs_fail(error, CS_ERR_ARGUMENT, "method %s: the chapter has no such method, only window and occlusion",
                       name);
    if ((options->patch || options->window || options->stride) && options->method != CS_METHOD_AUTO &&
        !moves_a_window(options->method))
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "method %s: nothing slides there; patch, window and stride go with window and occlusion", name);
    if (options->variant && (options->method == CS_METHOD_AUTO ? automatic : options->method) != CS_METHOD_DENSE)
        return cs_fail(error, CS_ERR_ARGUMENT, "variant '%s': only the dense method has variants", options->variant);
    *method = options->method == CS_METHOD_AUTO ? automatic : options->method;
    return CS_OK;
}
