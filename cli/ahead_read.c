/* Reading one photograph of a plan. */
#include <stdlib.h>

#include "ahead_internal.h"
#include "clipsight_tools.h"

/* Three bytes a pixel. */
static uint64_t bytes_of(int width, int height) {
    return (uint64_t)width * (uint64_t)height * 3;
}

uint64_t ahead_image_bytes(const cs_image *image) {
    return image ? bytes_of(cs_image_width(image), cs_image_height(image)) : 0;
}

/* What decoding will take, so that it can wait until there is room; 0 where the photograph will be refused. */
static uint64_t bytes_needed(const ahead_reading *how, const char *path, const char *bytes, photo_file *file) {
    uint64_t most = photo_most_pixels(how->plan->max_pixels);
    cs_error ignored;
    if (cs_image_measure(bytes, (size_t)file->bytes, path, &file->width, &file->height, &ignored) != CS_OK) return 0;
    uint64_t needed = bytes_of(file->width, file->height);
    return needed / 3 <= most ? needed : 0;
}

static void decode(const ahead_reading *how, const char *path, const char *bytes, ahead_photo *photo) {
    photo_file *file = &photo->file;
    cs_image_options options = {.max_pixels = how->plan->max_pixels};
    uint64_t needed = bytes_needed(how, path, bytes, file);
    if (how->account && needed > 0) ahead_reserve(how->account, how->index, needed);
    photo->status = cs_image_decode(bytes, (size_t)file->bytes, path, &options, &photo->image, &photo->error);
    if (how->account) ahead_adjust(how->account, needed, ahead_image_bytes(photo->image));
}

static void look_at(const ahead_reading *how, const char *path, const char *bytes, ahead_photo *photo) {
    const ahead_plan *plan = how->plan;
    photo_file *file = &photo->file;
    if (plan->is_known) {
        photo->status = cs_content_hash(bytes, (size_t)file->bytes, file->hash, &photo->error);
        if (photo->status != CS_OK) return;
        if (!how->must_decode && plan->is_known(plan->context, file->hash)) return;
    }
    decode(how, path, bytes, photo);
}

void ahead_read_file(const ahead_reading *how, const char *path, ahead_photo *photo) {
    int descriptor;
    char *bytes = NULL;
    photo->status = photo_file_open(path, &descriptor, &photo->file, &photo->error);
    if (photo->status != CS_OK) return;
    if (how->account) ahead_reserve(how->account, how->index, photo->file.bytes);
    photo->status = photo_file_read(path, descriptor, &photo->file, how->plan->is_known != NULL, &bytes, &photo->error);
    if (photo->status == CS_OK) look_at(how, path, bytes, photo);
    free(bytes);
    if (how->account) ahead_adjust(how->account, photo->file.bytes, 0);
}
