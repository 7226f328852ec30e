/* Dense maps and regions of every kind of encoder against PyTorch's renderings of the same formulas. */
#include "model/dense_inputs.h"
#include "support/worst.h"

#define TOLERANCE 1e-4

typedef struct dense_case {
    char model[32], kind[16], variant[16];
    int number, height, width, sides[2], side_count;
    size_t first, count;
} dense_case;

static int parse(const char *line, dense_case *c) {
    char sides[16];
    if (sscanf(line, "%31s\t%15s\t%15s\t%d\t%d\t%d\t%15s\t%zu\t%zu", c->model, c->kind, c->variant, &c->number,
               &c->height, &c->width, sides, &c->first, &c->count) != 9)
        return 0;
    c->side_count = sscanf(sides, "%d,%d", &c->sides[0], &c->sides[1]);
    return 1;
}

static float *read_expected(size_t *count) {
    cs_error error;
    char *data;
    size_t size;
    assert_ok(cs_file_read(test_data("dense/expected.f32"), 1 << 20, &data, &size, &error));
    *count = size / sizeof(float);
    return (float *)(void *)data;
}

static void run(cs_model *model, const dense_case *c, const float *picture, int rows, int cols, float *out) {
    cs_error error;
    cs_image_encoder *encoder = model->image;
    const cs_dense_input input = {.picture = picture,
                                  .height = c->height,
                                  .width = c->width,
                                  .sides = c->sides,
                                  .side_count = c->side_count,
                                  .variant = c->variant};
    if (strcmp(c->kind, "dense") == 0) {
        float *texts = make_texts(encoder->dim);
        assert_int_equal(c->count, DENSE_TEXTS * rows * cols);
        assert_ok(encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, out, NULL, &error));
        free(texts);
    } else {
        unsigned char *masks = make_masks(DENSE_REGIONS, rows, cols);
        assert_int_equal(c->count, DENSE_REGIONS * encoder->dim);
        assert_ok(encoder->ops->regions(encoder, &input, masks, DENSE_REGIONS, out, &error));
        free(masks);
    }
}

/* Largest difference from what is expected. */
static double check(cs_model *model, const dense_case *c, const float *expected) {
    float *picture = make_picture(c->number, c->height, c->width), *out = malloc(c->count * sizeof *out);
    double worst = 0;
    int rows, cols;
    model->image->ops->dense_size(model->image, c->height, c->width, 0, &rows, &cols);
    run(model, c, picture, rows, cols, out);
    for (size_t i = 0; i < c->count; i++)
        worst = worse(worst, fabs((double)out[i] - expected[c->first + i]));
    if (!(worst <= TOLERANCE))
        fail_msg("%s, %s %s, %d x %d, %d sides: off by %g", c->model, c->kind, c->variant, c->height, c->width,
                 c->side_count, worst);
    free(picture);
    free(out);
    return worst;
}

/* All cases of a model with one encoder: sizes and variants follow each other in the same memory. */
static void check_model(const char *name, const char *backend) {
    char *folder, line[256];
    size_t numbers;
    float *expected = read_expected(&numbers);
    cs_model *model = open_dense_model(name, backend, &folder);
    FILE *file = fopen(test_data("dense/cases.tsv"), "r");
    double worst = 0;
    int cases = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        dense_case c;
        assert_true(parse(line, &c) && c.first + c.count <= numbers);
        if (strcmp(c.model, name) != 0) continue;
        worst = worse(worst, check(model, &c, expected));
        cases++;
    }
    fclose(file);
    print_message("%-16s %-9s %d cases within %.1e\n", name, backend, cases, worst);
    assert_true(cases >= 3);
    close_dense_model(model, folder);
    free(expected);
}

static void matches_pytorch(void **state) {
    check_model(*state, "onednn");
}

static void reference_backend_matches_pytorch(void **state) {
    check_model(*state, "reference");
}

int main(void) {
    static const char *const names[] = {"vit-hf", "vit-openclip", "resnet", "starter"};
    struct CMUnitTest tests[8];
    for (size_t i = 0; i < 4; i++) {
        void *name = (void *)(uintptr_t)names[i];
        tests[i] = (struct CMUnitTest){names[i], matches_pytorch, NULL, NULL, name};
        tests[4 + i] = (struct CMUnitTest){names[i], reference_backend_matches_pytorch, NULL, NULL, name};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
