/* What a calibration is fitted with: a small model, a dataset, its classes as prompts, and a photograph for all of it.
 */
#ifndef CS_TESTS_EVAL_CALIBRATION_SCENE_H
#define CS_TESTS_EVAL_CALIBRATION_SCENE_H

#include "parity/made_model.h"

typedef struct scene {
    char *folder; /* of the model */
    cs_model *model;
    cs_prompts *prompts;
    cs_dataset *dataset;
    cs_image *image;
} scene;

static inline int open_scene(void **state) {
    static scene s;
    cs_error error;
    const char *labels[8];
    const cs_model_options options = {.threads = 1, .batch = 4};
    s.folder = make_model("hf-tiny");
    assert_ok(cs_model_open(s.folder, &options, &s.model, &error));
    assert_ok(cs_dataset_open(test_data("eval/voc"), &s.dataset, &error));
    size_t classes = cs_dataset_class_count(s.dataset);
    assert_in_range(classes, 1, sizeof labels / sizeof *labels);
    for (size_t i = 0; i < classes; i++)
        labels[i] = cs_dataset_class(s.dataset, i);
    assert_ok(cs_prompts_create(s.model, labels, classes, NULL, &s.prompts, &error));
    assert_ok(cs_image_open(test_data("models/pictures/wide.png"), NULL, &s.image, &error));
    *state = &s;
    return 0;
}

static inline int close_scene(void **state) {
    scene *s = *state;
    cs_image_close(s->image);
    cs_dataset_close(s->dataset);
    cs_prompts_destroy(s->prompts);
    cs_model_close(s->model);
    remove_folder(s->folder);
    return 0;
}

#endif
