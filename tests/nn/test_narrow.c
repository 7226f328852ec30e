/* Layers in less than f32: the fast backend against the definitions in plain C, and both against f32. */
#include "nn/pair.h"

#include "nn/narrow.h"
#include "nn/onednn/onednn.h"

static const cs_precision precisions[] = {CS_PRECISION_BF16, CS_PRECISION_INT8};

/* Inputs as a transformer has them: a few are a hundred times as large as the others. */
static float *inputs(size_t count, int with_far_ones) {
    float *x = noises(count);
    for (size_t i = 0; with_far_ones && i < count; i += 211)
        x[i] *= 100;
    return x;
}

static void check_linear(pair *both, int rows, const cs_linear_spec *spec, int far) {
    cs_error error;
    size_t in = (size_t)rows * (size_t)spec->in, out = (size_t)rows * (size_t)spec->out;
    float *w = noises((size_t)spec->in * (size_t)spec->out), *b = noises((size_t)spec->out);
    float *x = inputs(in, far), *y = noises(out), *z = copy_of(y, out);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.linear(both->slow, spec, w, b, &slow, &error));
    assert_ok(cs_nn_onednn.linear(both->fast, spec, w, b, &fast, &error));
    assert_ok(cs_nn_reference.run_linear(both->slow, slow, rows, x, y, &error));
    assert_ok(cs_nn_onednn.run_linear(both->fast, fast, rows, x, z, &error));
    assert_close(y, z, out);
    assert_null(strstr(cs_onednn_implementation(fast), "ref"));
    cs_nn_reference.layer_free(both->slow, slow);
    cs_nn_onednn.layer_free(both->fast, fast);
    free(w), free(b), free(x), free(y), free(z);
}

static void linear(void **state) {
    (void)state;
    const int shapes[][3] = {{1, 1, 3}, {3, 7, 5}, {17, 64, 33}, {50, 96, 100}, {128, 31, 257}, {5, 300, 1}};
    for (size_t k = 0; k < 2; k++) {
        pair *both = open_pair(precisions[k]);
        for (size_t i = 0; both && i < sizeof shapes / sizeof *shapes; i++)
            for (int activation = CS_ACT_NONE; activation <= CS_ACT_GELU; activation++)
                for (int flags = 0; flags < 4; flags++) {
                    const cs_linear_spec spec = {shapes[i][1], shapes[i][2], (cs_activation)activation, flags & 1,
                                                 CS_TOLERATES_INT8};
                    check_linear(both, shapes[i][0], &spec, flags & 2);
                }
        if (both) close_both((void **)&both);
    }
}

static int has(cs_precision precision) {
    pair *both = open_pair(precision);
    if (both) close_both((void **)&both);
    return both != NULL;
}

static void check_conv(pair *both, const cs_conv_spec *spec, const cs_conv_size *size, int far) {
    cs_error error;
    size_t weights = (size_t)spec->out * (size_t)spec->in * (size_t)(spec->kernel * spec->kernel);
    size_t in = (size_t)(size->n * size->height * size->width * spec->in);
    size_t out = (size_t)(size->n * size->out_height * size->out_width * spec->out);
    float *w = noises(weights), *b = noises((size_t)spec->out);
    float *x = inputs(in, far), *y = noises(out), *z = copy_of(y, out);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.conv(both->slow, spec, w, b, &slow, &error));
    assert_ok(cs_nn_onednn.conv(both->fast, spec, w, b, &fast, &error));
    assert_ok(cs_nn_reference.run_conv(both->slow, slow, size, x, y, &error));
    assert_ok(cs_nn_onednn.run_conv(both->fast, fast, size, x, z, &error));
    assert_close(y, z, out);
    cs_nn_reference.layer_free(both->slow, slow);
    cs_nn_onednn.layer_free(both->fast, fast);
    free(w), free(b), free(x), free(y), free(z);
}

static void convolutions(void **state) {
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        pair *both = open_pair(precisions[k]);
        for (int flags = 0; both && flags < 4; flags++) {
            const cs_conv_size same = {2, 9, 7, 9, 7, 1, 1, 0, 0}, around = {2, 9, 7, 9, 7, 1, 1, 1, 1};
            const cs_conv_size patches = {1, 12, 8, 3, 2, 4, 1, 0, 0};
            check_conv(both, &(cs_conv_spec){24, 40, 1, 0, CS_ACT_RELU6, flags & 1, CS_TOLERATES_INT8}, &same,
                       flags & 2);
            if (!has(CS_PRECISION_BF16)) continue;
            check_conv(both, &(cs_conv_spec){16, 24, 3, 0, CS_ACT_RELU, flags & 1, CS_TOLERATES_INT8}, &around,
                       flags & 2);
            check_conv(both, &(cs_conv_spec){3, 32, 4, 0, CS_ACT_NONE, flags & 1, CS_TOLERATES_INT8}, &patches,
                       flags & 2);
        }
        if (both) close_both((void **)&both);
    }
}

/* What the split is for: without it the far values' step would swallow the others (an error of about 0.1). */
static void far_inputs_cost_no_digits(void **state) {
    (void)state;
    enum { ROWS = 20, IN = 200, OUT = 60 };
    cs_error error;
    const cs_linear_spec spec = {IN, OUT, CS_ACT_NONE, 0, CS_TOLERATES_INT8};
    if (!has(CS_PRECISION_INT8)) skip();
    float *w = noises(IN * OUT), *x = noises(ROWS * IN), *y = noises(ROWS * OUT), *z = noises(ROWS * OUT);
    for (int r = 0; r < ROWS; r += 4)
        x[r * IN + 7] = 300;
    for (int i = 0; i < IN * OUT; i++)
        if (i % IN == 7) w[i] = 0; /* so that only the others' digits are seen */
    pair *exact = open_pair(CS_PRECISION_FP32), *rounded = open_pair(CS_PRECISION_INT8);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.linear(exact->slow, &spec, w, NULL, &slow, &error));
    assert_ok(cs_nn_onednn.linear(rounded->fast, &spec, w, NULL, &fast, &error));
    assert_ok(cs_nn_reference.run_linear(exact->slow, slow, ROWS, x, y, &error));
    assert_ok(cs_nn_onednn.run_linear(rounded->fast, fast, ROWS, x, z, &error));
    assert_true(difference(y, z, ROWS * OUT) > 1e-5); /* it is int8 indeed */
    assert_true(difference(y, z, ROWS * OUT) < 0.1);
    print_message("int8 differs by %.4f of the largest value\n", difference(y, z, ROWS * OUT));
    cs_nn_reference.layer_free(exact->slow, slow);
    cs_nn_onednn.layer_free(rounded->fast, fast);
    close_both((void **)&exact), close_both((void **)&rounded);
    free(w), free(x), free(y), free(z);
}

static void layers_that_are_not_tolerant_stay_in_f32(void **state) {
    (void)state;
    cs_error error;
    const cs_linear_spec spec = {64, 64, CS_ACT_NONE, 0, CS_TOLERATES_NONE};
    if (!has(CS_PRECISION_INT8)) skip();
    float *w = noises(64 * 64), *x = noises(8 * 64), *y = noises(8 * 64), *z = noises(8 * 64);
    pair *exact = open_pair(CS_PRECISION_FP32), *rounded = open_pair(CS_PRECISION_INT8);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.linear(exact->slow, &spec, w, NULL, &slow, &error));
    assert_ok(cs_nn_onednn.linear(rounded->fast, &spec, w, NULL, &fast, &error));
    assert_ok(cs_nn_reference.run_linear(exact->slow, slow, 8, x, y, &error));
    assert_ok(cs_nn_onednn.run_linear(rounded->fast, fast, 8, x, z, &error));
    assert_close(y, z, 8 * 64);
    cs_nn_reference.layer_free(exact->slow, slow);
    cs_nn_onednn.layer_free(rounded->fast, fast);
    close_both((void **)&exact), close_both((void **)&rounded);
    free(w), free(x), free(y), free(z);
}

/* Opened with int8, such a layer gives what it gives with bf16, to the bit; opened with f32 it stays exact. */
static void a_layer_may_tolerate_bf16_alone(void **state) {
    (void)state;
    enum { ROWS = 8, SIDE = 64 };
    cs_error error;
    const cs_precision opened[] = {CS_PRECISION_BF16, CS_PRECISION_INT8, CS_PRECISION_FP32};
    if (!has(CS_PRECISION_BF16) || !has(CS_PRECISION_INT8)) skip();
    float *w = noises(SIDE * SIDE), *x = noises(ROWS * SIDE), *y[3][2];
    for (size_t k = 0; k < 3; k++) {
        pair *both = open_pair(opened[k]);
        const cs_linear_spec spec = {SIDE, SIDE, CS_ACT_NONE, 0, CS_TOLERATES_BF16};
        const cs_nn_ops *const ops[] = {&cs_nn_reference, &cs_nn_onednn};
        for (int fast = 0; fast < 2; fast++) {
            cs_layer *layer;
            cs_nn *nn = fast ? both->fast : both->slow;
            y[k][fast] = noises(ROWS * SIDE);
            assert_ok(ops[fast]->linear(nn, &spec, w, NULL, &layer, &error));
            assert_ok(ops[fast]->run_linear(nn, layer, ROWS, x, y[k][fast], &error));
            ops[fast]->layer_free(nn, layer);
        }
        close_both((void **)&both);
    }
    for (int fast = 0; fast < 2; fast++) {
        assert_memory_equal(y[0][fast], y[1][fast], ROWS * SIDE * sizeof(float));
        assert_true(difference(y[2][fast], y[0][fast], ROWS * SIDE) > 1e-5); /* it is bf16 indeed */
        for (size_t k = 0; k < 3; k++)
            free(y[k][fast]);
    }
    free(w), free(x);
}

static void bf16_rounds_to_nearest_even(void **state) {
    (void)state;
    assert_true(cs_from_bf16(cs_to_bf16(1.0f)) == 1.0f);
    assert_true(cs_from_bf16(cs_to_bf16(1.00390625f)) == 1.0f);      /* 1 + 2^-8: a tie, down to even */
    assert_true(cs_from_bf16(cs_to_bf16(1.01171875f)) == 1.015625f); /* 1 + 3 * 2^-8: a tie, up to even */
    assert_true(cs_from_bf16(cs_to_bf16(-3.3f)) == -3.296875f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear),
        cmocka_unit_test(convolutions),
        cmocka_unit_test(far_inputs_cost_no_digits),
        cmocka_unit_test(layers_that_are_not_tolerant_stay_in_f32),
        cmocka_unit_test(a_layer_may_tolerate_bf16_alone),
        cmocka_unit_test(bf16_rounds_to_nearest_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
