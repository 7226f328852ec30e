/* Jobs that are refused, cancelled, or fail: alone, while the others go on. */
#include "locate/jobs_scene.h"

#include "model/model.h"

enum { BATCH = 8 };

typedef struct scene {
    jobs_scene base;
    cs_image *strip;
    cs_maps *expected; /* of the strip */
} scene;

static int open_scene(void **state) {
    static scene s;
    cs_error error;
    const cs_localize_options options = strip_options();
    s = (scene){.base = open_small_scene("reference", BATCH), .strip = make_strip(20)};
    assert_ok(cs_localize(s.base.model, s.base.prompts, s.strip, &options, &s.expected, &error));
    *state = &s;
    return 0;
}

static int close_scene(void **state) {
    scene *s = *state;
    cs_maps_destroy(s->expected);
    cs_image_close(s->strip);
    close_jobs_scene(&s->base);
    return 0;
}

static int finish(void **state) {
    cs_jobs_destroy(((scene *)*state)->base.jobs);
    return 0;
}

static void add(scene *s, const cs_progress *progress, void *tag) {
    cs_error error;
    cs_localize_options options = strip_options();
    if (progress) options.progress = *progress;
    assert_ok(cs_jobs_add_localize(s->base.jobs, s->base.prompts, s->strip, &options, tag, &error));
}

static void run(cs_jobs *jobs) {
    while (cs_jobs_waiting(jobs) > 0)
        cs_jobs_step(jobs, NULL);
}

/* The next one is done, and right. */
static void expect_success(scene *s, const void *tag) {
    cs_job_result result;
    assert_true(cs_jobs_take(s->base.jobs, &result));
    assert_ptr_equal(result.tag, tag);
    assert_int_equal(result.status, CS_OK);
    const cs_map map = cs_maps_get(result.maps, 1), expected = cs_maps_get(s->expected, 1);
    assert_memory_equal(map.logits, expected.logits, 20 * sizeof(float));
    assert_memory_equal(map.cells, expected.cells, 20 * sizeof(float));
    cs_maps_destroy(result.maps);
}

static void expect_failure(cs_jobs *jobs, const void *tag, cs_status status, const char *part) {
    cs_job_result result;
    assert_true(cs_jobs_take(jobs, &result));
    assert_ptr_equal(result.tag, tag);
    assert_int_equal(result.status, status);
    assert_int_equal(result.error.code, status);
    if (!strstr(result.error.message, part)) fail_msg("\"%s\"", result.error.message);
    assert_true(!result.maps && !result.detections);
}

static void what_is_refused_is_not_added(void **state) {
    scene *s = *state;
    cs_error error;
    char tag;
    const cs_localize_options large = {.patch = 40}, slid = {.method = CS_METHOD_DENSE, .patch = 3};
    const cs_detect_options wild = {.threshold = 2};
    add(s, NULL, &tag);
    assert_fails(cs_jobs_add_localize(s->base.jobs, s->base.prompts, s->strip, &large, s, &error), CS_ERR_ARGUMENT,
                 "does not fit");
    assert_fails(cs_jobs_add_localize(s->base.jobs, s->base.prompts, s->strip, &slid, s, &error), CS_ERR_ARGUMENT,
                 "dense");
    assert_fails(cs_jobs_add_detect(s->base.jobs, s->base.prompts, s->strip, &wild, s, &error), CS_ERR_ARGUMENT,
                 "threshold");
    assert_int_equal(cs_jobs_waiting(s->base.jobs), 1);
    run(s->base.jobs);
    expect_success(s, &tag);
}

/* Says stop at the call with this number. */
typedef struct stopper {
    int calls, last;
    size_t done;
} stopper;

static int stop(void *context, size_t done, size_t total) {
    stopper *s = context;
    assert_int_equal(total, 20);
    s->done = done;
    return ++s->calls >= s->last;
}

static void a_job_is_cancelled_in_its_midst(void **state) {
    scene *s = *state;
    char a, b;
    stopper stops = {.last = 2};
    add(s, &(cs_progress){stop, &stops}, &stops);
    add(s, NULL, &a);
    add(s, NULL, &b);
    cs_jobs_step(s->base.jobs, NULL);
    expect_failure(s->base.jobs, &stops, CS_ERR_CANCELLED, "8 of 20");
    assert_int_equal(stops.calls, 2);
    cs_step step;
    size_t pictures = 0;
    while (cs_jobs_waiting(s->base.jobs) > 0) {
        cs_jobs_step(s->base.jobs, &step);
        pictures += step.pictures;
    }
    assert_int_equal(pictures, 40); /* none of the cancelled one's */
    expect_success(s, &a);
    expect_success(s, &b);
}

/* The third of three: the first batch is the first one's. */
static void a_job_is_cancelled_while_it_waits(void **state) {
    scene *s = *state;
    char a, b;
    stopper stops = {.last = 2};
    add(s, NULL, &a);
    add(s, NULL, &b);
    add(s, &(cs_progress){stop, &stops}, &stops);
    cs_jobs_step(s->base.jobs, NULL);
    expect_failure(s->base.jobs, &stops, CS_ERR_CANCELLED, "0 of 20");
    run(s->base.jobs);
    expect_success(s, &a);
    expect_success(s, &b);
}

static void a_job_can_be_cancelled_where_it_is_added(void **state) {
    scene *s = *state;
    cs_error error;
    stopper stops = {.last = 1};
    cs_localize_options options = strip_options();
    options.progress = (cs_progress){stop, &stops};
    assert_fails(cs_jobs_add_localize(s->base.jobs, s->base.prompts, s->strip, &options, s, &error), CS_ERR_CANCELLED,
                 "0 of 20");
    assert_int_equal(cs_jobs_waiting(s->base.jobs), 0);
}

/* Its long side would have millions of pixels where the encoder wants 32 of the short one. */
static void a_picture_that_cannot_be_made_fails_alone(void **state) {
    scene *s = *state;
    cs_error error;
    cs_image *thin;
    float embedding[64];
    char tag;
    uint8_t *pixels = calloc(60000, 3);
    assert_ok(cs_image_from_rgb(pixels, 60000, 1, 0, &thin, &error));
    free(pixels);
    add(s, NULL, &tag);
    assert_ok(cs_jobs_add_embed(s->base.jobs, thin, embedding, thin, &error));
    cs_step step;
    cs_jobs_step(s->base.jobs, &step);
    assert_int_equal(step.pictures, BATCH - 1);
    expect_failure(s->base.jobs, thin, CS_ERR_LIMIT, "elongated");
    run(s->base.jobs);
    expect_success(s, &tag);
    cs_image_close(thin);
}

/* A broken encoder for one batch. */
static int batches_to_break;
static const cs_image_encoder_ops *whole_ops;

static cs_status encode_or_break(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error) {
    if (batches_to_break-- != 0) return whole_ops->encode(encoder, pictures, n, out, error);
    snprintf(error->message, sizeof error->message, "broken");
    return error->code = CS_ERR_INTERNAL;
}

static void a_batch_that_fails_takes_only_its_own_with_it(void **state) {
    scene *s = *state;
    cs_image_encoder *encoder = s->base.model->image;
    char a, b;
    whole_ops = encoder->ops;
    cs_image_encoder_ops broken = *whole_ops;
    broken.encode = encode_or_break;
    encoder->ops = &broken;
    batches_to_break = 0;
    add(s, NULL, &a);
    add(s, NULL, &b);
    cs_jobs_step(s->base.jobs, NULL);
    expect_failure(s->base.jobs, &a, CS_ERR_INTERNAL, "broken");
    run(s->base.jobs);
    encoder->ops = whole_ops;
    expect_success(s, &b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_refused_is_not_added, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_job_is_cancelled_in_its_midst, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_job_is_cancelled_while_it_waits, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_job_can_be_cancelled_where_it_is_added, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_picture_that_cannot_be_made_fails_alone, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_batch_that_fails_takes_only_its_own_with_it, begin_jobs, finish),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
