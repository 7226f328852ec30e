/* Each allocation of dense maps and regions fails in turn: an error that says so, nothing lost. */
#include "model/dense_inputs.h"

typedef struct request {
    const char *variant; /* NULL: regions */
    int with_features;
} request;

static cs_status ask(cs_model *model, const request *r, const float *picture, cs_error *error) {
    cs_image_encoder *encoder = model->image;
    const cs_dense_input input = {.picture = picture, .height = 64, .width = 96, .variant = r->variant};
    float texts[DENSE_TEXTS * 512] = {1}, out[8 * 512];
    unsigned char masks[2 * 96];
    cs_features features = {0};
    memset(masks, 1, sizeof masks);
    if (!r->variant) return encoder->ops->regions(encoder, &input, masks, 2, out, error);
    cs_status status =
        encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, out, r->with_features ? &features : NULL, error);
    assert_true(!features.data || status == CS_OK);
    free(features.data);
    return status;
}

/* Each attempt starts with a new encoder, whose memory has not grown yet. *made: allocations of the request. */
static cs_status attempt(const char *folder, const request *r, const float *picture, long n, int only_one, long *made) {
    cs_error error;
    cs_model *model;
    const cs_model_options options = {.threads = 1};
    assert_ok(cs_model_open(folder, &options, &model, &error));
    error.message[0] = '\0';
    fail_allocation(n, only_one);
    cs_status status = ask(model, r, picture, &error);
    *made = allocations_made();
    fail_allocation(-1, 0);
    if (status != CS_OK) {
        assert_int_equal(status, CS_ERR_MEMORY);
        assert_true(error.message[0] != '\0');
        assert_ok(ask(model, r, picture, &error));
    }
    cs_model_close(model);
    return status;
}

static void fail_each(const char *name, const request *r) {
    char *folder;
    long count, unused;
    close_dense_model(open_dense_model(name, "onednn", &folder), NULL);
    float *picture = make_picture(0, 64, 96);
    assert_int_equal(attempt(folder, r, picture, -1, 0, &count), CS_OK);
    assert_true(count > 5);
    for (long n = 0; n < count; n++)
        for (int only_one = 0; only_one <= 1; only_one++)
            assert_int_equal(attempt(folder, r, picture, n, only_one, &unused), CS_ERR_MEMORY);
    print_message("%s, %s: %ld allocations\n", name, r->variant ? r->variant : "regions", count);
    free(picture);
    if (folder) remove_folder(folder);
}

static void vision_transformers(void **state) {
    (void)state;
    static const char *const variants[] = {"sc-clip", "naclip", "clearclip", "maskclip", NULL};
    for (int i = 0; i < 5; i++)
        fail_each("vit-hf", &(request){variants[i], i < 2});
}

static void resnets(void **state) {
    (void)state;
    fail_each("resnet", &(request){"maskclip", 1});
    fail_each("resnet", &(request){NULL, 0});
}

static void starters(void **state) {
    (void)state;
    fail_each("starter", &(request){NULL, 0});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vision_transformers),
        cmocka_unit_test(resnets),
        cmocka_unit_test(starters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
