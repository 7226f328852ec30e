/* Embedding parts of several photographs. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/model.h"

/* Where a run over one photograph stands in the whole. */
typedef struct run_progress {
    const cs_progress *outer;
    size_t done, total;
} run_progress;

static int on_progress(void *context, size_t done, size_t total) {
    const run_progress *run = context;
    (void)total;
    if (!run->outer || !run->outer->call) return 0;
    return run->outer->call(run->outer->context, run->done + done, run->total);
}

static int is_inside(const cs_rect *rect, const cs_image *image) {
    return rect->x >= 0 && rect->y >= 0 && rect->width > 0 && rect->height > 0 && rect->x < image->width &&
           rect->y < image->height && rect->width <= image->width - rect->x && rect->height <= image->height - rect->y;
}

static cs_status check(const cs_photo_part *part, size_t index, cs_error *error) {
    const cs_rect *rect = &part->rect;
    if (!part->image) return cs_fail(error, CS_ERR_ARGUMENT, "part %zu: expected a photograph", index);
    if (is_inside(rect, part->image)) return CS_OK;
    return cs_fail(error, CS_ERR_ARGUMENT,
                   "part %zu: expected a rectangle inside %d x %d pixels, got %d x %d at (%d, %d)", index,
                   part->image->width, part->image->height, rect->width, rect->height, rect->x, rect->y);
}

/* Embeds the parts from `first` on that lie in one photograph; *count is how many these are. */
static cs_status embed_run(cs_model *model, const cs_photo_part *parts, size_t first, size_t n,
                           const cs_progress *progress, size_t *count, float *out, cs_error *error) {
    run_progress run = {progress, first, n};
    const cs_progress inner = {on_progress, &run};
    size_t end = first + 1;
    while (end < n && parts[end].image == parts[first].image)
        end++;
    *count = end - first;
    cs_rect *rects = cs_alloc(*count, sizeof *rects);
    if (!rects) return cs_fail_memory(error, "parts of photographs");
    for (size_t i = first; i < end; i++)
        rects[i - first] = parts[i].rect;
    cs_status status = cs_model_embed_rects(model, cs_image_view(parts[first].image), rects, *count, &inner,
                                            out + first * (size_t)model->config.dim, error);
    free(rects);
    return status;
}

cs_status cs_model_embed_parts(cs_model *model, const cs_photo_part *parts, size_t n, const cs_progress *progress,
                               float *out, cs_error *error) {
    for (size_t i = 0; i < n; i++) {
        cs_status status = check(&parts[i], i, error);
        if (status != CS_OK) return status;
    }
    for (size_t first = 0, count; first < n; first += count) {
        cs_status status = embed_run(model, parts, first, n, progress, &count, out, error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}
