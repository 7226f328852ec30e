/* Small models and photographs for the tests of cs_jobs. */
#ifndef CS_TESTS_LOCATE_JOBS_SCENE_H
#define CS_TESTS_LOCATE_JOBS_SCENE_H

#include "parity/made_model.h"

typedef struct jobs_scene {
    cs_model *model;
    cs_image *wide, *tall, *square;
    cs_prompts *prompts, *more;
    cs_jobs *jobs; /* of one test: begin_jobs() */
} jobs_scene;

/* folder: NULL for the starter. */
static inline jobs_scene open_jobs_scene(const char *folder, const char *backend, int batch) {
    const cs_model_options options = {.threads = 1, .backend = backend, .batch = batch};
    const char *labels[] = {"a photo of a cat", "two", "a dog"};
    jobs_scene scene = {.jobs = NULL};
    cs_error error;
    assert_ok(cs_model_open(folder, &options, &scene.model, &error));
    assert_ok(cs_image_open(test_data("models/pictures/wide.png"), NULL, &scene.wide, &error));
    assert_ok(cs_image_open(test_data("models/pictures/tall.png"), NULL, &scene.tall, &error));
    assert_ok(cs_image_open(test_data("models/pictures/square.png"), NULL, &scene.square, &error));
    assert_ok(cs_prompts_create(scene.model, labels, 2, NULL, &scene.prompts, &error));
    assert_ok(cs_prompts_create(scene.model, labels + 1, 2, NULL, &scene.more, &error));
    return scene;
}

/* A random vision transformer of 32 x 32 pixels. */
static inline jobs_scene open_small_scene(const char *backend, int batch) {
    char *folder = make_model("hf-tiny");
    jobs_scene scene = open_jobs_scene(folder, backend, batch);
    remove_folder(folder);
    return scene;
}

static inline void close_jobs_scene(jobs_scene *scene) {
    cs_prompts_destroy(scene->prompts);
    cs_prompts_destroy(scene->more);
    cs_image_close(scene->wide);
    cs_image_close(scene->tall);
    cs_image_close(scene->square);
    cs_model_close(scene->model);
}

/* For cmocka, where *state begins with a scene. */
static inline int begin_jobs(void **state) {
    jobs_scene *scene = *state;
    cs_error error;
    assert_ok(cs_jobs_create(scene->model, &scene->jobs, &error));
    return 0;
}

enum { STRIP_PATCH = 10 };

/* Noise that is `windows` patches wide and one high, so that it has as many windows of one patch. */
static inline cs_image *make_strip(int windows) {
    cs_error error;
    cs_image *image;
    size_t size = (size_t)windows * STRIP_PATCH * STRIP_PATCH * 3;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    for (size_t i = 0; i < size; i++)
        pixels[i] = (uint8_t)made_byte((uint64_t)windows, i);
    assert_ok(cs_image_from_rgb(pixels, windows * STRIP_PATCH, STRIP_PATCH, 0, &image, &error));
    free(pixels);
    return image;
}

static inline cs_localize_options strip_options(void) {
    return (cs_localize_options){.method = CS_METHOD_WINDOW, .patch = STRIP_PATCH, .window = 1, .stride = 1};
}

#endif
