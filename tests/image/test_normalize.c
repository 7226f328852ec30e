/* Normalised samples against numpy's, bit for bit. */
#include <stdio.h>

#include "checksum.h"
#include "image/normalize.h"
#include "support/support.h"

static void test_values_equal_numpys(void **state) {
    (void)state;
    /* Two columns wide with a gap between the rows, so that the stride counts. */
    uint8_t samples[128][8] = {{0}};
    for (int v = 0; v < 256; v++)
        for (int c = 0; c < 3; c++)
            samples[v / 2][v % 2 * 3 + c] = (uint8_t)v;
    FILE *list = fopen(test_data("image/normalize.tsv"), "r");
    assert_non_null(list);
    float m[3], s[3], out[256 * 3];
    unsigned crc;
    int n = 0;
    while (fscanf(list, "%f %f %f %f %f %f %x", &m[0], &m[1], &m[2], &s[0], &s[1], &s[2], &crc) == 7) {
        cs_normalize_pixels(&samples[0][0], 8, 2, 128, m, s, out);
        assert_int_equal(checksum(out, sizeof out), crc);
        n++;
    }
    fclose(list);
    assert_int_equal(n, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values_equal_numpys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
