/* SHA-256: the examples of FIPS 180-2. */
#include "support/support.h"

#include <string.h>

#include "clipsight_tools.h"

static void is_sha_256(void **state) {
    (void)state;
    cs_error error;
    uint8_t hash[32];
    assert_ok(cs_content_hash("abc", 3, hash, &error));
    assert_memory_equal(hash,
                        "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23\xb0\x03\x61\xa3\x96\x17"
                        "\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad",
                        32);
    assert_ok(cs_content_hash(NULL, 0, hash, &error));
    assert_memory_equal(hash,
                        "\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24\x27\xae\x41\xe4\x64\x9b"
                        "\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55",
                        32);
    assert_fails(cs_content_hash(NULL, 1, hash, &error), CS_ERR_ARGUMENT, "nothing");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_sha_256)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
