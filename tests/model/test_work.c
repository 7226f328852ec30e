/* What a model says that it has done: multiply-adds against those that its shape asks for, and times that add up. */
#include "parity/made_model.h"

#include <stdlib.h>

enum { PICTURES = 3 };

static cs_image *make_picture(int side) {
    cs_error error;
    cs_image *image;
    uint8_t *pixels = calloc((size_t)side * (size_t)side, 3);
    assert_non_null(pixels);
    assert_ok(cs_image_from_rgb(pixels, side, side, 0, &image, &error));
    free(pixels);
    return image;
}

/* Multiply-adds for PICTURES pictures beside those of cs_model_inspect(), and for one text. */
static void check_model(const char *folder, const char *backend, double least, double most) {
    const cs_model_options options = {.threads = 1, .backend = backend};
    const char *texts[] = {"a cat"};
    cs_error error;
    cs_model *model;
    cs_model_info info;
    assert_ok(cs_model_inspect(folder, &info, &error));
    assert_ok(cs_model_open(folder, &options, &model, &error));
    assert_true(cs_model_work(model).gmac == 0);
    cs_image *image = make_picture(cs_model_image_size(model)), *images[PICTURES] = {image, image, image};
    float *out = calloc(PICTURES * (size_t)cs_model_dim(model), sizeof *out);
    assert_ok(cs_model_embed_images(model, (const cs_image *const *)images, PICTURES, out, &error));
    cs_work work = cs_model_work(model);
    double share = work.gmac / PICTURES / info.image_gmac;
    if (!(share >= least && share <= most)) fail_msg("%s: %.4f of %g GMAC", folder, share, info.image_gmac);
    assert_true(work.prepare_seconds > 0 && work.image_seconds > 0 && work.text_seconds == 0);
    assert_ok(cs_model_embed_texts(model, texts, 1, out, &error));
    cs_work after = cs_model_work(model);
    assert_true(after.text_seconds > 0 && after.image_seconds == work.image_seconds);
    assert_true(after.gmac > work.gmac && after.gmac - work.gmac <= info.text_gmac);
    free(out);
    cs_image_close(image);
    cs_model_close(model);
}

/* Nothing is left out of a convolutional network; the fast backend does some rows of its maps twice. */
static void the_starter_does_what_its_shape_says(void **state) {
    (void)state;
    cs_error error;
    char *folder;
    assert_ok(cs_model_find("starter", &folder, &error));
    check_model(folder, "reference", 0.995, 1.001);
    check_model(folder, NULL, 0.995, 1.05);
    cs_string_free(folder);
}

/* A transformer's last block need not be run for all tokens. */
static void a_transformer_does_no_more_than_its_shape_says(void **state) {
    (void)state;
    char *folder = make_model("../dense/vit-hf");
    check_model(folder, NULL, 0.5, 1.001);
    check_model(folder, "reference", 0.5, 1.001);
    remove_folder(folder);
}

/* A map's passes are counted, too. */
static void maps_are_counted(void **state) {
    (void)state;
    const char *labels[] = {"a cat"};
    const cs_localize_options options = {.method = CS_METHOD_DENSE};
    cs_error error;
    cs_model *model;
    cs_prompts *prompts;
    cs_maps *maps;
    cs_image *image = make_picture(64);
    char *folder = make_model("../dense/vit-hf");
    assert_ok(cs_model_open(folder, NULL, &model, &error));
    assert_ok(cs_prompts_create(model, labels, 1, NULL, &prompts, &error));
    cs_work before = cs_model_work(model);
    assert_ok(cs_localize(model, prompts, image, &options, &maps, &error));
    cs_work after = cs_model_work(model);
    assert_true(after.prepare_seconds > before.prepare_seconds && after.image_seconds > before.image_seconds);
    assert_true(after.gmac > before.gmac);
    cs_maps_destroy(maps);
    cs_prompts_destroy(prompts);
    cs_image_close(image);
    cs_model_close(model);
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_starter_does_what_its_shape_says),
        cmocka_unit_test(a_transformer_does_no_more_than_its_shape_says),
        cmocka_unit_test(maps_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
