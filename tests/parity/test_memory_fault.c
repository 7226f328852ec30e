/* Each allocation of opening and running a CLIP fails in turn: an error, nothing lost, nothing printed. */
#include "parity/expected.h"

/* Opens a model, embeds a text and a picture. */
static cs_status run(const char *folder, const cs_image *picture, cs_error *error) {
    const char *text = "a photo of a cat";
    const cs_model_options options = {.threads = 1};
    float out[512];
    cs_model *model = NULL;
    cs_status status = cs_model_open(folder, &options, &model, error);
    assert_true((status == CS_OK) == (model != NULL));
    if (status == CS_OK) assert_true(cs_model_dim(model) <= 512);
    if (status == CS_OK) status = cs_model_embed_texts(model, &text, 1, out, error);
    if (status == CS_OK) status = cs_model_embed_images(model, &picture, 1, out, error);
    cs_model_close(model);
    return status;
}

/* Every allocation, alone and then with all that follow it. */
static void fail_each(const char *name) {
    cs_error error;
    char *folder = make_model(name);
    cs_image *picture = open_picture(2);
    assert_ok(run(folder, picture, &error));
    fail_allocation(-1, 0);
    assert_ok(run(folder, picture, &error));
    long count = allocations_made(), failures = 0;
    for (long n = 0; n < count; n++) {
        for (int only_one = 0; only_one <= 1; only_one++) {
            error.message[0] = '\0';
            fail_allocation(n, only_one);
            cs_status status = run(folder, picture, &error);
            fail_allocation(-1, 0);
            if (status == CS_OK) continue; /* something that can be done without */
            assert_true(error.message[0] != '\0');
            failures += status == CS_ERR_MEMORY;
        }
    }
    print_message("%s: %ld allocations, %ld refusals for want of memory\n", name, count, failures);
    assert_true(failures >= count);
    cs_image_close(picture);
    remove_folder(folder);
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
