/* The occlusion and the region method, rectangles and superpixels where memory is short: every allocation fails in its
 * turn, alone and with all that follow. What happens then is an error with a message, or the right result. */
#include "parity/made_model.h"

#include "image/occluder.h"
#include "locate/boxes.h"
#include "locate/detections.h"

typedef struct scene {
    cs_model *model;
    cs_image *image;
    cs_prompts *prompts;
} scene;

static int open_scene(void **state) {
    static scene s;
    cs_error error;
    const char *labels[] = {"a photo of a cat", "two"};
    const cs_model_options options = {.threads = 2, .batch = 4};
    char *folder = make_model("hf-tiny");
    assert_ok(cs_model_open(folder, &options, &s.model, &error));
    assert_ok(cs_image_open(test_data("models/pictures/wide.png"), NULL, &s.image, &error));
    assert_ok(cs_prompts_create(s.model, labels, 2, NULL, &s.prompts, &error));
    remove_folder(folder);
    *state = &s;
    return 0;
}

static int close_scene(void **state) {
    scene *s = *state;
    cs_prompts_destroy(s->prompts);
    cs_image_close(s->image);
    cs_model_close(s->model);
    return 0;
}

static cs_status localize(const scene *s, cs_method method, cs_error *error) {
    cs_maps *maps = NULL;
    cs_localize_options options = {.method = method};
    if (method == CS_METHOD_OCCLUSION) options.patch = 15;
    cs_status status = cs_localize(s->model, s->prompts, s->image, &options, &maps, error);
    assert_true((status == CS_OK) == (maps != NULL));
    cs_maps_destroy(maps);
    return status;
}

static cs_status occlusion(void *context, cs_error *error) {
    return localize(context, CS_METHOD_OCCLUSION, error);
}

static cs_status region(void *context, cs_error *error) {
    return localize(context, CS_METHOD_REGION, error);
}

static cs_status nearest(void *context, cs_error *error) {
    const scene *s = context;
    cs_occluder *occluder;
    uint8_t out[16 * 16 * 3];
    const cs_black black = {3, 4, 20, 10};
    cs_status status = cs_occluder_create(cs_image_view(s->image), 16, 16, CS_FILTER_NEAREST, 1, &occluder, error);
    if (status != CS_OK) return status;
    status = cs_occluder_make(occluder, &black, out, error);
    cs_occluder_destroy(occluder);
    return status;
}

static cs_status rectangles(void *context, cs_error *error) {
    (void)context;
    float values[] = {0, 1, 1, 0, 1, 0};
    const cs_grid grid = {2, 3, 1, 1, values};
    const cs_box_options options = {CS_BOX_RECTANGLES, CS_SCORE_PEAK, 0.5f, 0};
    cs_detections *detections;
    cs_status status = cs_detections_create(&detections, error);
    if (status != CS_OK) return status;
    status = cs_boxes_find(&grid, values, &options, 0, detections, error);
    cs_detections_destroy(detections);
    return status;
}

static void occlusion_survives(void **state) {
    fail_each_allocation("occlusion", occlusion, *state);
}

static void region_survives(void **state) {
    fail_each_allocation("region", region, *state);
}

static void the_filter_without_passes_survives(void **state) {
    fail_each_allocation("nearest", nearest, *state);
}

static void rectangles_survive(void **state) {
    fail_each_allocation("rectangles", rectangles, *state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(occlusion_survives),
        cmocka_unit_test(region_survives),
        cmocka_unit_test(the_filter_without_passes_survives),
        cmocka_unit_test(rectangles_survive),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
