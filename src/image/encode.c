#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "image/codec.h"

typedef cs_status (*encoder)(const cs_image *image, FILE *file, cs_error *error);

/* What stands behind the last dot of the file name, "" without one. */
static const char *ending_of(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    return dot ? dot + 1 : "";
}

static encoder encoder_for(const char *path) {
    const char *ending = ending_of(path);
    if (strcasecmp(ending, "png") == 0) return cs_image_encode_png;
    if (strcasecmp(ending, "jpg") == 0 || strcasecmp(ending, "jpeg") == 0) return cs_image_encode_jpeg;
    if (strcasecmp(ending, "webp") == 0) return cs_image_encode_webp;
    return NULL;
}

/* Whatever can be read can be written. */
int cs_image_is_supported_name(const char *path) {
    return path && encoder_for(path) != NULL;
}

/* The encoders do not know the file's name: it is put before their message here. */
static cs_status name_the_file(const char *path, const cs_error *cause, cs_error *error) {
    return cs_fail(error, cause->code, "%s: %s", path, cause->message);
}

cs_status cs_image_save(const cs_image *image, const char *path, cs_error *error) {
    if (!image || !path) return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_save: image and path must be given");
    encoder encode = encoder_for(path);
    if (!encode)
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "%s: pictures are written as .png, .jpg, .jpeg or .webp; the name ends in none of them", path);
    cs_output output;
    cs_status status = cs_output_open(path, &output, error);
    if (status != CS_OK) return status;
    cs_error cause = {CS_OK, ""};
    status = encode(image, output.file, &cause);
    if (status == CS_OK) return cs_output_commit(&output, error);
    cs_output_discard(&output);
    return name_the_file(path, &cause, error);
}
