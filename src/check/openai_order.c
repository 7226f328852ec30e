#include "check/openai_order.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/alpha.h"
#include "image/resample.h"

/* A picture of 64 megapixels is more than any golden needs. */
enum { MAX_PIXELS = 1 << 26 };

/* *rgba: [height, width, 4], colours not premultiplied. */
static cs_status read_rgba(const char *path, int *width, int *height, uint8_t **rgba, cs_error *error) {
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_file(&png, path))
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a PNG file: %s", path, png.message);
    png.format = PNG_FORMAT_RGBA;
    cs_status status = CS_OK;
    uint8_t *pixels = NULL;
    if (png.width < 1 || png.height < 1 || (uint64_t)png.width * png.height > MAX_PIXELS)
        status = cs_fail(error, CS_ERR_LIMIT, "%s: expected 1 to %d pixels", path, MAX_PIXELS);
    else if (!(pixels = cs_alloc((size_t)png.width * png.height, 4)))
        status = cs_fail_memory(error, path);
    else if (!png_image_finish_read(&png, NULL, pixels, 0, NULL))
        status = cs_fail(error, CS_ERR_FORMAT, "%s: damaged PNG file: %s", path, png.message);
    *width = (int)png.width;
    *height = (int)png.height;
    png_image_free(&png);
    if (status == CS_OK)
        *rgba = pixels;
    else
        free(pixels);
    return status;
}

/* The resampler takes three channels, so alpha goes through it as a grey picture of its own. Pillow resamples colours
 * that are multiplied with alpha, each rounded to 8 bits. */
static void split(const uint8_t *rgba, size_t n, uint8_t *colours, uint8_t *alphas) {
    for (size_t i = 0; i < n; i++) {
        unsigned alpha = rgba[4 * i + 3];
        for (size_t c = 0; c < 3; c++) {
            colours[3 * i + c] = (uint8_t)cs_divide_255(rgba[4 * i + c] * alpha);
            alphas[3 * i + c] = (uint8_t)alpha;
        }
    }
}

/* Back to colours that are not multiplied; under alpha 0 they stay as they are. */
static void divide(uint8_t *colours, const uint8_t *alphas, size_t samples) {
    for (size_t i = 0; i < samples; i++) {
        unsigned alpha = alphas[i], value = alpha ? 255u * colours[i] / alpha : colours[i];
        colours[i] = (uint8_t)(value > 255 ? 255 : value);
    }
}

typedef struct planes {
    uint8_t *colours, *alphas;             /* [height, width, 3] */
    uint8_t *small_colours, *small_alphas; /* [small_height, small_width, 3] */
    int width, height, small_width, small_height;
} planes;

static cs_status resize(const planes *self, const uint8_t *from, uint8_t *to, cs_error *error) {
    cs_view view = {from, (size_t)self->width * 3, self->width, self->height};
    return cs_resample(view, self->small_width, self->small_height, CS_FILTER_BICUBIC, 1, to,
                       (size_t)self->small_width * 3, error);
}

static cs_status convert(planes *self, const uint8_t *rgba, cs_image **image, cs_error *error) {
    size_t large = (size_t)self->width * (size_t)self->height;
    size_t small = (size_t)self->small_width * (size_t)self->small_height;
    self->colours = cs_alloc(large, 3);
    self->alphas = cs_alloc(large, 3);
    self->small_colours = cs_alloc(small, 3);
    self->small_alphas = cs_alloc(small, 3);
    if (!self->colours || !self->alphas || !self->small_colours || !self->small_alphas)
        return cs_fail_memory(error, "resizing a picture");
    split(rgba, large, self->colours, self->alphas);
    cs_status status = resize(self, self->colours, self->small_colours, error);
    if (status == CS_OK) status = resize(self, self->alphas, self->small_alphas, error);
    if (status != CS_OK) return status;
    divide(self->small_colours, self->small_alphas, small * 3);
    return cs_image_from_rgb(self->small_colours, self->small_width, self->small_height, 0, image, error);
}

cs_status cs_openai_picture(const char *path, int side, cs_image **image, cs_error *error) {
    planes self = {0};
    uint8_t *rgba = NULL;
    cs_status status = read_rgba(path, &self.width, &self.height, &rgba, error);
    if (status != CS_OK) return status;
    int shorter = self.width < self.height ? self.width : self.height;
    if (shorter < 1) shorter = 1; /* read_rgba() has refused empty pictures; a checker cannot know */
    self.small_width = (int)((int64_t)side * self.width / shorter);
    self.small_height = (int)((int64_t)side * self.height / shorter);
    status = convert(&self, rgba, image, error);
    free(rgba);
    free(self.colours);
    free(self.alphas);
    free(self.small_colours);
    free(self.small_alphas);
    return status;
}
