#include "batch.h"

#include <stdlib.h>

#include "interrupt.h"

/* What waits and what is at work, in bytes: seven photographs of 12 megapixels. */
static const uint64_t MOST_BYTES = (uint64_t)256 << 20;

ahead_plan batch_plan(size_t count, unsigned long long max_pixels, long long threads) {
    return (ahead_plan){.count = count,
                        .max_pixels = max_pixels,
                        .readers = ahead_readers(threads),
                        .depth = (size_t)2 * BATCH_MOST,
                        .most_bytes = MOST_BYTES};
}

void batch_add(cli_batch *batch, const cs_image *image) {
    batch->photos[batch->count++] = (batch_photo){.image = image};
}

static size_t count_rows(const cli_batch *batch, const cs_image *image) {
    if (!batch->windows) return 1;
    return 1 + cs_search_windows(cs_image_width(image), cs_image_height(image), NULL);
}

static int on_progress(void *context, size_t done, size_t total) {
    (void)context, (void)done, (void)total;
    return interrupt_signal() != 0;
}

static cs_status embed_whole(const cli_batch *batch, const batch_photo *photos, size_t n, float *out, cs_error *error) {
    const cs_image *images[BATCH_MOST];
    for (size_t i = 0; i < n; i++)
        images[i] = photos[i].image;
    return cs_model_embed_images(batch->model, images, n, out, error);
}

static cs_status embed_windows(const cli_batch *batch, const batch_photo *photos, size_t n, size_t rows, float *out,
                               cs_error *error) {
    const cs_progress progress = {on_progress, NULL};
    cs_photo_part *parts = memory_grow(NULL, rows, sizeof *parts);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < photos[i].rows; k++)
            parts[count++] = (cs_photo_part){photos[i].image, photos[i].boxes[k]};
    cs_status status = cs_model_embed_parts(batch->model, parts, count, &progress, out, error);
    free(parts);
    return status;
}

/* Embeds photographs that follow each other; out: [their rows, dim]. */
static void embed(const cli_batch *batch, batch_photo *photos, size_t n, float *out) {
    cs_error error = {CS_OK, ""};
    size_t rows = 0, dim = (size_t)cs_model_dim(batch->model);
    for (size_t i = 0; i < n; i++)
        rows += photos[i].rows;
    cs_status status = batch->windows ? embed_windows(batch, photos, n, rows, out, &error)
                                      : embed_whole(batch, photos, n, out, &error);
    int is_one_to_blame = status == CS_ERR_LIMIT && n > 1;
    for (size_t i = 0; i < n; i++) {
        photos[i].status = status;
        photos[i].error = error;
        photos[i].embeddings = status == CS_OK ? out : NULL;
        if (is_one_to_blame) embed(batch, &photos[i], 1, out);
        out += photos[i].rows * dim;
    }
}

static void place_boxes(const cli_batch *batch, batch_photo *photo, cs_rect *boxes) {
    int width = cs_image_width(photo->image), height = cs_image_height(photo->image);
    photo->boxes = boxes;
    boxes[0] = (cs_rect){0, 0, width, height};
    if (batch->windows) cs_search_windows(width, height, boxes + 1);
}

void batch_embed(cli_batch *batch) {
    size_t rows = 0;
    for (size_t i = 0; i < batch->count; i++)
        rows += batch->photos[i].rows = count_rows(batch, batch->photos[i].image);
    batch->boxes = memory_grow(batch->boxes, rows, sizeof *batch->boxes);
    batch->embeddings =
        memory_grow(batch->embeddings, rows * (size_t)cs_model_dim(batch->model), sizeof *batch->embeddings);
    rows = 0;
    for (size_t i = 0; i < batch->count; i++) {
        place_boxes(batch, &batch->photos[i], batch->boxes + rows);
        rows += batch->photos[i].rows;
    }
    if (batch->count > 0) embed(batch, batch->photos, batch->count, batch->embeddings);
}

void batch_empty(cli_batch *batch) {
    free(batch->boxes);
    free(batch->embeddings);
    *batch = (cli_batch){.model = batch->model, .windows = batch->windows};
}
