#include "locate/job.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/window.h"
#include "model/model.h"
#include "model/prompts.h"

size_t cs_job_left(const cs_job *job) {
    return job->series ? job->series->count - job->series->made - job->share : 0;
}

static void end(cs_job *job, cs_status status) {
    cs_series_destroy(job->series);
    job->series = NULL;
    job->result.status = status;
    job->over = 1;
}

void cs_job_fail(cs_job *job, const cs_error *error) {
    if (job->over) return;
    job->result.error = *error;
    end(job, error->code);
}

void cs_job_run(cs_job *job) {
    cs_maps *maps = NULL;
    cs_status status = cs_method_table(job->plan.method)->maps(&job->asked, &maps, &job->result.error);
    end(job, status == CS_OK ? job->use(job, maps) : status);
}

void cs_job_finish(cs_job *job) {
    cs_maps *maps = NULL;
    cs_status status = CS_OK;
    if (job->over || job->series->taken < job->series->count) return;
    if (job->use) {
        status = cs_method_table(job->plan.method)->close(job->series, &maps, &job->result.error);
        if (status == CS_OK) status = job->use(job, maps);
    }
    end(job, status);
}

void cs_job_report(cs_job *job) {
    const cs_progress *progress = &job->plan.options.localize.progress;
    if (job->over) return;
    cs_status status = cs_progress_report(progress, job->series->taken, job->series->count, &job->result.error);
    if (status != CS_OK) end(job, status);
}

void cs_job_destroy(cs_job *job) {
    if (!job) return;
    cs_series_destroy(job->series);
    cs_detect_clear(&job->plan);
    cs_maps_destroy(job->result.maps);
    cs_detections_destroy(job->result.detections);
    free(job);
}

static cs_status use_maps(cs_job *job, cs_maps *maps) {
    job->result.maps = maps;
    return CS_OK;
}

static cs_status use_for_boxes(cs_job *job, cs_maps *maps) {
    cs_status status = cs_detect_close(&job->plan, maps, &job->result.detections, &job->result.error);
    cs_maps_destroy(maps);
    return status;
}

static cs_status use_for_candidates(cs_job *job, cs_maps *maps) {
    cs_status status =
        cs_detect_candidates(&job->plan, maps, &job->result.detections, job->spreads, &job->result.error);
    cs_maps_destroy(maps);
    return status;
}

/* The maps, three grids of cells and one of windows per text, are most of it. */
static size_t bytes_of(const cs_method_job *asked) {
    cs_map map;
    if (cs_window_geometry(asked->image->width, asked->image->height, asked->options, &map, NULL) != CS_OK) return 0;
    size_t windows = (size_t)map.window_rows * (size_t)map.window_cols;
    return asked->prompts->count * (windows + 3 * cs_map_cells(&map)) * sizeof(float);
}

/* The method and the options are in the plan. */
static cs_status begin(cs_job *job, const cs_method_job *asked, cs_error *error) {
    const cs_method_ops *ops = cs_method_table(job->plan.method);
    job->asked = *asked;
    if (!ops->open) return CS_OK;
    job->bytes = bytes_of(asked);
    cs_status status = ops->open(&job->asked, &job->series, error);
    return status == CS_OK ? cs_progress_report(&asked->options->progress, 0, job->series->count, error) : status;
}

static cs_status begin_detection(cs_job *job, cs_model *model, const cs_prompts *prompts, const cs_image *image,
                                 const cs_detect_options *options, cs_error *error) {
    cs_detect_plan *plan = &job->plan;
    cs_status status = cs_detect_open(model, prompts, options, plan, error);
    if (status != CS_OK) return status;
    return begin(job, &(cs_method_job){model, cs_detect_prompts(plan), image, &plan->options.localize}, error);
}

/* Hands over the job where it began well. */
static cs_status hand_over(cs_status status, cs_job *made, cs_job **job) {
    if (status == CS_OK)
        *job = made;
    else
        cs_job_destroy(made);
    return status;
}

cs_status cs_job_localize(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                          const cs_localize_options *options, cs_job **job, cs_error *error) {
    const cs_localize_options defaults = CS_LOCALIZE_OPTIONS_DEFAULT;
    cs_job *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a job");
    made->use = use_maps;
    made->plan.options.localize = options ? *options : defaults;
    const cs_method_job asked = {model, prompts, image, &made->plan.options.localize};
    cs_status status = cs_localize_choose(model, asked.options, &made->plan.method, error);
    return hand_over(status == CS_OK ? begin(made, &asked, error) : status, made, job);
}

cs_status cs_job_detect(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                        const cs_detect_options *options, cs_job **job, cs_error *error) {
    cs_job *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a job");
    made->use = use_for_boxes;
    return hand_over(begin_detection(made, model, prompts, image, options, error), made, job);
}

cs_status cs_job_evidence(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                          const cs_detect_options *options, float *spreads, cs_job **job, cs_error *error) {
    if (options->localize.recipe == CS_RECIPE_CHAPTER)
        return cs_fail(error, CS_ERR_ARGUMENT, "recipe: the chapter's gives no evidence that could be calibrated");
    cs_job *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a job");
    made->use = use_for_candidates;
    made->spreads = spreads;
    return hand_over(begin_detection(made, model, prompts, image, options, error), made, job);
}

cs_status cs_job_embed(cs_model *model, const cs_image *image, float *embedding, cs_job **job, cs_error *error) {
    cs_job *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a job");
    made->asked = (cs_method_job){.model = model, .image = image};
    return hand_over(cs_photo_series_create(model, &made->asked.image, 1, embedding, &made->series, error), made, job);
}
