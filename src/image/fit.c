#include <math.h>

#include "base/error.h"
#include "image/image.h"
#include "image/resample.h"

static int scaled(int length, double factor) {
    int whole = (int)lround(length * factor);
    return whole < 1 ? 1 : whole;
}

cs_status cs_image_fit(const cs_image *image, int width, int height, cs_image **copy, cs_error *error) {
    if (!image || !copy || width < 1 || height < 1)
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "cs_image_fit: expected an image, and at least one pixel to fit it into");
    double factor = fmin(fmin((double)width / image->width, (double)height / image->height), 1);
    cs_image *made = NULL;
    cs_status status = cs_image_create(scaled(image->width, factor), scaled(image->height, factor), &made, error);
    if (status != CS_OK) return status;
    /* On one thread: whoever shows many photographs makes them one after another, and each is a few milliseconds. */
    status = cs_resample(cs_image_view(image), made->width, made->height, CS_FILTER_LANCZOS, 1, made->pixels,
                         (size_t)made->width * 3, error);
    if (status == CS_OK)
        *copy = made;
    else
        cs_image_close(made);
    return status;
}
