/* How the layouts say what is done to a picture. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "model/json.h"
#include "model/preprocess.h"

static cs_status check_std(const char *path, const cs_preprocess *preprocess, cs_error *error) {
    for (int c = 0; c < 3; c++)
        if (!(preprocess->std[c] > 0))
            return cs_fail(error, CS_ERR_FORMAT, "%s: the standard deviation of the pixels has to be above zero", path);
    return CS_OK;
}

/* A side is a number in old files, and {"shortest_edge": n} or {"height": n, "width": n} in new ones. The latter, as
 * the size to resize to, means both sides. */
static cs_status read_side(const char *path, const json_t *root, const char *key, int *side, int *both,
                           cs_error *error) {
    const json_t *value = cs_json_get(root, key);
    if (!json_is_object(value)) return cs_json_int(path, root, key, 1, CS_MAX_SIDE, side, error);
    int height = 0, width = 0;
    cs_status status = cs_json_int(path, value, "shortest_edge", 1, CS_MAX_SIDE, side, error);
    if (status == CS_OK) status = cs_json_int(path, value, "height", 1, CS_MAX_SIDE, &height, error);
    if (status == CS_OK) status = cs_json_int(path, value, "width", 1, CS_MAX_SIDE, &width, error);
    if (status != CS_OK) return status;
    if (height != width)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"%s\": expected a square, found %d x %d", path, key, width,
                       height);
    if (height > 0) {
        *side = height;
        *both = 1;
    }
    return CS_OK;
}

/* Steps that CLIP's processing always takes. */
static cs_status check_steps(const char *path, const json_t *root, cs_error *error) {
    static const char *const steps[] = {"do_resize", "do_center_crop", "do_rescale", "do_normalize"};
    float factor = 1.0f / 255;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (json_is_false(cs_json_get(root, steps[i])))
            return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"%s\": expected true", path, steps[i]);
    cs_status status = cs_json_float(path, root, "rescale_factor", &factor, error);
    if (status == CS_OK && !(fabsf(factor * 255 - 1) < 1e-4f))
        status = cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"rescale_factor\": expected 1/255, found %g", path,
                         (double)factor);
    return status;
}

cs_status cs_preprocess_read_hf(const char *path, const json_t *root, cs_preprocess *preprocess, cs_error *error) {
    int filter = preprocess->filter, squash = 0, square = 0;
    const json_t *inner = cs_json_get(root, "image_processor");
    if (json_is_object(inner)) root = inner;
    cs_status status = check_steps(path, root, error);
    if (status == CS_OK) status = read_side(path, root, "size", &preprocess->edge, &squash, error);
    if (status == CS_OK) status = read_side(path, root, "crop_size", &preprocess->crop, &square, error);
    if (status == CS_OK) status = cs_json_int(path, root, "resample", 0, 3, &filter, error);
    if (status == CS_OK) status = cs_json_float3(path, root, "image_mean", preprocess->mean, error);
    if (status == CS_OK) status = cs_json_float3(path, root, "image_std", preprocess->std, error);
    preprocess->filter = (cs_filter)filter;
    preprocess->mode = squash ? CS_RESIZE_SQUASH : CS_RESIZE_SHORTEST;
    return status == CS_OK ? check_std(path, preprocess, error) : status;
}

typedef struct choice {
    const char *name;
    int value;
} choice;

/* The value of the named choice; the first of `choices` where the key is missing. */
static cs_status read_choice(const char *path, const json_t *root, const char *key, const choice *choices, int *value,
                             cs_error *error) {
    const json_t *found = cs_json_get(root, key);
    const char *name = json_string_value(found);
    *value = choices[0].value;
    if (!found) return CS_OK;
    for (; choices->name; choices++) {
        if (!name || strcmp(choices->name, name) != 0) continue;
        *value = choices->value;
        return CS_OK;
    }
    return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: preprocess_cfg: \"%s\": '%s' is not supported", path, key,
                   name ? name : "(not a string)");
}

cs_status cs_preprocess_read_openclip(const char *path, const json_t *root, cs_preprocess *preprocess,
                                      cs_error *error) {
    static const choice modes[] = {
        {"shortest", CS_RESIZE_SHORTEST}, {"squash", CS_RESIZE_SQUASH}, {"longest", CS_RESIZE_LONGEST}, {NULL, 0}};
    static const choice filters[] = {{"bicubic", CS_FILTER_BICUBIC}, {"bilinear", CS_FILTER_BILINEAR}, {NULL, 0}};
    const json_t *settings = cs_json_get(root, "preprocess_cfg");
    int mode, filter;
    preprocess->round_to_even = 1;
    cs_status status = cs_json_float3(path, settings, "mean", preprocess->mean, error);
    if (status == CS_OK) status = cs_json_float3(path, settings, "std", preprocess->std, error);
    if (status == CS_OK) status = read_choice(path, settings, "resize_mode", modes, &mode, error);
    if (status == CS_OK) status = read_choice(path, settings, "interpolation", filters, &filter, error);
    if (status != CS_OK) return status;
    const json_t *fill = cs_json_get(settings, "fill_color");
    if (fill && !(json_is_number(fill) && json_number_value(fill) == 0))
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: preprocess_cfg: \"fill_color\": expected 0", path);
    preprocess->mode = (cs_resize_mode)mode;
    preprocess->filter = (cs_filter)filter;
    return check_std(path, preprocess, error);
}

typedef cs_status read_fn(const char *path, const json_t *root, cs_preprocess *preprocess, cs_error *error);

/* Reads folder/name; the file has to be there if `required`. */
static cs_status load_file(const char *folder, const char *name, int required, read_fn *read, cs_preprocess *preprocess,
                           int *found, cs_error *error) {
    char *path = cs_path_join(folder, name);
    json_t *root;
    if (!path) return cs_fail_memory(error, folder);
    *found = required || cs_file_exists(path);
    cs_status status = *found ? cs_json_load(path, &root, error) : CS_OK;
    if (*found && status == CS_OK) {
        status = read(path, root, preprocess, error);
        json_decref(root);
    }
    if (*found && status == CS_OK && preprocess->crop != preprocess->edge && preprocess->mode != CS_RESIZE_SHORTEST)
        status = cs_fail(error, CS_ERR_UNSUPPORTED, "%s: resizing to %d and cutting out %d is not supported", path,
                         preprocess->edge, preprocess->crop);
    free(path);
    return status;
}

cs_status cs_preprocess_load(const char *folder, cs_layout layout, int image_size, cs_preprocess *preprocess,
                             cs_error *error) {
    int found;
    *preprocess = (cs_preprocess){.mode = CS_RESIZE_SHORTEST,
                                  .edge = image_size,
                                  .crop = image_size,
                                  .filter = CS_FILTER_BICUBIC,
                                  .mean = {0.48145466f, 0.4578275f, 0.40821073f},
                                  .std = {0.26862954f, 0.26130258f, 0.27577711f},
                                  .threads = 1};
    if (layout == CS_LAYOUT_OPENCLIP)
        return load_file(folder, "open_clip_config.json", 1, cs_preprocess_read_openclip, preprocess, &found, error);
    cs_status status =
        load_file(folder, "preprocessor_config.json", 0, cs_preprocess_read_hf, preprocess, &found, error);
    if (status == CS_OK && !found)
        status = load_file(folder, "processor_config.json", 0, cs_preprocess_read_hf, preprocess, &found, error);
    if (status == CS_OK && !found)
        status = cs_fail(error, CS_ERR_IO, "%s: expected preprocessor_config.json or processor_config.json", folder);
    if (status == CS_OK && preprocess->crop != image_size)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: \"crop_size\": expected %d as in config.json, found %d", folder,
                         image_size, preprocess->crop);
    return status;
}
