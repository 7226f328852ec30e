/* What only the detail pass finds gets its extent from a pass over its surroundings. */
#include "locate/cat_scene.h"

#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "locate/dense_zoom.h"
#include "model/prompts.h"

/* The cat of the project's photograph, 451 x 300, in a grey picture four times as wide. */
enum { WIDTH = 1800, HEIGHT = 1200, CAT_X = 900, CAT_Y = 600, ROWS = 24, COLS = 36, CELL = 50 };

typedef struct scene {
    cat_scene cat; /* in the grey picture */
    int cat_width, cat_height;
} scene;

static int open_scene(void **state) {
    static const char *const labels[] = {"a cat", "a cat", "a giraffe"};
    static scene opened;
    cs_error error;
    opened.cat = look_for(labels, 3);
    cs_image *cat = opened.cat.image, *grey;
    assert_ok(cs_image_create(WIDTH, HEIGHT, &grey, &error));
    memset(grey->pixels, 128, (size_t)WIDTH * HEIGHT * 3);
    for (int row = 0; row < cat->height; row++)
        memcpy(grey->pixels + ((size_t)(CAT_Y + row) * WIDTH + CAT_X) * 3,
               cat->pixels + (size_t)row * (size_t)cat->width * 3, (size_t)cat->width * 3);
    opened.cat_width = cat->width;
    opened.cat_height = cat->height;
    opened.cat.image = grey;
    cs_image_close(cat);
    *state = &opened;
    return 0;
}

/* A spot of four cells on the cat's face, as a detail pass would leave it. */
static void make_maps(cs_dense_map *maps, float peak) {
    for (int p = 0; p < 3; p++) {
        float *values = calloc(ROWS * COLS, sizeof *values);
        int row = CAT_Y / CELL + 2, col = CAT_X / CELL + 4;
        values[row * COLS + col] = peak;
        values[row * COLS + col + 1] = values[(row + 1) * COLS + col] = values[(row + 1) * COLS + col + 1] = peak / 2;
        maps[p] = (cs_dense_map){.scores = {ROWS, COLS, CELL, CELL, values}, .zoomed = p != 1};
    }
}

static void free_maps(cs_dense_map *maps) {
    for (int p = 0; p < 3; p++) {
        free(maps[p].scores.values);
        free(maps[p].extent);
    }
}

static cs_dense_zoom_job job_of(const scene *s, cs_dense_recipe *recipe) {
    *recipe = cs_dense_recipe_of(s->cat.model);
    return (cs_dense_zoom_job){s->cat.model, s->cat.prompts, s->cat.image, recipe};
}

/* The spot covers a thirtieth of the cat's picture; the extent reaches over much of it and hardly beyond. */
static void an_extent_reaches_beyond_the_spot(void **state) {
    const scene *s = *state;
    cs_error error;
    cs_dense_map maps[3];
    cs_dense_recipe recipe;
    cs_dense_zoom_job job = job_of(s, &recipe);
    recipe.zoom_reach = 6;
    make_maps(maps, 0.5f);
    assert_ok(cs_dense_zoom(&job, maps, &error));
    assert_true(maps[0].zoomed && maps[0].extent);
    int inside = 0, outside = 0;
    for (int i = 0; i < ROWS * COLS; i++) {
        int x = i % COLS * CELL + CELL / 2 - CAT_X, y = i / COLS * CELL + CELL / 2 - CAT_Y;
        int is_cat = x >= 0 && x < s->cat_width && y >= 0 && y < s->cat_height;
        assert_true(maps[0].extent[i] >= 0 && maps[0].extent[i] <= 1);
        if (maps[0].extent[i] > 0.3f) *(is_cat ? &inside : &outside) += 1;
    }
    assert_true(inside >= 16);
    assert_true(outside <= inside / 4);
    free_maps(maps);
}

static void unmarked_maps_are_left_alone(void **state) {
    cs_error error;
    cs_dense_map maps[3];
    cs_dense_recipe recipe;
    cs_dense_zoom_job job = job_of(*state, &recipe);
    make_maps(maps, 0.5f);
    assert_ok(cs_dense_zoom(&job, maps, &error));
    assert_true(!maps[1].zoomed && !maps[1].extent);
    free_maps(maps);
}

/* A mark without an extent would make boxes be drawn in nothing. */
static void marks_without_an_extent_are_taken_back(void **state) {
    cs_error error;
    cs_dense_map maps[3];
    cs_dense_recipe recipe;
    cs_dense_zoom_job job = job_of(*state, &recipe);
    make_maps(maps, 0.05f); /* below recipe.spread_from */
    assert_ok(cs_dense_zoom(&job, maps, &error));
    assert_true(!maps[0].zoomed && !maps[0].extent && !maps[2].zoomed && !maps[2].extent);
    free_maps(maps);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extent_reaches_beyond_the_spot),
        cmocka_unit_test(unmarked_maps_are_left_alone),
        cmocka_unit_test(marks_without_an_extent_are_taken_back),
    };
    return cmocka_run_group_tests(tests, open_scene, close_cat_scene);
}
