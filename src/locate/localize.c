#include "base/error.h"
#include "locate/job.h"

cs_status cs_localize_choose(const cs_model *model, const cs_localize_options *options, cs_method *method,
                             cs_error *error) {
    const cs_method automatic = options->variant ? CS_METHOD_DENSE : CS_METHOD_WINDOW;
    cs_status status = cs_method_choose(options, automatic, method, error);
    return status == CS_OK && model ? cs_method_check_model(model, *method, options->variant, error) : status;
}

cs_status cs_localize_check(const cs_model *model, const cs_localize_options *options, cs_error *error) {
    cs_method method;
    return cs_localize_choose(model, options, &method, error);
}

cs_status cs_localize(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                      const cs_localize_options *options, cs_maps **maps, cs_error *error) {
    cs_job *job;
    cs_job_result result;
    cs_status status = cs_job_localize(model, prompts, image, options, &job, error);
    if (status == CS_OK) status = cs_job_alone(model, job, &result, error);
    if (status == CS_OK) *maps = result.maps;
    return status;
}
