#include "model/preprocess.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "image/normalize.h"
#include "model/json.h"

enum { MAX_SIDE = 4096 };

/* "size" is a number in old files and {"shortest_edge": n} or {"height": n, "width": n} in new ones. */
static cs_status read_side(const char *path, const json_t *root, const char *key, int *side, cs_error *error) {
    const json_t *value = cs_json_get(root, key);
    if (!json_is_object(value)) return cs_json_int(path, root, key, 1, MAX_SIDE, side, error);
    int height = 0, width = 0;
    cs_status status = cs_json_int(path, value, "shortest_edge", 1, MAX_SIDE, side, error);
    if (status == CS_OK) status = cs_json_int(path, value, "height", 1, MAX_SIDE, &height, error);
    if (status == CS_OK) status = cs_json_int(path, value, "width", 1, MAX_SIDE, &width, error);
    if (status != CS_OK) return status;
    if (height != width)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"%s\": expected a square, found %d x %d", path, key, width,
                       height);
    if (height > 0) *side = height;
    return CS_OK;
}

static cs_status read_values(const char *path, const json_t *root, cs_preprocess *preprocess, cs_error *error) {
    int filter = preprocess->filter;
    cs_status status = read_side(path, root, "size", &preprocess->shortest_edge, error);
    if (status == CS_OK) status = read_side(path, root, "crop_size", &preprocess->crop, error);
    if (status == CS_OK) status = cs_json_int(path, root, "resample", 0, 3, &filter, error);
    if (status == CS_OK) status = cs_json_float3(path, root, "image_mean", preprocess->mean, error);
    if (status == CS_OK) status = cs_json_float3(path, root, "image_std", preprocess->std, error);
    preprocess->filter = (cs_filter)filter;
    for (int c = 0; status == CS_OK && c < 3; c++)
        if (!(preprocess->std[c] > 0))
            status = cs_fail(error, CS_ERR_FORMAT, "%s: \"image_std\": expected numbers above zero", path);
    return status;
}

cs_status cs_preprocess_load(const char *folder, int image_size, cs_preprocess *preprocess, cs_error *error) {
    *preprocess = (cs_preprocess){.shortest_edge = image_size,
                                  .crop = image_size,
                                  .filter = CS_FILTER_BICUBIC,
                                  .mean = {0.48145466f, 0.4578275f, 0.40821073f},
                                  .std = {0.26862954f, 0.26130258f, 0.27577711f},
                                  .threads = 1};
    char *path = cs_path_join(folder, "preprocessor_config.json");
    if (!path) return cs_fail_memory(error, folder);
    json_t *root;
    cs_status status = cs_json_load(path, &root, error);
    if (status == CS_OK) {
        status = read_values(path, root, preprocess, error);
        json_decref(root);
    }
    if (status == CS_OK && preprocess->crop != image_size)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: \"crop_size\": expected %d as in config.json, found %d", path,
                         image_size, preprocess->crop);
    free(path);
    return status;
}

cs_status cs_preprocess_resized(const cs_preprocess *preprocess, cs_view view, int height, int width, float *out,
                                cs_error *error) {
    size_t stride = (size_t)width * 3;
    uint8_t *pixels = cs_alloc((size_t)height, stride);
    if (!pixels) return cs_fail_memory(error, "a resized picture");
    cs_status status = cs_resample(view, width, height, preprocess->filter, preprocess->threads, pixels, stride, error);
    if (status == CS_OK) cs_normalize_pixels(pixels, stride, width, height, preprocess->mean, preprocess->std, out);
    free(pixels);
    return status;
}

/* Cuts the centre out of `resized` into a crop x crop picture; what lies outside is black (zero before normalising). */
static void cut_centre(cs_view resized, int crop, uint8_t *out) {
    int left = (resized.width - crop) / 2, top = (resized.height - crop) / 2;
    memset(out, 0, (size_t)crop * (size_t)crop * 3);
    for (int y = 0; y < crop; y++) {
        int from = y + top;
        if (from < 0 || from >= resized.height) continue;
        int first = left < 0 ? -left : 0;
        int last = resized.width - left < crop ? resized.width - left : crop;
        memcpy(out + ((size_t)y * (size_t)crop + (size_t)first) * 3,
               resized.pixels + (size_t)from * resized.stride + (size_t)(first + left) * 3, (size_t)(last - first) * 3);
    }
}

cs_status cs_preprocess_photo(const cs_preprocess *preprocess, cs_view photo, float *out, cs_error *error) {
    int64_t edge = preprocess->shortest_edge;
    int wide = photo.width >= photo.height;
    int64_t longer = wide ? edge * photo.width / photo.height : edge * photo.height / photo.width;
    if (longer > 1 << 20)
        return cs_fail(error, CS_ERR_LIMIT, "a picture of %d x %d pixels is too elongated to classify", photo.width,
                       photo.height);
    int width = (int)(wide ? longer : edge), height = (int)(wide ? edge : longer), crop = preprocess->crop;
    size_t stride = (size_t)width * 3;
    uint8_t *resized = cs_alloc((size_t)height, stride), *centre = cs_alloc((size_t)crop * (size_t)crop, 3);
    cs_status status = CS_OK;
    if (!resized || !centre) status = cs_fail_memory(error, "a resized picture");
    if (status == CS_OK)
        status = cs_resample(photo, width, height, preprocess->filter, preprocess->threads, resized, stride, error);
    if (status == CS_OK) {
        cut_centre((cs_view){resized, stride, width, height}, crop, centre);
        cs_normalize_pixels(centre, (size_t)crop * 3, crop, crop, preprocess->mean, preprocess->std, out);
    }
    free(resized);
    free(centre);
    return status;
}
