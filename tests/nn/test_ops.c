/* Every operation of the fast backend against the reference, over odd shapes. */
#include "nn/pair.h"

#include "nn/onednn/onednn.h"
#include "nn/onednn/vector_exp.h"

static void check_linear(pair *both, int rows, int in, int out, cs_activation activation, int accumulate, int bias) {
    cs_error error;
    cs_linear_spec spec = {in, out, activation, accumulate, 0};
    float *w = noises((size_t)in * (size_t)out), *b = noises((size_t)out);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.linear(both->slow, &spec, w, bias ? b : NULL, &slow, &error));
    assert_ok(cs_nn_onednn.linear(both->fast, &spec, w, bias ? b : NULL, &fast, &error));
    /* several row counts on one layer: the packed weights must serve them all */
    for (int r = rows; r > 0; r = r / 2) {
        size_t count = (size_t)r * (size_t)out;
        float *x = noises((size_t)r * (size_t)in), *y = noises(count), *z = copy_of(y, count);
        assert_ok(cs_nn_reference.run_linear(both->slow, slow, r, x, y, &error));
        assert_ok(cs_nn_onednn.run_linear(both->fast, fast, r, x, z, &error));
        assert_close(y, z, count);
        assert_null(strstr(cs_onednn_implementation(fast), "ref"));
        free(x), free(y), free(z);
    }
    cs_nn_reference.layer_free(both->slow, slow);
    cs_nn_onednn.layer_free(both->fast, fast);
    free(w), free(b);
}

static void linear(void **state) {
    const int shapes[][3] = {{1, 1, 1}, {3, 7, 5}, {17, 64, 33}, {50, 96, 100}, {128, 31, 257}, {5, 300, 1}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int activation = CS_ACT_NONE; activation <= CS_ACT_GELU; activation++)
            for (int flags = 0; flags < 4; flags++)
                check_linear(*state, shapes[i][0], shapes[i][1], shapes[i][2], (cs_activation)activation, flags & 1,
                             flags & 2);
}

static void linear_with_many_row_counts(void **state) {
    pair *both = *state;
    cs_error error;
    cs_linear_spec spec = {24, 40, CS_ACT_NONE, 0, 0};
    float *w = noises(24 * 40), *b = noises(40), *x = noises(64 * 24), *y = noises(64 * 40), *z = noises(64 * 40);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.linear(both->slow, &spec, w, b, &slow, &error));
    assert_ok(cs_nn_onednn.linear(both->fast, &spec, w, b, &fast, &error));
    for (int round = 0; round < 2; round++) {
        for (int rows = 0; rows <= 64; rows++) {
            assert_ok(cs_nn_reference.run_linear(both->slow, slow, rows, x, y, &error));
            assert_ok(cs_nn_onednn.run_linear(both->fast, fast, rows, x, z, &error));
            assert_close(y, z, (size_t)rows * 40);
        }
    }
    cs_nn_reference.layer_free(both->slow, slow);
    cs_nn_onednn.layer_free(both->fast, fast);
    free(w), free(b), free(x), free(y), free(z);
}

static void run_both_convs(pair *both, cs_layer *slow, cs_layer *fast, const cs_conv_spec *spec,
                           const cs_conv_size *size) {
    cs_error error;
    size_t in = (size_t)size->n * (size_t)size->height * (size_t)size->width * (size_t)spec->in;
    size_t out = (size_t)size->n * (size_t)size->out_height * (size_t)size->out_width * (size_t)spec->out;
    float *x = noises(in), *y = noises(out), *z = copy_of(y, out);
    assert_ok(cs_nn_reference.run_conv(both->slow, slow, size, x, y, &error));
    assert_ok(cs_nn_onednn.run_conv(both->fast, fast, size, x, z, &error));
    assert_close(y, z, out);
    free(x), free(y), free(z);
}

/* Output size and leading padding as TensorFlow's SAME has them. */
static cs_conv_size same_size(int n, int height, int width, int kernel, int stride, int dilation) {
    int out_height = (height + stride - 1) / stride, out_width = (width + stride - 1) / stride;
    int reach = (kernel - 1) * dilation + 1;
    int vertical = (out_height - 1) * stride + reach - height, horizontal = (out_width - 1) * stride + reach - width;
    return (cs_conv_size){n,
                          height,
                          width,
                          out_height,
                          out_width,
                          stride,
                          dilation,
                          vertical > 0 ? vertical / 2 : 0,
                          horizontal > 0 ? horizontal / 2 : 0};
}

static void check_conv(pair *both, cs_conv_spec spec, int n, int height, int width) {
    cs_error error;
    size_t weights = (size_t)spec.out * (size_t)(spec.depthwise ? 1 : spec.in) * (size_t)(spec.kernel * spec.kernel);
    float *w = noises(weights), *b = noises((size_t)spec.out);
    cs_layer *slow, *fast;
    assert_ok(cs_nn_reference.conv(both->slow, &spec, w, b, &slow, &error));
    assert_ok(cs_nn_onednn.conv(both->fast, &spec, w, b, &fast, &error));
    for (int stride = 1; stride <= 2; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
            cs_conv_size size = same_size(n, height, width, spec.kernel, stride, dilation);
            run_both_convs(both, slow, fast, &spec, &size);
        }
    }
    cs_nn_reference.layer_free(both->slow, slow);
    cs_nn_onednn.layer_free(both->fast, fast);
    free(w), free(b);
}

static void convolutions(void **state) {
    const int sizes[][3] = {{1, 1, 1}, {2, 5, 9}, {1, 17, 8}, {3, 9, 9}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int accumulate = 0; accumulate < 2; accumulate++) {
            int n = sizes[i][0], h = sizes[i][1], w = sizes[i][2];
            check_conv(*state, (cs_conv_spec){3, 32, 3, 0, CS_ACT_RELU6, accumulate, 0}, n, h, w);
            check_conv(*state, (cs_conv_spec){17, 23, 1, 0, CS_ACT_NONE, accumulate, 0}, n, h, w);
            check_conv(*state, (cs_conv_spec){24, 48, 3, 0, CS_ACT_RELU, accumulate, 0}, n, h, w);
            check_conv(*state, (cs_conv_spec){19, 19, 3, 1, CS_ACT_RELU6, accumulate, 0}, n, h, w);
            check_conv(*state, (cs_conv_spec){96, 96, 5, 1, CS_ACT_RELU6, accumulate, 0}, n, h, w);
        }
    }
}

static void layer_norm(void **state) {
    pair *both = *state;
    cs_error error;
    for (int width = 1; width < 600; width = width * 2 + 1) {
        size_t count = 5 * (size_t)width;
        float *x = noises(count), *y = noises(count), *g = noises((size_t)width), *b = noises((size_t)width);
        for (size_t i = 0; i < count; i++)
            x[i] = x[i] * 3 + 40; /* a large mean: cancellation shows */
        assert_ok(cs_nn_reference.layer_norm(both->slow, 5, width, 1e-5f, g, b, x, y, &error));
        assert_ok(cs_nn_onednn.layer_norm(both->fast, 5, width, 1e-5f, g, b, x, x, &error));
        assert_true(difference(y, x, count) < 3e-5);
        free(x), free(y), free(g), free(b);
    }
}

static void softmax(void **state) {
    pair *both = *state;
    cs_error error;
    for (int width = 1; width < 1200; width = width * 3 + 1) {
        size_t count = 7 * (size_t)width;
        float *x = noises(count);
        for (size_t i = 0; i < count; i++)
            x[i] *= 60;
        float *y = copy_of(x, count);
        assert_ok(cs_nn_reference.softmax(both->slow, 7, width, x, &error));
        assert_ok(cs_nn_onednn.softmax(both->fast, 7, width, y, &error));
        assert_close(x, y, count);
        free(x), free(y);
    }
}

static void attention(void **state) {
    pair *both = *state;
    cs_error error;
    const cs_attention_size sizes[] = {{1, 1, 1, 8, 0, 0},   {2, 50, 3, 64, 0, 0}, {3, 7, 4, 64, 1, 0},
                                       {1, 77, 2, 80, 1, 0}, {1, 13, 5, 88, 0, 0}, {3, 50, 3, 64, 0, 1},
                                       {2, 9, 2, 104, 1, 7}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const cs_attention_size *size = &sizes[i];
        size_t count = (size_t)size->n * (size_t)size->tokens * (size_t)size->heads * (size_t)size->head_width;
        float *qkv = noises(3 * count), *y = noises(count), *z = noises(count);
        size_t asked = size->queries ? count / (size_t)size->tokens * (size_t)size->queries : count;
        for (size_t k = 0; k < 3 * count; k++)
            qkv[k] *= 2;
        assert_ok(cs_nn_reference.attention(both->slow, size, qkv, y, &error));
        assert_ok(cs_nn_onednn.attention(both->fast, size, qkv, z, &error));
        assert_close(y, z, asked);
        free(qkv), free(y), free(z);
    }
}

static void means(void **state) {
    pair *both = *state;
    cs_error error;
    const int sizes[][4] = {{1, 1, 1, 1}, {2, 3, 5, 17}, {1, 9, 4, 130}, {3, 2, 2, 64}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int n = sizes[i][0], h = sizes[i][1], w = sizes[i][2], c = sizes[i][3];
        size_t count = (size_t)(n * h * w * c);
        float *x = noises(count), *y = noises(count), *z = noises(count);
        assert_ok(cs_nn_reference.global_mean(both->slow, n, h, w, c, x, y, &error));
        assert_ok(cs_nn_onednn.global_mean(both->fast, n, h, w, c, x, z, &error));
        assert_close(y, z, (size_t)(n * c));
        for (int side = 1; side <= 9; side += 2) {
            assert_ok(cs_nn_reference.local_mean(both->slow, n, h, w, c, side, x, y, &error));
            assert_ok(cs_nn_onednn.local_mean(both->fast, n, h, w, c, side, x, z, &error));
            assert_close(y, z, count);
        }
        free(x), free(y), free(z);
    }
}

static void pooling(void **state) {
    pair *both = *state;
    cs_error error;
    const int sizes[][5] = {{1, 2, 2, 1, 2}, {2, 7, 5, 17, 2}, {3, 9, 6, 64, 3}, {1, 4, 4, 130, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int n = sizes[i][0], h = sizes[i][1], w = sizes[i][2], c = sizes[i][3], side = sizes[i][4];
        size_t in = (size_t)(n * h * w * c), out = (size_t)(n * (h / side) * (w / side) * c);
        float *x = noises(in), *y = noises(out), *z = noises(out);
        assert_ok(cs_nn_reference.mean_pool(both->slow, n, h, w, c, side, x, y, &error));
        assert_ok(cs_nn_onednn.mean_pool(both->fast, n, h, w, c, side, x, z, &error));
        assert_close(y, z, out);
        free(x), free(y), free(z);
    }
}

static void tokens(void **state) {
    pair *both = *state;
    cs_error error;
    const int sizes[][3] = {{1, 1, 1}, {3, 7, 33}, {2, 49, 96}};
    for (size_t i = 0; i < 6; i++) {
        int n = sizes[i / 2][0], count = sizes[i / 2][1], width = sizes[i / 2][2], per_sequence = (int)(i % 2);
        size_t all = (size_t)(n * (count + 1) * width);
        float *cells = noises(all), *first = noises(all), *positions = noises(all), *y = noises(all), *z = noises(all);
        assert_ok(
            cs_nn_reference.assemble(both->slow, n, count, width, cells, first, per_sequence, positions, y, &error));
        assert_ok(cs_nn_onednn.assemble(both->fast, n, count, width, cells, first, per_sequence, positions, z, &error));
        assert_close(y, z, all);
        assert_ok(cs_nn_reference.take_first(both->slow, n, count + 1, width, y, cells, &error));
        assert_ok(cs_nn_onednn.take_first(both->fast, n, count + 1, width, z, first, &error));
        assert_close(cells, first, (size_t)(n * width));
        free(cells), free(first), free(positions), free(y), free(z);
    }
}

static void exponential(void **state) {
    (void)state;
    for (float x = 0; x > -86.9f; x -= 0.00137f)
        assert_true(fabs(cs_exp_negative(x) / exp(x) - 1) < 2.5e-7);
    assert_true(cs_exp_negative(-200.0f) == 0.0f);
    assert_true(cs_exp_negative(0.0f) == 1.0f);
}

static void unknown_backend_is_named(void **state) {
    (void)state;
    cs_error error;
    const cs_nn_ops *ops;
    assert_fails(cs_nn_find("cuda", &ops, &error), CS_ERR_ARGUMENT, "'cuda'");
    assert_ok(cs_nn_find(NULL, &ops, &error));
    assert_string_equal(ops->name, "onednn");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(linear, open_both, close_both),
        cmocka_unit_test_setup_teardown(linear_with_many_row_counts, open_both, close_both),
        cmocka_unit_test_setup_teardown(convolutions, open_both, close_both),
        cmocka_unit_test_setup_teardown(layer_norm, open_both, close_both),
        cmocka_unit_test_setup_teardown(softmax, open_both, close_both),
        cmocka_unit_test_setup_teardown(attention, open_both, close_both),
        cmocka_unit_test_setup_teardown(means, open_both, close_both),
        cmocka_unit_test_setup_teardown(pooling, open_both, close_both),
        cmocka_unit_test_setup_teardown(tokens, open_both, close_both),
        cmocka_unit_test(exponential),
        cmocka_unit_test(unknown_backend_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
