/* An embedding that is there already is classified as the photograph that it is of. */
#include "support/support.h"

#include <stdlib.h>

static void equals_the_photograph(void **state) {
    (void)state;
    const char *labels[] = {"a cat", "a dog", "a boat"};
    cs_error error;
    cs_model *model;
    cs_prompts *prompts;
    cs_image *image;
    float logits[3], probabilities[3], again[3], shares[3];
    assert_ok(cs_model_open(NULL, NULL, &model, &error));
    assert_ok(cs_prompts_create(model, labels, 3, NULL, &prompts, &error));
    assert_ok(cs_image_open(test_data("image/source.png"), NULL, &image, &error));
    float *embedding = calloc((size_t)cs_model_dim(model), sizeof *embedding);
    assert_ok(cs_classify(model, prompts, image, logits, probabilities, &error));
    assert_ok(cs_model_embed_images(model, (const cs_image *const *)&image, 1, embedding, &error));
    assert_ok(cs_classify_embedding(model, prompts, embedding, again, shares, &error));
    assert_memory_equal(logits, again, sizeof logits);
    assert_memory_equal(probabilities, shares, sizeof shares);
    assert_true(shares[0] + shares[1] + shares[2] > 0.999F);
    assert_ok(cs_classify_embedding(model, prompts, embedding, NULL, NULL, &error));
    free(embedding);
    cs_image_close(image);
    cs_prompts_destroy(prompts);
    cs_model_close(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_the_photograph)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
