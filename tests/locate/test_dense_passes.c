/* How the dense method counts its passes, with and without near ones. */
#include "locate/dense_fake.h"

typedef struct watch {
    size_t calls, done, total;
    size_t stop_at; /* 0: never */
} watch;

/* The total stays what it was, and every step is told once. */
static int look(void *context, size_t done, size_t total) {
    watch *seen = context;
    if (seen->calls > 0) {
        assert_int_equal(done, seen->done + 1);
        assert_int_equal(total, seen->total);
    } else {
        assert_int_equal(done, 0);
    }
    seen->calls++;
    seen->done = done;
    seen->total = total;
    return seen->stop_at > 0 && done == seen->stop_at;
}

/* prompts: how many of fake_texts are asked for. */
static cs_status run(watch *seen, int height, size_t prompts, cs_error *error) {
    cs_model model;
    cs_image_encoder encoder;
    cs_dense_map *maps = NULL;
    float texts[sizeof fake_texts / sizeof fake_texts[0]];
    memcpy(texts, fake_texts, sizeof texts);
    fake_model(&encoder, &model);
    cs_image *photo = fake_photo(96, height);
    const cs_prompts asked = {prompts, FAKE_DIM, NULL, texts};
    const cs_localize_options options = {.method = CS_METHOD_DENSE, .progress = {look, seen}};
    const cs_method_job job = {&model, &asked, photo, &options};
    cs_status status = cs_dense_maps(&job, &fake_recipe, &maps, error);
    assert_true((status == CS_OK) == (maps != NULL));
    cs_dense_free(maps, prompts);
    cs_image_close(photo);
    model.ops->close(model.nn);
    return status;
}

static void a_small_photograph_has_the_averaged_passes(void **state) {
    (void)state;
    cs_error error;
    watch seen = {0};
    assert_ok(run(&seen, 50, 3, &error));
    assert_true(seen.done == 2 && seen.total == 2);
}

/* Averaged ones, the detail pass, and the near passes as one step, be there any or not. */
static void a_large_one_has_two_steps_more(void **state) {
    (void)state;
    cs_error error;
    watch with = {0}, without = {0};
    assert_ok(run(&with, 64, 3, &error));
    assert_true(with.done == 4 && with.total == 4);
    assert_ok(run(&without, 64, 1, &error));
    assert_true(without.done == 4 && without.total == 4);
}

static void every_step_can_be_the_last(void **state) {
    (void)state;
    cs_error error;
    for (size_t step = 1; step <= 4; step++) {
        watch seen = {.stop_at = step};
        assert_fails(run(&seen, 64, 3, &error), CS_ERR_CANCELLED, "of 4 steps");
        assert_int_equal(seen.done, step);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_photograph_has_the_averaged_passes),
        cmocka_unit_test(a_large_one_has_two_steps_more),
        cmocka_unit_test(every_step_can_be_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
