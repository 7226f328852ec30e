/* Damaged checkpoints and failing allocations: an error each time, never a crash, a leak or a step outside. */
#include "support/damage.h"

#include <jansson.h>

#include "model/checkpoint.h"
#include "model/claimed_bytes.h"
#include "model/safetensors.h"

static cs_error error;

static void *read_types(size_t *size) {
    return read_test_data("checkpoint/types.safetensors", size);
}

static cs_status parse(const void *bytes, size_t size) {
    cs_tensor_list list = {NULL, 0, NULL};
    error.message[0] = '\0';
    cs_status status = cs_safetensors_parse(bytes, size, "file", &list, &error);
    if (status != CS_OK) assert_true(strlen(error.message) > 0);
    read_claimed_bytes(&list);
    cs_tensor_list_free(&list);
    return status;
}

static void test_truncated_anywhere(void **state) {
    (void)state;
    size_t size;
    uint8_t *bytes = read_types(&size);
    for (size_t length = 0; length < size; length++)
        assert_int_equal(parse_exactly(parse, bytes, length), CS_ERR_FORMAT);
    assert_int_equal(parse_exactly(parse, bytes, size), CS_OK);
    free(bytes);
}

static void test_random_damage(void **state) {
    (void)state;
    size_t size;
    uint8_t *bytes = read_types(&size);
    assert_true(parse_damaged(parse, bytes, size) > 10000); /* most of the file is header, and most of that matters */
    free(bytes);
}

/* Digits and punctuation of the header changed one at a time into each other: damage that stays JSON. */
static void test_every_digit_changed(void **state) {
    (void)state;
    static const char others[] = "0189-. [,{}]\"n";
    size_t size, accepted = 0;
    uint8_t *bytes = read_types(&size);
    size_t header = 8 + (bytes[0] | (size_t)bytes[1] << 8);
    for (size_t i = 8; i < header; i++) {
        uint8_t right = bytes[i];
        for (const char *other = others; *other && right >= '0' && right <= '9'; other++) {
            if (right == (uint8_t)*other) continue;
            bytes[i] = (uint8_t)*other;
            accepted += parse_exactly(parse, bytes, size) == CS_OK;
        }
        bytes[i] = right;
    }
    assert_true(accepted < size); /* digits in names may change, and [0, 4] may become [0, 8] */
    free(bytes);
}

static cs_status open_and_read(void) {
    cs_checkpoint *checkpoint;
    float out[4];
    cs_status status = cs_checkpoint_open(test_data("checkpoint/model.safetensors.index.json"), &checkpoint, &error);
    if (status == CS_OK) status = cs_checkpoint_read(checkpoint, "b.weight", 1, (const int64_t[]){3}, out, &error);
    cs_checkpoint_close(checkpoint);
    return status;
}

/* Makes each allocation fail in turn. */
static void fail_each(long least, int any_error) {
    fail_allocation(-1, 0);
    assert_ok(open_and_read());
    long total = allocations_made();
    assert_true(total >= least);
    for (int only_one = 0; only_one < 2; only_one++) {
        for (long i = 0; i < total; i++) {
            error.message[0] = '\0';
            fail_allocation(i, only_one);
            cs_status status = open_and_read();
            fail_allocation(-1, 0);
            if ((any_error ? status == CS_OK : status != CS_ERR_MEMORY) || !error.message[0])
                fail_msg("allocation %ld of %ld: %s, \"%s\"", i, total, cs_status_name(status), error.message);
        }
    }
}

static void test_failing_allocations(void **state) {
    (void)state;
    fail_each(10, 0);
}

/* jansson's allocations too. It reports some of its failures as errors of syntax, and where its buffer cannot grow it
 * loses a character, which then shows up as a file or tensor that is not there: any error will do. */
static void test_failing_allocations_of_jansson(void **state) {
    (void)state;
    json_set_alloc_funcs(malloc, free); /* this program's malloc, which fail_allocation() rules */
    fail_each(80, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_truncated_anywhere), cmocka_unit_test(test_random_damage),
                                       cmocka_unit_test(test_every_digit_changed),
                                       cmocka_unit_test(test_failing_allocations),
                                       cmocka_unit_test(test_failing_allocations_of_jansson)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
