#include "image/image.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

cs_status cs_image_create(int width, int height, cs_image **image, cs_error *error) {
    if (width < 1 || height < 1)
        return cs_fail(error, CS_ERR_ARGUMENT, "a picture of %d x %d pixels: both sides must be at least 1", width,
                       height);
    cs_image *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a picture");
    *made = (cs_image){width, height, cs_alloc_aligned((size_t)width * 3, (size_t)height)};
    if (!made->pixels) {
        free(made);
        return cs_fail(error, CS_ERR_MEMORY, "out of memory for a picture of %d x %d pixels", width, height);
    }
    *image = made;
    return CS_OK;
}

cs_status cs_image_from_rgb(const uint8_t *pixels, int width, int height, size_t stride, cs_image **image,
                            cs_error *error) {
    if (!pixels || !image) return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_from_rgb: pixels and image must be given");
    size_t row = width > 0 ? (size_t)width * 3 : 0;
    if (stride == 0) stride = row;
    if (stride < row)
        return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_from_rgb: a stride of %zu bytes, expected at least %zu",
                       stride, row);
    cs_image *made;
    cs_status status = cs_image_create(width, height, &made, error);
    if (status != CS_OK) return status;
    for (int y = 0; y < height; y++)
        memcpy(made->pixels + (size_t)y * row, pixels + (size_t)y * stride, row);
    *image = made;
    return CS_OK;
}

void cs_image_close(cs_image *image) {
    if (!image) return;
    free(image->pixels);
    free(image);
}

int cs_image_width(const cs_image *image) {
    return image->width;
}

int cs_image_height(const cs_image *image) {
    return image->height;
}

const uint8_t *cs_image_pixels(const cs_image *image) {
    return image->pixels;
}

cs_view cs_image_view(const cs_image *image) {
    return (cs_view){image->pixels, (size_t)image->width * 3, image->width, image->height};
}

cs_view cs_view_crop(cs_view view, int x, int y, int width, int height) {
    return (cs_view){view.pixels + (size_t)y * view.stride + (size_t)x * 3, view.stride, width, height};
}
