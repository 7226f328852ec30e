/* Whose turn it is, and who is held up by what. */
#include "locate/jobs_scene.h"

enum { BATCH = 8, MAX_STRIPS = 64 };

typedef struct scene {
    jobs_scene base;
    cs_image *strips[MAX_STRIPS];
    int strip_count;
} scene;

static int open_scene(void **state) {
    static scene s;
    s = (scene){.base = open_small_scene(NULL, BATCH)};
    *state = &s;
    return 0;
}

static int close_scene(void **state) {
    scene *s = *state;
    close_jobs_scene(&s->base);
    return 0;
}

static int finish(void **state) {
    scene *s = *state;
    cs_jobs_destroy(s->base.jobs);
    while (s->strip_count > 0)
        cs_image_close(s->strips[--s->strip_count]);
    return 0;
}

static const cs_image *strip(scene *s, int windows) {
    assert_true(s->strip_count < MAX_STRIPS);
    return s->strips[s->strip_count++] = make_strip(windows);
}

static void add_strip(scene *s, int windows, void *tag) {
    cs_error error;
    const cs_localize_options options = strip_options();
    assert_ok(cs_jobs_add_localize(s->base.jobs, s->base.prompts, strip(s, windows), &options, tag, &error));
}

/* Takes the next result, which has to be a map; returns its tag, NULL where there is none. */
static void *take(cs_jobs *jobs) {
    cs_job_result result;
    if (!cs_jobs_take(jobs, &result)) return NULL;
    if (result.status != CS_OK) fail_msg("%s", result.error.message);
    cs_maps_destroy(result.maps);
    return result.tag;
}

static cs_step do_step(cs_jobs *jobs) {
    cs_step step;
    cs_jobs_step(jobs, &step);
    return step;
}

static void batches_cross_the_borders_of_jobs(void **state) {
    scene *s = *state;
    char a, b, c;
    add_strip(s, 3, &a);
    add_strip(s, 4, &b);
    add_strip(s, 3, &c);
    cs_step step = do_step(s->base.jobs);
    assert_int_equal(step.pictures, BATCH);
    assert_int_equal(step.jobs, 3);
    /* as soon as their last windows are there; of the four windows, two found room */
    assert_ptr_equal(take(s->base.jobs), &a);
    assert_ptr_equal(take(s->base.jobs), &c);
    assert_int_equal(cs_jobs_waiting(s->base.jobs), 1);
    step = do_step(s->base.jobs);
    assert_int_equal(step.pictures, 2);
    assert_int_equal(step.jobs, 1);
    assert_ptr_equal(take(s->base.jobs), &b);
    assert_null(take(s->base.jobs));
    step = do_step(s->base.jobs);
    assert_true(step.jobs == 0 && step.pictures == 0);
}

static void jobs_of_one_size_are_done_in_their_order(void **state) {
    scene *s = *state;
    char tags[6];
    for (int i = 0; i < 6; i++)
        add_strip(s, 13, &tags[i]);
    for (int i = 0; i < 6; i++) {
        void *tag = NULL;
        while (!(tag = take(s->base.jobs)))
            do_step(s->base.jobs);
        assert_ptr_equal(tag, &tags[i]);
    }
}

static int note_progress(void *context, size_t done, size_t total) {
    (void)total;
    *(size_t *)context = done;
    return 0;
}

/* Ten small ones need three in four of the places of ten batches; the large one has the rest. */
static void a_large_job_holds_up_no_small_ones(void **state) {
    scene *s = *state;
    cs_error error;
    size_t large = 0, steps = 0;
    char tags[10];
    cs_localize_options options = strip_options();
    options.progress = (cs_progress){note_progress, &large};
    assert_ok(cs_jobs_add_localize(s->base.jobs, s->base.prompts, strip(s, 300), &options, &large, &error));
    do_step(s->base.jobs);
    assert_int_equal(large, BATCH);
    for (int i = 0; i < 10; i++)
        add_strip(s, 6, &tags[i]);
    for (int i = 0; i < 10; steps++) {
        do_step(s->base.jobs);
        for (void *tag; (tag = take(s->base.jobs)); i++)
            assert_ptr_equal(tag, &tags[i]);
    }
    assert_int_equal(steps, 10);
    assert_true(large >= BATCH + 10 * BATCH / 4);
    for (steps = 0; !take(s->base.jobs); steps++)
        assert_int_equal(do_step(s->base.jobs).jobs, 1);
    assert_true(steps <= 36);
}

/* New ones that always have fewer windows come faster than they could be done. */
static void a_large_job_is_not_held_up_for_ever(void **state) {
    scene *s = *state;
    cs_error error;
    float embedding[64];
    char tag;
    int steps = 0;
    assert_true(cs_model_dim(s->base.model) <= 64);
    add_strip(s, 40, &tag);
    for (void *taken = NULL; taken != &tag; steps++) {
        for (int i = 0; i < BATCH; i++)
            assert_ok(cs_jobs_add_embed(s->base.jobs, s->base.wide, embedding, embedding, &error));
        do_step(s->base.jobs);
        while (taken != &tag && (taken = take(s->base.jobs)))
            ;
        assert_true(steps < 21);
    }
    assert_int_equal(steps, 40 / (BATCH / 4));
}

/* Batches of one picture have no quarter. */
static void batches_of_one_are_shared_over_time(void **state) {
    (void)state;
    jobs_scene small = open_small_scene(NULL, 1);
    scene s = {.base = small};
    void *state_of = &s;
    char large, little;
    begin_jobs(&state_of);
    add_strip(&s, 30, &large);
    do_step(s.base.jobs);
    add_strip(&s, 3, &little);
    for (int i = 0; i < 4; i++)
        do_step(s.base.jobs);
    assert_ptr_equal(take(s.base.jobs), &little);
    finish(&state_of);
    close_jobs_scene(&small);
}

static void a_job_joins_at_the_next_batch(void **state) {
    scene *s = *state;
    char large, late;
    add_strip(s, 100, &large);
    do_step(s->base.jobs);
    add_strip(s, 5, &late);
    assert_int_equal(do_step(s->base.jobs).jobs, 2);
    assert_ptr_equal(take(s->base.jobs), &late);
}

static void whole_jobs_and_batches_take_turns(void **state) {
    scene *s = *state;
    cs_error error;
    char tags[4];
    const cs_localize_options dense = {.method = CS_METHOD_DENSE};
    for (int i = 0; i < 3; i++)
        assert_ok(cs_jobs_add_localize(s->base.jobs, s->base.prompts, s->base.square, &dense, &tags[i], &error));
    add_strip(s, 2 * BATCH, &tags[3]);
    static const size_t pictures[] = {BATCH, 0, BATCH, 0, 0};
    for (int i = 0; i < 5; i++) {
        cs_step step = do_step(s->base.jobs);
        assert_int_equal(step.jobs, 1);
        assert_int_equal(step.pictures, pictures[i]);
    }
    assert_ptr_equal(take(s->base.jobs), &tags[0]);
    assert_ptr_equal(take(s->base.jobs), &tags[3]);
    assert_ptr_equal(take(s->base.jobs), &tags[1]);
    assert_ptr_equal(take(s->base.jobs), &tags[2]);
}

static void what_is_not_taken_is_dropped(void **state) {
    scene *s = *state;
    char tag;
    add_strip(s, 3, &tag);
    do_step(s->base.jobs);
    add_strip(s, 30, &tag);
    do_step(s->base.jobs); /* half done, and the first done but not taken: finish() destroys both */
    assert_int_equal(cs_jobs_waiting(s->base.jobs), 1);
    assert_true(cs_jobs_bytes(s->base.jobs) >= 2 * (30 + 3 * 30) * sizeof(float));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(batches_cross_the_borders_of_jobs, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(jobs_of_one_size_are_done_in_their_order, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_large_job_holds_up_no_small_ones, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(a_large_job_is_not_held_up_for_ever, begin_jobs, finish),
        cmocka_unit_test(batches_of_one_are_shared_over_time),
        cmocka_unit_test_setup_teardown(a_job_joins_at_the_next_batch, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(whole_jobs_and_batches_take_turns, begin_jobs, finish),
        cmocka_unit_test_setup_teardown(what_is_not_taken_is_dropped, begin_jobs, finish),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
