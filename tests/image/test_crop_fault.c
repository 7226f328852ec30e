/* Memory that runs out while a box is cut out: an error, no picture, no leak. */
#include "support/support.h"

#include <string.h>

#include "image/image.h"

static void each_allocation_fails(void **state) {
    (void)state;
    cs_error error = {CS_OK, ""};
    cs_image *image = NULL, *crop = NULL;
    assert_ok(cs_image_create(9, 7, &image, &error));
    long n = 0;
    for (cs_status status = CS_ERR_MEMORY; status != CS_OK; n++) {
        fail_allocation(n, 0);
        status = cs_image_crop(image, 1, 1, 4, 4, &crop, &error);
        fail_allocation(-1, 0);
        if (status == CS_OK) break;
        assert_int_equal(status, CS_ERR_MEMORY);
        assert_null(crop);
        assert_non_null(strstr(error.message, "memory"));
    }
    assert_true(n >= 2);
    cs_image_close(crop);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
