#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/alpha.h"
#include "image/codec.h"
#include "image/exif.h"

enum { RIFF_HEADER = 12, CHUNK_HEADER = 8, EXIF_FLAG = 0x08 };

static uint32_t little_endian_at(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static cs_status fail(const cs_source *source, VP8StatusCode code, cs_error *error) {
    switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY:
        return cs_fail_memory(error, source->name);
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return cs_source_damaged(source, "WebP", "the file ends too early", error);
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: a WebP with a feature that libwebp does not know", source->name);
    default:
        return cs_source_damaged(source, "WebP", "its contents make no sense", error);
    }
}

/* The extended form (VP8X, the first chunk) may hold an EXIF chunk; only then, and if its flag says so, is one looked
 * for, as libwebp's demuxer does. Chunks are padded to an even length. */
static int find_orientation(const cs_source *source) {
    const uint8_t *data = source->data;
    if (source->size < 30 || memcmp(data + RIFF_HEADER, "VP8X", 4) != 0 || !(data[20] & EXIF_FLAG)) return 1;
    size_t at = RIFF_HEADER;
    while (at <= source->size && source->size - at >= CHUNK_HEADER) {
        size_t length = little_endian_at(data + at + 4);
        size_t left = source->size - at - CHUNK_HEADER;
        if (length > left) return 1;
        if (memcmp(data + at, "EXIF", 4) == 0) return cs_exif_orientation(data + at + CHUNK_HEADER, length);
        at += CHUNK_HEADER + length + (length & 1);
    }
    return 1;
}

/* Decodes into caller's memory with rows of `stride` bytes. */
static VP8StatusCode decode_into(const cs_source *source, WEBP_CSP_MODE mode, uint8_t *pixels, size_t stride,
                                 int height) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return VP8_STATUS_INVALID_PARAM;
    config.output.colorspace = mode;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = stride * (size_t)height;
    VP8StatusCode code = WebPDecode(source->data, source->size, &config);
    WebPFreeDecBuffer(&config.output);
    return code;
}

static cs_status decode_with_alpha(const cs_source *source, cs_image *image, cs_error *error) {
    size_t width = (size_t)image->width, height = (size_t)image->height;
    uint8_t *rgba = cs_alloc(width * 4, height);
    if (!rgba) return cs_fail_memory(error, source->name);
    VP8StatusCode code = decode_into(source, MODE_RGBA, rgba, width * 4, image->height);
    if (code == VP8_STATUS_OK) cs_over_white(rgba, width * height, image->pixels);
    free(rgba);
    return code == VP8_STATUS_OK ? CS_OK : fail(source, code, error);
}

static cs_status decode_opaque(const cs_source *source, cs_image *image, cs_error *error) {
    VP8StatusCode code = decode_into(source, MODE_RGB, image->pixels, (size_t)image->width * 3, image->height);
    return code == VP8_STATUS_OK ? CS_OK : fail(source, code, error);
}

static cs_status read_features(const cs_source *source, WebPBitstreamFeatures *features, cs_error *error) {
    VP8StatusCode code = WebPGetFeatures(source->data, source->size, features);
    if (code != VP8_STATUS_OK) return fail(source, code, error);
    if (features->has_animation)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: is an animated WebP, expected a single picture", source->name);
    return CS_OK;
}

cs_status cs_webp_decode(const cs_source *source, cs_image **image, int *orientation, cs_error *error) {
    WebPBitstreamFeatures features;
    cs_status status = read_features(source, &features, error);
    if (status != CS_OK) return status;
    cs_image *made;
    status = cs_source_create_image(source, (uint64_t)features.width, (uint64_t)features.height, &made, error);
    if (status != CS_OK) return status;
    status = features.has_alpha ? decode_with_alpha(source, made, error) : decode_opaque(source, made, error);
    if (status != CS_OK) {
        cs_image_close(made);
        return status;
    }
    *image = made;
    *orientation = find_orientation(source);
    return CS_OK;
}
