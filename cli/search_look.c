#include "search_look.h"

#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "interrupt.h"
#include "photos.h"
#include "progress.h"
#include "say.h"
#include "shared_options.h"

/* What the box of an example is called: it has no word. */
static const char *const EXAMPLE = "example";

typedef struct looking {
    cs_model *model;
    const cli_settings *settings;
    const cs_hits *hits;
    search_look *look;
    cli_progress progress;
    size_t done;
    int has_words;
} looking;

static int on_progress(void *context, size_t done, size_t total) {
    looking *at = context;
    double part = total > 0 ? (double)done / (double)total : 0;
    progress_update(&at->progress, (double)at->done + part, at->look->count);
    return interrupt_signal();
}

static cs_status make_prompts(looking *at, const search_query *query, cs_error *error) {
    const char **labels = memory_grow(NULL, query->count, sizeof *labels);
    size_t count = 0;
    for (size_t i = 0; i < query->count; i++)
        if (query->labels[i].text && query->labels[i].weight > 0) labels[count++] = query->labels[i].text;
    at->has_words = count > 0;
    cs_status status = cs_prompts_create(at->model, count > 0 ? labels : &EXAMPLE, count > 0 ? count : 1,
                                         count > 0 ? at->settings->text_template : NULL, &at->look->prompts, error);
    free(labels);
    return status;
}

static float box_score(const looking *at) {
    double given = at->settings->search.box_score;
    if (given >= 0) return (float)given;
    return at->settings->recipe == CS_RECIPE_CHAPTER ? 0 : cs_model_default_min_score(at->model);
}

static cs_status detect(looking *at, const cs_image *image, cs_detections **boxes, cs_error *error) {
    cs_detect_options options = {.localize = localize_options(at->settings), .min_score = box_score(at)};
    options.localize.progress = (cs_progress){on_progress, at};
    return cs_detect(at->model, at->look->prompts, image, &options, boxes, error);
}

/* Where there are no words, the part of the photograph that fits the example best is what the store knows. */
static cs_status best_window(const cs_hit *hit, cs_detections **boxes, cs_error *error) {
    const cs_rect *box = &hit->box;
    int is_part = box->width < hit->width || box->height < hit->height;
    const cs_detection window = {
        0, hit->cosines[0], (float)box->x, (float)box->y, (float)box->width, (float)box->height};
    return cs_detections_from(&window, is_part ? 1 : 0, boxes, error);
}

static cs_status look_inside(looking *at, size_t index, const cs_image *image, cs_error *error) {
    search_seen *seen = &at->look->seen[index];
    int side = at->look->side;
    cs_status status = CS_OK;
    seen->width = cs_image_width(image);
    seen->height = cs_image_height(image);
    if (at->has_words) status = detect(at, image, &seen->boxes, error);
    if (status == CS_OK && side > 0) status = cs_image_fit(image, side, side, &seen->thumbnail, error);
    return status;
}

static cs_status look_at_hit(looking *at, cli_ahead *ahead, size_t index, cs_error *error) {
    const cs_hit *hit = cs_hits_get(at->hits, index);
    search_seen *seen = &at->look->seen[index];
    cs_image *image = NULL;
    cs_status status = CS_OK;
    if (at->look->prompts && !at->has_words) status = best_window(hit, &seen->boxes, error);
    if (!ahead || status != CS_OK) return status;
    status = ahead_take(ahead, &image, error);
    if (status == CS_OK) status = look_inside(at, index, image, error);
    cs_image_close(image);
    if (status == CS_OK || status == CS_ERR_CANCELLED || status == CS_ERR_MEMORY) return status;
    seen->problem = text_copy(message_behind(hit->path, error->message)); /* the path stands beside it in a report */
    if (!at->settings->quiet) photo_failed(&at->progress, hit->path, seen->problem);
    return CS_OK;
}

/* The photographs are read while the one before is looked at, unless nobody needs their pixels. */
static cs_status look_at_all(looking *at, cs_error *error) {
    photo_list photos = {.count = 0};
    cs_status status = CS_OK;
    int reads = at->look->side > 0 || at->has_words;
    for (size_t i = 0; i < at->look->count && reads; i++)
        photos_add(&photos, text_copy(cs_hits_get(at->hits, i)->path), 0, 0);
    cli_ahead *ahead =
        reads ? ahead_start(&photos, (unsigned long long)at->settings->max_pixels, (int)at->settings->threads) : NULL;
    progress_start(&at->progress, at->settings->quiet, "photographs");
    for (at->done = 0; at->done < at->look->count && status == CS_OK; at->done++) {
        if (on_progress(at, 0, 0)) status = set_error(error, CS_ERR_CANCELLED, "interrupted");
        if (status == CS_OK) status = look_at_hit(at, ahead, at->done, error);
    }
    progress_clear(&at->progress);
    ahead_stop(ahead);
    photos_free(&photos);
    return status;
}

cs_status search_look_at(cs_model *model, const cli_settings *settings, const search_query *query, const cs_hits *hits,
                         int wants_sheet, search_look *look, cs_error *error) {
    looking at = {.model = model, .settings = settings, .hits = hits, .look = look};
    const cs_localize_options options = localize_options(settings);
    size_t count = look->count = cs_hits_count(hits);
    look->side = wants_sheet ? cs_sheet_side(count) : 0;
    look->seen = memory_grow(NULL, count, sizeof *look->seen);
    look->notes = memory_grow(NULL, count, sizeof *look->notes);
    memset(look->seen, 0, count * sizeof *look->seen);
    cs_status status = settings->search.where ? cs_localize_check(model, &options, error) : CS_OK;
    if (status == CS_OK && settings->search.where) status = make_prompts(&at, query, error);
    if (status == CS_OK && (wants_sheet || settings->search.where)) status = look_at_all(&at, error);
    for (size_t i = 0; i < count; i++)
        look->notes[i] = (cs_hit_note){NULL, NULL, look->seen[i].boxes, look->seen[i].problem};
    return status;
}

void search_look_free(search_look *look) {
    for (size_t i = 0; i < look->count; i++) {
        cs_detections_destroy(look->seen[i].boxes);
        free(look->seen[i].problem);
        cs_image_close(look->seen[i].thumbnail);
    }
    cs_prompts_destroy(look->prompts);
    free(look->seen);
    free(look->notes);
    *look = (search_look){NULL, NULL, NULL, 0, 0};
}
