/* Inverted residual blocks: cut into pieces, and one layer after the other, against plain C. */
#include "nn/pair.h"

#include "nn/onednn/inverted.h"

typedef struct shape {
    int n, height, width, in, expanded, out, kernel, stride, dilation, expands;
} shape;

static cs_conv_size size_of(const shape *s) {
    cs_conv_size size = {
        .n = s->n, .height = s->height, .width = s->width, .stride = s->stride, .dilation = s->dilation};
    int reach = (s->kernel - 1) * s->dilation + 1;
    size.out_height = (s->height + s->stride - 1) / s->stride;
    size.out_width = (s->width + s->stride - 1) / s->stride;
    int down = (size.out_height - 1) * s->stride + reach - s->height;
    int across = (size.out_width - 1) * s->stride + reach - s->width;
    size.pad_top = down > 0 ? down / 2 : 0;
    size.pad_left = across > 0 ? across / 2 : 0;
    return size;
}

/* The block's layers in one backend, from the same weights. */
static void make(const cs_nn_ops *ops, cs_nn *nn, const shape *s, int residual, float *const w[3], const float *bias,
                 cs_inverted *block) {
    cs_error error;
    const cs_conv_spec expand = {s->in, s->expanded, 1, 0, CS_ACT_RELU6, 0, CS_TOLERATES_INT8};
    const cs_conv_spec depthwise = {s->expanded, s->expanded, s->kernel, 1, CS_ACT_RELU6, 0, CS_TOLERATES_NONE};
    const cs_conv_spec project = {s->expanded, s->out, 1, 0, CS_ACT_NONE, residual, CS_TOLERATES_INT8};
    *block = (cs_inverted){NULL, NULL, NULL, s->in, s->expanded, s->out, s->kernel, residual};
    if (s->expands) assert_ok(ops->conv(nn, &expand, w[0], bias, &block->expand, &error));
    assert_ok(ops->conv(nn, &depthwise, w[1], bias, &block->depthwise, &error));
    assert_ok(ops->conv(nn, &project, w[2], bias, &block->project, &error));
}

static void unmake(const cs_nn_ops *ops, cs_nn *nn, const cs_inverted *block) {
    if (block->expand) ops->layer_free(nn, block->expand);
    ops->layer_free(nn, block->depthwise);
    ops->layer_free(nn, block->project);
}

/* Largest difference that is allowed, relative to the largest value. */
static void check_within(pair *both, const shape *s, double limit) {
    cs_error error;
    int residual = s->in == s->out && s->stride == 1;
    const cs_conv_size size = size_of(s);
    size_t expanded = (size_t)s->expanded;
    float *w[3] = {noises(expanded * (size_t)s->in), noises(expanded * (size_t)(s->kernel * s->kernel)),
                   noises(expanded * (size_t)s->out)};
    float *bias = noises(expanded), *x = noises((size_t)(s->n * s->height * s->width * s->in));
    size_t count = (size_t)(s->n * size.out_height * size.out_width * s->out);
    float *y = noises(count), *z = noises(count);
    cs_inverted slow, fast;
    make(&cs_nn_reference, both->slow, s, residual, w, bias, &slow);
    make(&cs_nn_onednn, both->fast, s, residual, w, bias, &fast);
    assert_ok(cs_nn_reference.run_inverted(both->slow, &slow, &size, x, y, &error));
    for (int round = 0; round < 2; round++) { /* with new plans, and with those that are there */
        assert_ok(cs_nn_onednn.run_inverted(both->fast, &fast, &size, x, z, &error));
        assert_true(difference(y, z, count) < limit);
    }
    unmake(&cs_nn_reference, both->slow, &slow);
    unmake(&cs_nn_onednn, both->fast, &fast);
    free(w[0]), free(w[1]), free(w[2]), free(bias), free(x), free(y), free(z);
}

static void check(pair *both, const shape *s) {
    check_within(both, s, 3e-6);
}

/* A value that lies between two whole numbers may fall to either side, and the next layer sees that. */
static void check_rounded(pair *both, const shape *s) {
    check_within(both, s, 0.02);
}

static void blocks(void **state) {
    const shape shapes[] = {
        {1, 60, 90, 8, 48, 12, 3, 2, 1, 1},  /* rows */
        {1, 61, 90, 8, 96, 8, 3, 1, 1, 1},   /* rows, the last piece shorter, residual */
        {2, 70, 64, 8, 80, 8, 5, 1, 1, 1},   /* rows of two pictures */
        {1, 90, 70, 48, 48, 16, 3, 1, 1, 0}, /* no expansion */
        {1, 64, 80, 8, 72, 8, 5, 1, 2, 1},   /* dilated */
        {1, 81, 65, 8, 64, 12, 5, 2, 1, 1},  /* odd sides, stride 2 */
        {5, 9, 9, 24, 144, 24, 5, 1, 1, 1},  /* whole pictures */
        {4, 17, 17, 24, 24, 16, 3, 1, 1, 0}, /* whole pictures, no expansion */
        {1, 9, 9, 24, 144, 24, 3, 1, 1, 1},  /* not cut */
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        check(*state, &shapes[i]);
    for (int precision = CS_PRECISION_BF16; precision <= CS_PRECISION_INT8; precision++) {
        pair *both = open_pair((cs_precision)precision);
        for (size_t i = 0; both && i < sizeof shapes / sizeof *shapes; i++)
            check_rounded(both, &shapes[i]);
        if (both) close_both((void **)&both);
    }
}

/* Every row of the output is in exactly one piece, and what a piece reads is there. */
static void pieces_cover_the_map(void **state) {
    (void)state;
    int by_rows = 0;
    for (int height = 1; height < 400; height += 7) {
        const shape s = {2, height, 300, 0, 100, 0, 5, 1 + height % 2, 1, 0};
        const cs_conv_size size = size_of(&s);
        const cs_pieces pieces = cs_pieces_of(&size, 5, 100, 2);
        int next = 0;
        for (int i = 0; i < pieces.count && !pieces.pictures; i++) {
            const cs_piece piece = cs_piece_at(&pieces, &size, 5, i);
            by_rows = 1;
            assert_int_equal(piece.picture * size.out_height + piece.out_first, next);
            assert_true(piece.out_rows > 0 && piece.valid_rows > 0 && piece.valid_first >= 0);
            assert_true(piece.valid_first + piece.valid_rows <= height);
            next += piece.out_rows;
        }
        if (pieces.count > 0 && !pieces.pictures) assert_int_equal(next, 2 * size.out_height);
    }
    assert_true(by_rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks), cmocka_unit_test(pieces_cover_the_map)};
    return cmocka_run_group_tests(tests, open_both, close_both);
}
