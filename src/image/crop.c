#include <math.h>
#include <string.h>

#include "base/error.h"
#include "image/image.h"

/* Whole pixels [*first, result) between two positions, inside 0..limit. fmax and fmin prefer the number where one of
 * the two is not a number, so a NaN becomes an edge of the picture. */
static int stretch(double from, double to, int limit, int *first) {
    int start = (int)lround(fmin(fmax(from, 0), limit)), end = (int)lround(fmin(fmax(to, 0), limit));
    if (start > limit - 1) start = limit - 1;
    *first = start;
    return end > start ? end : start + 1;
}

cs_status cs_image_crop(const cs_image *image, float x, float y, float width, float height, cs_image **crop,
                        cs_error *error) {
    if (!image || !crop) return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_crop: image and crop must be given");
    int left, top;
    int right = stretch(x, (double)x + (double)width, image->width, &left);
    int bottom = stretch(y, (double)y + (double)height, image->height, &top);
    cs_view part = cs_view_crop(cs_image_view(image), left, top, right - left, bottom - top);
    return cs_image_from_rgb(part.pixels, part.width, part.height, part.stride, crop, error);
}
