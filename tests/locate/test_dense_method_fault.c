/* The dense method where memory is short: every allocation of its passes, of spreading, of near looks, of evidence and
 * of boxes fails in its turn, alone and with all that follow. What happens then is an error with a message, or the
 * right result. */
#include "locate/dense_fake.h"

typedef struct scene {
    cs_model model;
    cs_image_encoder encoder;
    cs_image *photo, *small;
    cs_prompts prompts, negatives, backgrounds;
} scene;

static int open_scene(void **state) {
    static scene s;
    static float texts[sizeof fake_texts / sizeof fake_texts[0]];
    static char *labels[3];
    static float rival[] = {0.6f, 0.6f}; /* between the first prompt and the second */
    memcpy(texts, fake_texts, sizeof texts);
    memcpy(labels, fake_labels, sizeof labels);
    fake_model(&s.encoder, &s.model);
    s.model.config.image_kind = CS_IMAGE_VIT; /* whose recipe has small passes; fake_recipe has the starter's parts */
    s.photo = fake_photo(96, 64);
    s.small = fake_photo(60, 40);
    s.prompts = (cs_prompts){3, FAKE_DIM, labels, texts};
    s.negatives = (cs_prompts){1, FAKE_DIM, labels + 2, rival};
    s.backgrounds = (cs_prompts){2, FAKE_DIM, labels + 1, texts + FAKE_DIM};
    *state = &s;
    return 0;
}

static int close_scene(void **state) {
    scene *s = *state;
    cs_image_close(s->photo);
    cs_image_close(s->small);
    s->model.ops->close(s->model.nn);
    return 0;
}

/* All passes, near ones included. */
static cs_status maps(void *context, cs_error *error) {
    scene *s = context;
    const cs_localize_options options = {.method = CS_METHOD_DENSE};
    const cs_method_job job = {&s->model, &s->prompts, s->photo, &options};
    cs_dense_map *made = NULL;
    cs_status status = cs_dense_maps(&job, &fake_recipe, &made, error);
    assert_true((status == CS_OK) == (made != NULL));
    if (status != CS_OK) return status;
    assert_true(made[0].extent && !made[0].zoomed);
    assert_true(made[1].extent && made[1].zoomed);
    assert_true(!made[2].extent && !made[2].zoomed);
    cs_dense_free(made, 3);
    return CS_OK;
}

static cs_status localize(void *context, cs_error *error) {
    scene *s = context;
    cs_maps *made = NULL;
    const cs_localize_options options = {.method = CS_METHOD_DENSE};
    cs_status status = cs_localize(&s->model, &s->prompts, s->small, &options, &made, error);
    assert_true((status == CS_OK) == (made != NULL));
    cs_maps_destroy(made);
    return status;
}

/* A box of the first prompt; the second's is lost to the negative. */
static cs_status detect(void *context, cs_error *error) {
    scene *s = context;
    cs_detections *found = NULL;
    const cs_detect_options options = {
        .localize = {.method = CS_METHOD_DENSE}, .min_score = 0.45f, .negatives = &s->negatives};
    cs_status status = cs_detect(&s->model, &s->prompts, s->small, &options, &found, error);
    assert_true((status == CS_OK) == (found != NULL));
    if (status != CS_OK) return status;
    assert_int_equal(cs_detections_count(found), 1);
    assert_int_equal(cs_detections_get(found)[0].prompt, 0);
    cs_detections_destroy(found);
    return CS_OK;
}

/* What is made once and kept is there before the first allocation fails. */
static void fail_each(scene *s, const char *name, cs_status (*action)(void *, cs_error *)) {
    cs_error error;
    assert_ok(action(s, &error));
    fail_each_allocation(name, action, s);
}

static void passes_survive(void **state) {
    fail_each(*state, "maps", maps);
}

static void localizing_survives(void **state) {
    fail_each(*state, "localize", localize);
}

static void detecting_with_negatives_survives(void **state) {
    fail_each(*state, "detect with negatives", detect);
}

/* The CLIPs' evidence: the share of a softmax over the prompt, the negatives and the backgrounds. */
static void detecting_with_backgrounds_survives(void **state) {
    scene *s = *state;
    scene clip = *s;
    clip.model.image = &clip.encoder;
    clip.model.config.layout = CS_LAYOUT_HF;
    clip.model.backgrounds = &clip.backgrounds;
    clip.model.logit_scale = 100;
    fail_each(&clip, "detect with backgrounds", detect);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_survive),
        cmocka_unit_test(localizing_survives),
        cmocka_unit_test(detecting_with_negatives_survives),
        cmocka_unit_test(detecting_with_backgrounds_survives),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
