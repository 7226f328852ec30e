/* Each allocation of opening and running a CLIP fails in turn: an error, nothing lost, nothing printed. */
#include "parity/expected.h"

typedef struct scene {
    char *folder; /* of a model */
    cs_image *picture;
} scene;

/* Opens a model, embeds a text and a picture. */
static cs_status run(void *context, cs_error *error) {
    const scene *s = context;
    const cs_image *picture = s->picture;
    const char *text = "a photo of a cat";
    const cs_model_options options = {.threads = 1};
    float out[512];
    cs_model *model = NULL;
    cs_status status = cs_model_open(s->folder, &options, &model, error);
    assert_true((status == CS_OK) == (model != NULL));
    if (status == CS_OK) assert_true(cs_model_dim(model) <= 512);
    if (status == CS_OK) status = cs_model_embed_texts(model, &text, 1, out, error);
    if (status == CS_OK) status = cs_model_embed_images(model, &picture, 1, out, error);
    cs_model_close(model);
    return status;
}

static void fail_each(const char *name) {
    cs_error error;
    scene s = {make_model(name), open_picture(2)};
    assert_ok(run(&s, &error)); /* what is made once and kept is there from now on */
    fail_each_allocation(name, run, &s);
    cs_image_close(s.picture);
    remove_folder(s.folder);
}

static void a_vision_transformer_survives(void **state) {
    (void)state;
    fail_each("hf-tiny");
}

static void a_pickled_checkpoint_survives(void **state) {
    (void)state;
    fail_each("dress-old");
}

static void a_sharded_checkpoint_survives(void **state) {
    (void)state;
    fail_each("hf-vit-h-14");
}

static void a_resnet_survives(void **state) {
    (void)state;
    fail_each("openclip-rn50x4");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vision_transformer_survives),
        cmocka_unit_test(a_pickled_checkpoint_survives),
        cmocka_unit_test(a_sharded_checkpoint_survives),
        cmocka_unit_test(a_resnet_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
