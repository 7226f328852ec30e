/* Memory that runs out while a box is cut out: an error, no picture, no leak. */
#include "support/support.h"

#include "image/image.h"

static cs_error error;
static cs_image *image;

static cs_status cut_out(void) {
    cs_image *crop = NULL;
    cs_status status = cs_image_crop(image, 1, 1, 4, 4, &crop, &error);
    if (status != CS_OK) assert_null(crop);
    cs_image_close(crop);
    return status;
}

static void each_allocation_fails(void **state) {
    (void)state;
    assert_ok(cs_image_create(9, 7, &image, &error));
    fail_every_allocation(cut_out, 1, &error);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
