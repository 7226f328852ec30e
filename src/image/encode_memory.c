/* A picture as the bytes of a file that does not exist. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "image/codec.h"

typedef cs_status (*encoder)(const cs_image *image, FILE *file, cs_error *error);

static encoder encoder_of(const char *kind) {
    if (strcmp(kind, "png") == 0) return cs_image_encode_png;
    if (strcmp(kind, "jpg") == 0) return cs_image_encode_jpeg;
    return strcmp(kind, "webp") == 0 ? cs_image_encode_webp : NULL;
}

cs_status cs_image_encode(const cs_image *image, const char *kind, char **bytes, size_t *size, cs_error *error) {
    if (!image || !kind || !bytes || !size)
        return cs_fail(error, CS_ERR_ARGUMENT, "cs_image_encode: image, kind, bytes and size must be given");
    encoder encode = encoder_of(kind);
    if (!encode) return cs_fail(error, CS_ERR_ARGUMENT, "picture kind '%s': expected png, jpg or webp", kind);
    char *made = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&made, &length);
    if (!file) return cs_fail_memory(error, "an encoded picture");
    cs_status status = encode(image, file, error);
    int broken = ferror(file);
    if (fclose(file) != 0 || broken) status = status == CS_OK ? cs_fail_memory(error, "an encoded picture") : status;
    if (status != CS_OK) {
        free(made);
        return status;
    }
    *bytes = made;
    *size = length;
    return CS_OK;
}
