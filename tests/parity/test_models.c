/* Every kind of checkpoint against PyTorch: embeddings, logits and probabilities of the same texts and pictures, for
 * models that transformers and open_clip wrote, and through both backends. */
#include "parity/expected.h"
#include "support/data_files.h"
#include "support/worst.h"

#define LOGIT_TOLERANCE 1e-4
#define LOWEST_COSINE 0.99999

static double relative_error(double found, double wanted) {
    return fabs(found - wanted) / fmax(1, fabs(wanted));
}

static double lowest_cosine(const float *a, const float *b, size_t rows, size_t dim) {
    double lowest = 1;
    for (size_t r = 0; r < rows; r++) {
        double dot = 0, length = 0;
        for (size_t i = r * dim; i < (r + 1) * dim; i++) {
            dot += (double)a[i] * b[i];
            length += (double)a[i] * a[i];
        }
        assert_true(fabs(length - 1) < 1e-4);
        lowest = fmin(lowest, dot);
    }
    return lowest;
}

static double check_embeddings(cs_model *model, const expected *e) {
    cs_error error;
    const char *texts[TEXTS];
    cs_image *images[PICTURES];
    float *found = malloc((TEXTS + PICTURES) * e->dim * sizeof *found);
    char *memory = read_test_lines("models/texts.txt", texts, TEXTS);
    for (int i = 0; i < PICTURES; i++)
        images[i] = open_picture(i);
    assert_ok(cs_model_embed_texts(model, texts, TEXTS, found, &error));
    assert_ok(cs_model_embed_images(model, (const cs_image *const *)images, PICTURES, found + TEXTS * e->dim, &error));
    double of_texts = lowest_cosine(found, e->texts, TEXTS, e->dim);
    double of_pictures = lowest_cosine(found + TEXTS * e->dim, e->pictures, PICTURES, e->dim);
    for (int i = 0; i < PICTURES; i++)
        cs_image_close(images[i]);
    free(found);
    free(memory);
    return fmin(of_texts, of_pictures);
}

static double check_logits(cs_model *model, const expected *e) {
    cs_error error;
    const char *texts[TEXTS];
    cs_prompts *prompts;
    double worst = 0;
    char *memory = read_test_lines("models/texts.txt", texts, TEXTS);
    assert_ok(cs_prompts_create(model, texts, TEXTS, NULL, &prompts, &error));
    for (int p = 0; p < PICTURES; p++) {
        float logits[TEXTS], shares[TEXTS];
        cs_image *image = open_picture(p);
        assert_ok(cs_classify(model, prompts, image, logits, shares, &error));
        for (int t = 0; t < TEXTS; t++) {
            worst = worse(worst, relative_error(logits[t], e->logits[p * TEXTS + t]));
            assert_true(fabs((double)shares[t] - e->shares[p * TEXTS + t]) < 1e-3);
        }
        cs_image_close(image);
    }
    cs_prompts_destroy(prompts);
    free(memory);
    return worst;
}

static void check_model(const char *name, const char *backend) {
    cs_error error;
    cs_model *model;
    const cs_model_options options = {.backend = backend, .threads = 2};
    char *folder = make_model(name);
    expected e = read_expected(folder);
    assert_ok(cs_model_open(folder, &options, &model, &error));
    assert_int_equal(cs_model_dim(model), e.dim);
    double cosine = check_embeddings(model, &e), logit = check_logits(model, &e);
    print_message("%-28s %-9s lowest cosine %.7f, logits within %.1e\n", name, backend, cosine, logit);
    assert_true(cosine >= LOWEST_COSINE);
    assert_true(logit <= LOGIT_TOLERANCE);
    cs_model_close(model);
    free(e.memory);
    remove_folder(folder);
}

/* *state: the model's name. */
static void matches_pytorch(void **state) {
    check_model(*state, "onednn");
}

static void reference_backend_matches_pytorch(void **state) {
    check_model(*state, "reference");
}

/* The forms of other years hold the same weights, so the committed figures must be the same too. */
static void dresses_share_their_logits(void **state) {
    (void)state;
    static const char *const names[] = {"hf-tiny", "dress-old", "dress-legacy"};
    expected all[3];
    for (int i = 0; i < 3; i++) {
        char *relative = cs_path_join("models", names[i]);
        all[i] = read_expected(test_data(relative));
        free(relative);
        for (int k = 0; k < PICTURES * TEXTS; k++)
            assert_true(relative_error(all[i].logits[k], all[0].logits[k]) < 1e-5);
    }
    for (int i = 0; i < 3; i++)
        free(all[i].memory);
}

int main(void) {
    struct CMUnitTest tests[2 * MODELS + 1] = {cmocka_unit_test(dresses_share_their_logits)};
    for (size_t i = 0; i < MODELS; i++) {
        void *name = (void *)(uintptr_t)model_names[i];
        tests[1 + i] = (struct CMUnitTest){model_names[i], matches_pytorch, NULL, NULL, name};
        tests[1 + MODELS + i] =
            (struct CMUnitTest){model_names[i], reference_backend_matches_pytorch, NULL, NULL, name};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
