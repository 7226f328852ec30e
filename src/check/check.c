/* Does this model give the known results on this machine? */
#include <string.h>

#include "base/error.h"
#include "check/check_map.h"
#include "check/goldens.h"
#include "check/openai_order.h"
#include "check/reporter.h"
#include "clipsight_tools.h"
#include "model/json.h"

typedef struct check_run {
    const cs_check_options *options;
    const char *source; /* of the goldens, for errors */
    cs_model *model;
    cs_reporter reporter;
} check_run;

static const char *picture_path(const cs_check_options *options, const char *picture) {
    if (strcmp(picture, "cats") == 0) return options->cats;
    if (strcmp(picture, "diagram") == 0) return options->diagram;
    return options->photo;
}

static cs_status open_picture(const check_run *run, const cs_golden *golden, const char *path, cs_image **image,
                              cs_error *error) {
    if (golden->openai_order) return cs_openai_picture(path, cs_model_image_size(run->model), image, error);
    return cs_image_open(path, NULL, image, error);
}

static cs_status check_classes(check_run *run, const cs_golden *golden, const cs_prompts *prompts,
                               const cs_image *image, cs_error *error) {
    float logits[CS_GOLDEN_PROMPTS], probabilities[CS_GOLDEN_PROMPTS];
    cs_status status = cs_classify(run->model, prompts, image, logits, probabilities, error);
    if (status != CS_OK) return status;
    int is_logits = golden->kind == CS_GOLDEN_LOGITS;
    for (size_t i = 0; i < golden->count; i++)
        cs_reporter_line(&run->reporter, json_number_value(json_array_get(golden->expected, i)),
                         (double)(is_logits ? logits : probabilities)[i], golden->tolerance, "%s of \"%s\" (%s)",
                         is_logits ? "logit" : "probability", golden->prompts[i], golden->picture);
    return CS_OK;
}

static cs_status check_golden(check_run *run, const cs_golden *golden, cs_error *error) {
    const char *path = picture_path(run->options, golden->picture);
    if (!path) {
        cs_reporter_skip(&run->reporter, golden);
        return CS_OK;
    }
    cs_image *image = NULL;
    cs_prompts *prompts = NULL;
    cs_status status = open_picture(run, golden, path, &image, error);
    if (status == CS_OK) status = cs_prompts_create(run->model, golden->prompts, golden->count, NULL, &prompts, error);
    if (status == CS_OK)
        status = golden->kind == CS_GOLDEN_MAP ? cs_check_map(run->model, golden, prompts, image, &run->reporter, error)
                                               : check_classes(run, golden, prompts, image, error);
    cs_prompts_destroy(prompts);
    cs_image_close(image);
    return status;
}

static cs_status check_all(check_run *run, const json_t *root, cs_error *error) {
    const json_t *list = json_object_get(root, "goldens");
    cs_golden golden;
    if (json_array_size(list) == 0)
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a list \"goldens\" with at least one entry", run->source);
    /* all are read before the first is computed, which may take a minute */
    for (size_t i = 0; i < json_array_size(list); i++) {
        cs_status status = cs_golden_parse(run->source, json_array_get(list, i), &golden, error);
        if (status != CS_OK) return status;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        cs_status status = cs_golden_parse(run->source, json_array_get(list, i), &golden, error);
        if (status == CS_OK) status = check_golden(run, &golden, error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}

static cs_status load_goldens(const char *name, check_run *run, json_t **root, cs_error *error) {
    run->source = run->options->goldens ? run->options->goldens : name;
    if (run->options->goldens) return cs_json_load(run->options->goldens, root, error);
    const char *text = cs_goldens_builtin(name);
    if (!text)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "model '%s': no goldens are known; there are some for openai/clip-vit-base-patch32", name);
    *root = json_loads(text, 0, NULL);
    return *root ? CS_OK : cs_fail_memory(error, "goldens");
}

static cs_status open_model(const char *name, check_run *run, cs_error *error) {
    char *folder = NULL;
    cs_status status = cs_model_find(name, &folder, error);
    if (status == CS_OK) status = cs_model_open(folder, &run->options->model, &run->model, error);
    cs_string_free(folder);
    return status;
}

cs_status cs_model_check(const char *name, const cs_check_options *options, cs_check_fn report, void *context,
                         size_t *failed, cs_error *error) {
    if (!name || !options || !report)
        return cs_fail(error, CS_ERR_ARGUMENT, "cs_model_check: name, options and report must be given");
    check_run run = {.options = options, .reporter = {report, context, 0}};
    json_t *root = NULL;
    cs_status status = load_goldens(name, &run, &root, error);
    if (status == CS_OK && !options->cats && !options->diagram && !options->photo)
        status = cs_fail(error, CS_ERR_ARGUMENT, "model '%s': give at least one picture to check it on", name);
    if (status == CS_OK) status = open_model(name, &run, error);
    if (status == CS_OK) status = check_all(&run, root, error);
    json_decref(root);
    cs_model_close(run.model);
    if (status == CS_OK && failed) *failed = run.reporter.failed;
    return status;
}
