#include "base/error.h"
#include "locate/method.h"

static cs_status choose(const cs_model *model, const cs_localize_options *options, cs_method *method, cs_error *error) {
    const cs_method automatic = options->variant ? CS_METHOD_DENSE : CS_METHOD_WINDOW;
    cs_status status = cs_method_choose(options, automatic, method, error);
    return status == CS_OK && model ? cs_method_check_model(model, *method, options->variant, error) : status;
}

cs_status cs_localize(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                      const cs_localize_options *options, cs_maps **maps, cs_error *error) {
    const cs_localize_options defaults = CS_LOCALIZE_OPTIONS_DEFAULT;
    const cs_method_job job = {model, prompts, image, options ? options : &defaults};
    cs_method method;
    cs_status status = choose(model, job.options, &method, error);
    return status == CS_OK ? cs_method_table(method)->maps(&job, maps, error) : status;
}

cs_status cs_localize_check(const cs_model *model, const cs_localize_options *options, cs_error *error) {
    cs_method method;
    return choose(model, options, &method, error);
}
