/* The operations behind dense maps and regions: the fast backend against the reference, and what the reference must do
 * by its definition. */
#include "nn/pair.h"

/* Largest errors grow with the length of sums in f32. */
#define assert_closer_than(limit, a, b, count)                                                                         \
    do {                                                                                                               \
        double off_ = difference(a, b, count);                                                                         \
        if (!(off_ < (limit))) fail_msg("results differ by %g of the largest value", off_);                            \
    } while (0)

static const cs_attention_size sizes[] = {{1, 1, 1, 8, 0, 0},   {2, 50, 3, 64, 0, 0},  {1, 77, 2, 80, 0, 0},
                                          {1, 13, 5, 88, 0, 0}, {1, 301, 2, 16, 0, 0}, {2, 200, 1, 64, 0, 0}};

static void attention_of_every_pairing(void **state) {
    pair *both = *state;
    cs_error error;
    for (size_t i = 0; i < 6 * sizeof sizes / sizeof *sizes; i++) {
        const cs_attention_size *size = &sizes[i / 6];
        size_t tokens = (size_t)size->tokens;
        size_t count = (size_t)size->n * tokens * (size_t)size->heads * (size_t)size->head_width;
        float *qkv = noises(3 * count), *y = noises(count), *z = noises(count), *bias = noises(tokens * tokens);
        const float *used = i % 2 ? bias : NULL;
        for (size_t k = 0; k < 3 * count; k++)
            qkv[k] *= 2;
        assert_ok(cs_nn_reference.attention_pairs(both->slow, size, (cs_pairing)(i / 2 % 3), used, qkv, y, &error));
        assert_ok(cs_nn_onednn.attention_pairs(both->fast, size, (cs_pairing)(i / 2 % 3), used, qkv, z, &error));
        assert_close(y, z, count);
        free(qkv), free(y), free(z), free(bias);
    }
}

/* With equal queries and keys all pairings are one, and a bias that hides all but one token gives that token's value.
 */
static void pairings_and_bias_mean_what_they_say(void **state) {
    pair *both = *state;
    cs_error error;
    const cs_attention_size size = {1, 5, 2, 4, 0, 0};
    float *qkv = noises(5 * 24), *bias = noises(25), *a = noises(40), *b = noises(40);
    assert_ok(cs_nn_reference.attention_pairs(both->slow, &size, CS_PAIR_QUERY_QUERY, NULL, qkv, a, &error));
    assert_ok(cs_nn_reference.attention_pairs(both->slow, &size, CS_PAIR_KEY_KEY, NULL, qkv, b, &error));
    assert_true(difference(a, b, 40) > 1e-3);
    for (size_t t = 0; t < 5; t++)
        memcpy(qkv + t * 24 + 8, qkv + t * 24, 8 * sizeof *qkv);
    assert_ok(cs_nn_reference.attention_pairs(both->slow, &size, CS_PAIR_KEY_KEY, NULL, qkv, b, &error));
    assert_close(a, b, 40);
    assert_ok(cs_nn_reference.attention_pairs(both->slow, &size, CS_PAIR_QUERY_KEY, NULL, qkv, b, &error));
    assert_close(a, b, 40);
    for (size_t i = 0; i < 25; i++)
        bias[i] = i % 5 == 3 ? 0 : -1000;
    assert_ok(cs_nn_reference.attention_pairs(both->slow, &size, CS_PAIR_KEY_KEY, bias, qkv, a, &error));
    for (size_t t = 0; t < 5; t++)
        assert_close(a + t * 8, qkv + 3 * 24 + 16, 8);
    free(qkv), free(bias), free(a), free(b);
}

/* masks: [k, cells] of noise, a third of them inside; the first region has none, the second all. */
static float *make_masks(int k, size_t cells) {
    float *masks = noises((size_t)k * cells);
    for (size_t i = 0; i < (size_t)k * cells; i++)
        masks[i] = i < cells ? 0 : i < 2 * cells ? 1 : masks[i] > 0.33f ? 1 : 0;
    return masks;
}

static void attention_of_regions(void **state) {
    pair *both = *state;
    cs_error error;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cs_attention_size size = sizes[i];
        size.n = 1;
        int k = 7;
        size_t cells = (size_t)size.tokens - 1, width = (size_t)size.heads * (size_t)size.head_width;
        float *qkv = noises((cells + 1) * 3 * width), *own = noises((size_t)k * 3 * width);
        float *masks = make_masks(k, cells), *y = noises((size_t)k * width), *z = noises((size_t)k * width);
        assert_ok(cs_nn_reference.attention_regions(both->slow, &size, k, qkv, own, masks, y, &error));
        assert_ok(cs_nn_onednn.attention_regions(both->fast, &size, k, qkv, own, masks, z, &error));
        assert_close(y, z, (size_t)k * width);
        assert_close(y, own + 2 * width, width); /* an empty region sees itself alone */
        free(qkv), free(own), free(masks), free(y), free(z);
    }
}

/* A region of all cells whose query is the first token's is that token's ordinary attention. */
static void the_whole_as_a_region_is_plain_attention(void **state) {
    pair *both = *state;
    cs_error error;
    const cs_attention_size size = {1, 30, 2, 16, 0, 0};
    float *qkv = noises(30 * 96), *masks = noises(29), *y = noises(30 * 32), *z = noises(32);
    for (int i = 0; i < 29; i++)
        masks[i] = 1;
    assert_ok(cs_nn_reference.attention(both->slow, &size, qkv, y, &error));
    assert_ok(cs_nn_reference.attention_regions(both->slow, &size, 1, qkv, qkv, masks, z, &error));
    assert_close(y, z, 32);
    free(qkv), free(masks), free(y), free(z);
}

static void check_product(pair *both, cs_product size) {
    cs_error error;
    size_t rows = (size_t)size.rows, inner = (size_t)size.inner, cols = (size_t)size.cols;
    float *a = noises(rows * inner), *b = noises(inner * cols), *y = noises(rows * cols), *z = copy_of(y, rows * cols);
    if (size.beta == 0) y[0] = z[0] = NAN; /* must not be looked at */
    assert_ok(cs_nn_reference.product(both->slow, &size, a, b, y, &error));
    assert_ok(cs_nn_onednn.product(both->fast, &size, a, b, z, &error));
    assert_closer_than(1e-5, y, z, rows * cols);
    free(a), free(b), free(y), free(z);
}

static void products(void **state) {
    const int shapes[][3] = {{1, 1, 1}, {3, 5, 2}, {17, 300, 64}, {130, 130, 33}, {1, 64, 400}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int flags = 0; flags < 4; flags++)
            check_product(*state, (cs_product){shapes[i][0], shapes[i][1], shapes[i][2], flags & 1,
                                               flags & 2 ? 0.5f : 1.0f, flags & 2 ? 0.25f : 0.0f});
}

/* [1 2; 3 4] [5 6; 7 8] = [19 22; 43 50]; with the right one transposed [17 23; 39 53]. */
static void a_product_by_hand(void **state) {
    pair *both = *state;
    cs_error error;
    const float a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8}, plain[] = {19, 22, 43, 50}, turned[] = {18, 24, 40, 54};
    float y[4] = {1, 1, 1, 1};
    assert_ok(cs_nn_onednn.product(both->fast, &(cs_product){2, 2, 2, 0, 1, 0}, a, b, y, &error));
    assert_memory_equal(y, plain, sizeof plain);
    for (int i = 0; i < 4; i++)
        y[i] = 1;
    assert_ok(cs_nn_onednn.product(both->fast, &(cs_product){2, 2, 2, 1, 1, 1}, a, b, y, &error));
    assert_memory_equal(y, turned, sizeof turned);
}

static void blends(void **state) {
    pair *both = *state;
    cs_error error;
    for (int flags = 0; flags < 4; flags++) {
        const cs_blend size = {7, 33, flags & 1 ? 1 : 7, flags & 2 ? 0.5f : 0, 0.3f};
        float *x = noises(7 * 33), *y = noises(7 * 33), *z = copy_of(y, 7 * 33), *old = copy_of(y, 7 * 33);
        if (size.keep == 0) y[5] = z[5] = NAN;
        assert_ok(cs_nn_reference.blend(both->slow, &size, x, y, &error));
        assert_ok(cs_nn_onednn.blend(both->fast, &size, x, z, &error));
        assert_close(y, z, 7 * 33);
        assert_true(fabsf(y[40] - (size.keep * old[40] + 0.3f * x[flags & 1 ? 7 : 40])) < 1e-6f);
        free(x), free(y), free(z), free(old);
    }
}

static void rows_become_unit_vectors(void **state) {
    pair *both = *state;
    cs_error error;
    for (int width = 1; width < 900; width = width * 3 + 1) {
        float *x = noises(5 * (size_t)width), *y = copy_of(x, 5 * (size_t)width);
        for (int i = 0; i < width; i++)
            x[i] = y[i] = 0;
        assert_ok(cs_nn_reference.unit_rows(both->slow, 5, width, x, &error));
        assert_ok(cs_nn_onednn.unit_rows(both->fast, 5, width, y, &error));
        assert_close(x, y, 5 * (size_t)width);
        double squares = 0;
        for (int i = 0; i < width; i++)
            squares += (double)x[4 * width + i] * x[4 * width + i];
        assert_true(fabs(squares - 1) < 1e-5);
        free(x), free(y);
    }
}

static void columns_are_taken(void **state) {
    pair *both = *state;
    cs_error error;
    float *x = noises(5 * 21), *y = noises(35), *z = noises(35);
    assert_ok(cs_nn_reference.take(both->slow, 5, 21, 14, 7, x, y, &error));
    assert_ok(cs_nn_onednn.take(both->fast, 5, 21, 14, 7, x, z, &error));
    assert_memory_equal(y, z, 35 * sizeof *y);
    for (size_t r = 0; r < 5; r++)
        assert_memory_equal(y + r * 7, x + r * 21 + 14, 7 * sizeof *y);
    free(x), free(y), free(z);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(attention_of_every_pairing, open_both, close_both),
        cmocka_unit_test_setup_teardown(pairings_and_bias_mean_what_they_say, open_both, close_both),
        cmocka_unit_test_setup_teardown(attention_of_regions, open_both, close_both),
        cmocka_unit_test_setup_teardown(the_whole_as_a_region_is_plain_attention, open_both, close_both),
        cmocka_unit_test_setup_teardown(products, open_both, close_both),
        cmocka_unit_test_setup_teardown(a_product_by_hand, open_both, close_both),
        cmocka_unit_test_setup_teardown(blends, open_both, close_both),
        cmocka_unit_test_setup_teardown(rows_become_unit_vectors, open_both, close_both),
        cmocka_unit_test_setup_teardown(columns_are_taken, open_both, close_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
