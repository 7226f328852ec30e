#include <stdlib.h>

#include <webp/encode.h>

#include "base/error.h"
#include "image/codec.h"

static const float quality = 92;

cs_status cs_image_encode_webp(const cs_image *image, FILE *file, cs_error *error) {
    if (image->width > WEBP_MAX_DIMENSION || image->height > WEBP_MAX_DIMENSION)
        return cs_fail(error, CS_ERR_LIMIT, "%d x %d pixels, and a WebP holds at most %d a side; write a .png",
                       image->width, image->height, WEBP_MAX_DIMENSION);
    uint8_t *bytes = NULL;
    size_t size = WebPEncodeRGB(image->pixels, image->width, image->height, image->width * 3, quality, &bytes);
    if (size == 0) return cs_fail_memory(error, "writing a WebP");
    size_t written = fwrite(bytes, 1, size, file);
    WebPFree(bytes);
    return written == size ? CS_OK : cs_fail(error, CS_ERR_IO, "cannot write a WebP");
}
