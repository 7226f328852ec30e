/* Any bytes must give a picture or an error. The cap keeps honest huge pictures from eating the fuzzer's time. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "clipsight.h"
#include "image/exif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int orientation = cs_exif_orientation(data, size);
    if (orientation < 1 || orientation > 8) abort();
    cs_image_options options = {.max_pixels = 1 << 18};
    cs_image *image = NULL;
    cs_error error;
    if (cs_image_decode(data, size, "fuzzed", &options, &image, &error) == CS_OK) cs_image_close(image);
    return 0;
}
