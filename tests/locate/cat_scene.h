/* The starter, the photograph of a cat that the project ships, and what to look for in it. */
#ifndef CS_TESTS_LOCATE_CAT_SCENE_H
#define CS_TESTS_LOCATE_CAT_SCENE_H

#include <stdio.h>
#include <stdlib.h>

#include "support/support.h"

typedef struct cat_scene {
    cs_model *model;
    cs_image *image; /* 451 x 300 */
    cs_prompts *prompts;
} cat_scene;

static inline cat_scene look_for(const char *const *labels, size_t count) {
    cat_scene scene;
    cs_error error;
    char path[4096];
    const cs_model_options options = {.threads = 2};
    snprintf(path, sizeof path, "%s/../assets/chelsea.png", getenv("CLIPSIGHT_MODELS"));
    assert_ok(cs_model_open(NULL, &options, &scene.model, &error));
    assert_ok(cs_image_open(path, NULL, &scene.image, &error));
    assert_ok(cs_prompts_create(scene.model, labels, count, NULL, &scene.prompts, &error));
    return scene;
}

/* For cmocka: something that is there, and something that is not. */
static inline int open_cat_scene(void **state) {
    static const char *const labels[] = {"a cat", "a giraffe"};
    static cat_scene scene;
    scene = look_for(labels, 2);
    *state = &scene;
    return 0;
}

/* For cmocka, where *state begins with a scene. */
static inline int close_cat_scene(void **state) {
    const cat_scene *scene = *state;
    cs_prompts_destroy(scene->prompts);
    cs_image_close(scene->image);
    cs_model_close(scene->model);
    return 0;
}

#endif
