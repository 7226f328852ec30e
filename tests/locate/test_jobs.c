/* Several photographs at once: each gives what it gives by itself, whatever the others are. */
#include "locate/jobs_scene.h"

/* What a job is asked, and what it has to give. */
typedef struct request {
    const cs_image *image;
    const cs_prompts *prompts;
    int detects;
    cs_detect_options options;
    cs_maps *maps; /* alone */
    cs_detections *boxes;
} request;

enum { REQUESTS = 9 };

static void make_requests(const jobs_scene *s, request *out) {
    const cs_localize_options chapter = {.recipe = CS_RECIPE_CHAPTER, .patch = 11, .window = 3};
    const cs_localize_options hidden = {.method = CS_METHOD_OCCLUSION, .patch = 12, .window = 2};
    const cs_localize_options coarse = {.patch = 9, .window = 2, .stride = 2}, usual = {.patch = 10, .window = 3};
    const cs_localize_options dense = {.method = CS_METHOD_DENSE};
    const request made[REQUESTS] = {
        {.image = s->wide, .prompts = s->prompts, .options.localize = usual},
        {.image = s->tall, .prompts = s->more, .options.localize = coarse},
        {.image = s->square, .prompts = s->more, .detects = 1, .options.localize = usual},
        {.image = s->wide, .prompts = s->prompts, .options.localize = hidden},
        {.image = s->tall, .prompts = s->prompts, .options.localize = dense},
        {.image = s->wide, .prompts = s->more, .detects = 1, .options.localize = chapter},
        {.image = s->square, .prompts = s->prompts, .detects = 1, .options.localize = dense},
        {.image = s->square, .prompts = s->more, .options.localize = coarse},
        {.image = s->tall, .prompts = s->more, .detects = 1, .options.localize = usual}};
    memcpy(out, made, sizeof made);
    out[2].options.negatives = s->prompts;
    out[8].options.threshold = 0.3f;
}

static void run_alone(cs_model *model, request *r) {
    cs_error error;
    if (r->detects)
        assert_ok(cs_detect(model, r->prompts, r->image, &r->options, &r->boxes, &error));
    else
        assert_ok(cs_localize(model, r->prompts, r->image, &r->options.localize, &r->maps, &error));
}

static void add(cs_jobs *jobs, request *r) {
    cs_error error;
    if (r->detects)
        assert_ok(cs_jobs_add_detect(jobs, r->prompts, r->image, &r->options, r, &error));
    else
        assert_ok(cs_jobs_add_localize(jobs, r->prompts, r->image, &r->options.localize, r, &error));
}

/* slack: 0 asks for the same bits. */
static void check_numbers(const float *a, const float *b, int count, float slack) {
    for (int i = 0; i < count; i++)
        if (!(fabsf(a[i] - b[i]) <= slack)) fail_msg("number %d: %.9g and %.9g", i, (double)a[i], (double)b[i]);
}

static void check_maps(const cs_maps *a, const cs_maps *b, float slack) {
    assert_int_equal(cs_maps_count(a), cs_maps_count(b));
    for (size_t p = 0; p < cs_maps_count(a); p++) {
        const cs_map x = cs_maps_get(a, p), y = cs_maps_get(b, p);
        assert_true(x.method == y.method && x.rows == y.rows && x.cols == y.cols && x.patch == y.patch);
        assert_true(x.window_rows == y.window_rows && x.window_cols == y.window_cols && x.window == y.window);
        check_numbers(x.cells, y.cells, x.rows * x.cols, slack);
        check_numbers(x.raw, y.raw, x.rows * x.cols, slack);
        if (x.logits) check_numbers(x.logits, y.logits, x.window_rows * x.window_cols, slack);
    }
}

static void check_boxes(const cs_detections *a, const cs_detections *b, float slack) {
    assert_int_equal(cs_detections_count(a), cs_detections_count(b));
    for (size_t i = 0; i < cs_detections_count(a); i++) {
        const cs_detection *x = &cs_detections_get(a)[i], *y = &cs_detections_get(b)[i];
        const float one[] = {x->score, x->x, x->y, x->width, x->height};
        const float other[] = {y->score, y->x, y->y, y->width, y->height};
        assert_int_equal(x->prompt, y->prompt);
        check_numbers(one, other, 5, slack);
    }
}

/* The embedding of the whole photograph takes part as well. */
static void check_together(jobs_scene *scene, float slack) {
    cs_error error;
    cs_jobs *jobs;
    cs_job_result result;
    request requests[REQUESTS];
    size_t dim = (size_t)cs_model_dim(scene->model), done = 0;
    const cs_image *image = scene->tall;
    float *alone = calloc(dim, sizeof *alone), *together = calloc(dim, sizeof *together);
    make_requests(scene, requests);
    assert_ok(cs_jobs_create(scene->model, &jobs, &error));
    for (int i = 0; i < REQUESTS; i++)
        run_alone(scene->model, &requests[i]);
    for (int i = 0; i < REQUESTS; i++)
        add(jobs, &requests[i]);
    assert_ok(cs_model_embed_images(scene->model, &image, 1, alone, &error));
    assert_ok(cs_jobs_add_embed(jobs, image, together, NULL, &error));
    while (cs_jobs_waiting(jobs) > 0)
        cs_jobs_step(jobs, NULL);
    for (; cs_jobs_take(jobs, &result); done++) {
        request *r = result.tag;
        if (result.status != CS_OK) fail_msg("%s", result.error.message);
        assert_true((result.maps != NULL) == (r && !r->detects) && (result.detections != NULL) == (r && r->detects));
        if (result.maps) check_maps(r->maps, result.maps, slack);
        if (result.detections) check_boxes(r->boxes, result.detections, slack);
        cs_maps_destroy(result.maps);
        cs_detections_destroy(result.detections);
    }
    assert_int_equal(done, REQUESTS + 1);
    check_numbers(alone, together, (int)dim, slack);
    for (int i = 0; i < REQUESTS; i++) {
        cs_maps_destroy(requests[i].maps);
        cs_detections_destroy(requests[i].boxes);
    }
    free(alone);
    free(together);
    cs_jobs_destroy(jobs);
}

/* The reference backend's arithmetic does not depend on the size of a batch. */
static void the_same_bits_in_batches_of_any_size(void **state) {
    (void)state;
    for (int batch = 1; batch <= 14; batch += 13) {
        jobs_scene scene = open_small_scene("reference", batch);
        check_together(&scene, 0);
        close_jobs_scene(&scene);
    }
}

/* oneDNN may add up the products of a layer in another order when there are more rows of them: the last digits of a
 * cosine, times the model's scale (here about 100 in either case). */
static void the_fast_backend_gives_the_same_but_for_the_last_digits(void **state) {
    (void)state;
    jobs_scene scene = open_small_scene(NULL, 32);
    check_together(&scene, 2e-4f);
    close_jobs_scene(&scene);
    scene = open_jobs_scene(NULL, NULL, 7);
    check_together(&scene, 2e-4f);
    close_jobs_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bits_in_batches_of_any_size),
        cmocka_unit_test(the_fast_backend_gives_the_same_but_for_the_last_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
