/* Turning samples into the numbers that an image encoder takes. */
#ifndef CS_IMAGE_NORMALIZE_H
#define CS_IMAGE_NORMALIZE_H

#include <stddef.h>
#include <stdint.h>

/* out = (float32(sample / 255) - mean) / std, the last two in single precision as in transformers' CLIPImageProcessor.
 * rgb: [height, width, 3] with rows `stride` bytes apart; mean, std: per channel; out: [height, width, 3]. */
void cs_normalize_pixels(const uint8_t *rgb, size_t stride, int width, int height, const float mean[3],
                         const float std[3], float *out);

#endif
