/* Several photographs at once where memory is short: every allocation fails in its turn, alone and with all that
 * follow. Some job says so, and the others are right. */
#include "locate/jobs_scene.h"

enum { JOBS = 3 };

typedef struct scene {
    jobs_scene base;
    cs_image *strip;
    cs_maps *maps; /* what they give by themselves */
    cs_detections *boxes;
    float embedding[64], got[64];
} scene;

static const cs_localize_options usual = {.method = CS_METHOD_WINDOW, .patch = 15, .window = 2};

static int open_scene(void **state) {
    static scene s;
    cs_error error;
    const cs_localize_options row = strip_options();
    const cs_detect_options detect = {.localize = usual};
    s = (scene){.base = open_small_scene(NULL, 5), .strip = make_strip(7)};
    const cs_image *image = s.base.tall;
    assert_ok(cs_localize(s.base.model, s.base.prompts, s.strip, &row, &s.maps, &error));
    assert_ok(cs_detect(s.base.model, s.base.more, s.base.square, &detect, &s.boxes, &error));
    assert_ok(cs_model_embed_images(s.base.model, &image, 1, s.embedding, &error));
    *state = &s;
    return 0;
}

static int close_scene(void **state) {
    scene *s = *state;
    cs_maps_destroy(s->maps);
    cs_detections_destroy(s->boxes);
    cs_image_close(s->strip);
    close_jobs_scene(&s->base);
    return 0;
}

static int is_refusal(cs_status status, const cs_error *error) {
    if (status == CS_OK) return 0;
    assert_int_equal(status, CS_ERR_MEMORY);
    assert_non_null(strstr(error->message, "memory"));
    return 1;
}

/* The difference is that of another size of the batches. */
static void check(const scene *s, const cs_job_result *result) {
    if (result->maps) {
        const cs_map map = cs_maps_get(result->maps, 0), expected = cs_maps_get(s->maps, 0);
        for (int i = 0; i < 7; i++)
            assert_true(fabsf(map.logits[i] - expected.logits[i]) < 2e-4f);
    } else if (result->detections) {
        assert_int_equal(cs_detections_count(result->detections), cs_detections_count(s->boxes));
        for (size_t i = 0; i < cs_detections_count(s->boxes); i++) {
            const cs_detection *box = &cs_detections_get(result->detections)[i];
            assert_true(fabsf(box->score - cs_detections_get(s->boxes)[i].score) < 2e-4f);
        }
    } else {
        for (int i = 0; i < cs_model_dim(s->base.model); i++)
            assert_true(fabsf(s->got[i] - s->embedding[i]) < 1e-5f);
    }
}

/* Returns how many were refused. */
static int add_all(scene *s, cs_jobs *jobs) {
    cs_error error = {CS_OK, ""};
    const cs_localize_options row = strip_options();
    const cs_detect_options detect = {.localize = usual};
    cs_status status = cs_jobs_add_localize(jobs, s->base.prompts, s->strip, &row, NULL, &error);
    int refusals = is_refusal(status, &error);
    status = cs_jobs_add_detect(jobs, s->base.more, s->base.square, &detect, NULL, &error);
    refusals += is_refusal(status, &error);
    status = cs_jobs_add_embed(jobs, s->base.tall, s->got, NULL, &error);
    return refusals + is_refusal(status, &error);
}

static int run(scene *s) {
    cs_error error = {CS_OK, ""};
    cs_jobs *jobs;
    cs_job_result result;
    cs_status status = cs_jobs_create(s->base.model, &jobs, &error);
    if (is_refusal(status, &error)) return JOBS;
    int refusals = add_all(s, jobs), taken = 0, added = JOBS - refusals;
    while (cs_jobs_waiting(jobs) > 0)
        cs_jobs_step(jobs, NULL);
    for (; cs_jobs_take(jobs, &result); taken++) {
        if (is_refusal(result.status, &result.error))
            refusals++;
        else
            check(s, &result);
        cs_maps_destroy(result.maps);
        cs_detections_destroy(result.detections);
    }
    assert_int_equal(taken, added);
    cs_jobs_destroy(jobs);
    return refusals;
}

static void jobs_survive(void **state) {
    scene *s = *state;
    long alone = 0;
    fail_allocation(-1, 0);
    assert_int_equal(run(s), 0);
    long count = allocations_made();
    for (long n = 0; n < count; n++) {
        for (int only_one = 0; only_one <= 1; only_one++) {
            fail_allocation(n, only_one);
            int refusals = run(s);
            fail_allocation(-1, 0);
            if (refusals == 0) fail_msg("allocation %ld of %ld: nobody noticed", n, count);
            alone += only_one && refusals == 1;
        }
    }
    print_message("%ld allocations, of which %ld concern one job\n", count, alone);
    assert_true(count > 20 && alone * 10 >= count * 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(jobs_survive)};
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
