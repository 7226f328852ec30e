/* What is not a state dict of plain tensors is refused by name. */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "model/checkpoint.h"

static cs_error error;

static void expect(const char *name, cs_status status, const char *part) {
    char path[128];
    cs_checkpoint *checkpoint;
    snprintf(path, sizeof path, "pytorch/refused/%s.bin", name);
    assert_fails(cs_checkpoint_open(test_data(path), &checkpoint, &error), status, part);
    if (!strstr(error.message, strrchr(path, '/'))) fail_msg("the file is not named: %s", error.message);
    assert_null(checkpoint);
}

static void test_programs(void **state) {
    (void)state;
    expect("system", CS_ERR_UNSUPPORTED, "global 'posix.system' is not allowed in a checkpoint");
    expect("eval", CS_ERR_UNSUPPORTED, "global '__builtin__.eval' is not allowed in a checkpoint");
    expect("whole_module", CS_ERR_UNSUPPORTED, "global 'torch.nn.modules.linear.Linear' is not allowed");
    expect("torchscript", CS_ERR_UNSUPPORTED, "a TorchScript archive");
    assert_non_null(strstr(error.message, "openai/clip-vit-base-patch32"));
}

static void test_unknown_kinds_of_tensors(void **state) {
    (void)state;
    expect("complex", CS_ERR_UNSUPPORTED, "global 'torch.ComplexFloatStorage' is not allowed");
    expect("conjugate", CS_ERR_UNSUPPORTED, "global 'torch.ComplexFloatStorage' is not allowed");
    expect("sparse", CS_ERR_UNSUPPORTED, "global 'torch._utils._rebuild_sparse_tensor' is not allowed");
    expect("negative", CS_ERR_UNSUPPORTED, "a tensor with metadata");
    expect("transposed", CS_ERR_UNSUPPORTED, "tensor 'turned': its elements do not lie in one piece");
    expect("expanded", CS_ERR_UNSUPPORTED, "tensor 'spread': its elements do not lie in one piece");
    expect("stepped", CS_ERR_UNSUPPORTED, "tensor 'step': its elements do not lie in one piece");
}

static void test_something_other_than_a_state_dict(void **state) {
    (void)state;
    expect("lone_tensor", CS_ERR_UNSUPPORTED, "holds a tensor, expected a dictionary");
    expect("list", CS_ERR_UNSUPPORTED, "holds a list, expected a dictionary");
    expect("other_key", CS_ERR_UNSUPPORTED, "tensor 'model': expected a tensor, found a dictionary");
    assert_non_null(strstr(error.message, "'state_dict'"));
    expect("number", CS_ERR_UNSUPPORTED, "tensor 'b': expected a tensor, found a whole number");
    expect("number_as_key", CS_ERR_FORMAT, "a whole number as a key");
    expect("control", CS_ERR_FORMAT, "control characters");
}

static void test_other_formats(void **state) {
    (void)state;
    expect("protocol_4", CS_ERR_UNSUPPORTED, "pickle protocol 4, expected 2");
    expect("before_1_6", CS_ERR_UNSUPPORTED, "before version 1.6");
    expect("bare_pickle", CS_ERR_UNSUPPORTED, "a bare Python pickle");
    expect("compressed", CS_ERR_UNSUPPORTED, "'archive/byteorder' is compressed (method 8)");
    expect("big_endian", CS_ERR_UNSUPPORTED, "byte order 'big', expected 'little'");
    expect("version_11", CS_ERR_UNSUPPORTED, "version '11'");
}

static void test_incomplete_archives(void **state) {
    (void)state;
    expect("no_pickle", CS_ERR_FORMAT, "without data.pkl");
    expect("no_storage", CS_ERR_FORMAT, "no entry 'data/0'");
    expect("short_storage", CS_ERR_FORMAT, "entry 'archive/data/0' has 4 bytes, expected 2 elements of 4");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),
        cmocka_unit_test(test_unknown_kinds_of_tensors),
        cmocka_unit_test(test_something_other_than_a_state_dict),
        cmocka_unit_test(test_other_formats),
        cmocka_unit_test(test_incomplete_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
