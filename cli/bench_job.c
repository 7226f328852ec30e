#include "bench_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"
#include "shared_options.h"

/* An embedding takes as long whatever the picture shows. */
static cs_status make_picture(bench_job *job, cs_error *error) {
    int side = cs_model_image_size(job->model);
    size_t count = (size_t)side * (size_t)side * 3;
    uint8_t *pixels = memory_grow(NULL, count, 1);
    uint32_t state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        pixels[i] = (uint8_t)(state >> 24);
    }
    cs_status status = cs_image_from_rgb(pixels, side, side, 0, &job->picture, error);
    free(pixels);
    return status;
}

static cs_status open_model(bench_job *job, cs_error *error) {
    if (job->model) return CS_OK;
    cs_status status = cs_model_open(job->folder, &job->options, &job->model, error);
    if (status == CS_OK) status = make_picture(job, error);
    if (status != CS_OK) return status;
    size_t dim = (size_t)cs_model_dim(job->model);
    job->embeddings = memory_grow(NULL, (size_t)job->options.batch * dim, sizeof *job->embeddings);
    return CS_OK;
}

static cs_status encode(bench_job *job, size_t count, bench_reply *reply) {
    const cs_image **pictures = memory_grow(NULL, count, sizeof *pictures);
    for (size_t i = 0; i < count; i++)
        pictures[i] = job->picture;
    cs_work before = cs_model_work(job->model);
    double start = seconds_now();
    cs_status status = cs_model_embed_images(job->model, pictures, count, job->embeddings, &reply->error);
    reply->seconds = seconds_now() - start;
    reply->gmac = cs_model_work(job->model).gmac - before.gmac;
    free(pictures);
    return status;
}

static cs_status encode_prompts(bench_job *job, cs_error *error) {
    static const char *const usual[] = {"a cat", "a dog"};
    const text_list *given = &job->settings->prompts;
    const char *const *labels = given->count > 0 ? (const char *const *)given->items : usual;
    if (job->prompts) return CS_OK;
    return cs_prompts_create(job->model, labels, given->count > 0 ? given->count : 2, NULL, &job->prompts, error);
}

/* The method that cs_detect() takes: cs_localize() has another default. */
static cs_localize_options localize_options_of(const bench_job *job) {
    cs_localize_options options = localize_options(job->settings);
    int slides = options.recipe == CS_RECIPE_CHAPTER || options.patch || options.window || options.stride;
    int is_starter = strcmp(cs_model_type(job->model), "clipsight_starter") == 0;
    if (options.method == CS_METHOD_AUTO && !options.variant)
        options.method = is_starter && !slides ? CS_METHOD_DENSE : CS_METHOD_WINDOW;
    return options;
}

/* Time since *start without what the model itself has accounted for since `before`. */
static double beside_model(const cs_model *model, const cs_work *before, double start) {
    cs_work now = cs_model_work(model);
    double inside = now.prepare_seconds - before->prepare_seconds + now.image_seconds - before->image_seconds +
                    now.text_seconds - before->text_seconds;
    double rest = seconds_now() - start - inside;
    return rest > 0 ? rest : 0;
}

/* Maps once by themselves; what the detection takes beside the model, less what they took, is for boxes. */
static cs_status find_boxes(bench_job *job, const cs_image *image, cs_detections **detections, bench_reply *reply) {
    cs_detect_options options = CS_DETECT_OPTIONS_DEFAULT;
    options.localize = localize_options_of(job);
    options.min_score = cs_model_default_min_score(job->model);
    cs_maps *maps = NULL;
    cs_work before = cs_model_work(job->model);
    double start = seconds_now(), *stages = reply->stages;
    cs_status status = cs_localize(job->model, job->prompts, image, &options.localize, &maps, &reply->error);
    stages[STAGE_MAP] = beside_model(job->model, &before, start);
    cs_maps_destroy(maps);
    if (status != CS_OK) return status;
    before = cs_model_work(job->model);
    start = seconds_now();
    status = cs_detect(job->model, job->prompts, image, &options, detections, &reply->error);
    double rest = beside_model(job->model, &before, start);
    cs_work after = cs_model_work(job->model);
    stages[STAGE_PREPARE] = after.prepare_seconds - before.prepare_seconds;
    stages[STAGE_ENCODE] = after.image_seconds - before.image_seconds;
    stages[STAGE_MAP] = stages[STAGE_MAP] < rest ? stages[STAGE_MAP] : rest;
    stages[STAGE_BOXES] = rest - stages[STAGE_MAP];
    reply->gmac = after.gmac - before.gmac;
    return status;
}

static cs_status draw(const bench_job *job, const cs_image *image, const cs_detections *detections,
                      bench_reply *reply) {
    cs_image *picture = NULL;
    double start = seconds_now();
    cs_status status = cs_draw_detections(image, job->prompts, detections, &picture, &reply->error);
    reply->stages[STAGE_DRAW] = seconds_now() - start;
    cs_image_close(picture);
    return status;
}

static cs_status search_photo(bench_job *job, bench_reply *reply) {
    const cs_image_options options = {.max_pixels = (uint64_t)job->settings->max_pixels};
    cs_image *image = NULL;
    cs_detections *detections = NULL;
    cs_status status = encode_prompts(job, &reply->error);
    if (status != CS_OK) return status;
    double start = seconds_now();
    status = cs_image_open(job->settings->photo, &options, &image, &reply->error);
    reply->stages[STAGE_DECODE] = seconds_now() - start;
    if (status == CS_OK) status = find_boxes(job, image, &detections, reply);
    if (status == CS_OK) status = draw(job, image, detections, reply);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        reply->seconds += reply->stages[stage];
    cs_detections_destroy(detections);
    cs_image_close(image);
    return status;
}

void job_serve(void *context, const bench_request *request, bench_reply *reply) {
    bench_job *job = context;
    cs_status status = open_model(job, &reply->error);
    if (status != CS_OK) return;
    if (request->task == TASK_PHOTO)
        search_photo(job, reply);
    else
        encode(job, (size_t)request->number, reply);
}

void peak_serve(void *context, const bench_request *request, bench_reply *reply) {
    (void)context;
    cs_peak peak;
    if (cs_machine_peak((cs_precision)request->number, request->threads, &peak, &reply->error) != CS_OK) return;
    reply->gflops = peak.gflops;
    snprintf(reply->instructions, sizeof reply->instructions, "%s", peak.instructions);
}
