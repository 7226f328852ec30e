#include "eval_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect_options.h"
#include "say.h"

/* Digits only: strtoull() takes signs and space, too. */
static int read_count(const char *text, const char *end, size_t *value) {
    *value = 0;
    if (text == end || end - text > 9) return 0;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9') return 0;
        *value = *value * 10 + (size_t)(*text - '0');
    }
    return 1;
}

int eval_shard_parse(const char *text, size_t *part, size_t *parts) {
    *part = *parts = 1;
    if (!text) return STATUS_OK;
    const char *slash = strchr(text, '/');
    int fits = slash && read_count(text, slash, part) && read_count(slash + 1, text + strlen(text), parts) &&
               *part >= 1 && *part <= *parts;
    if (fits) return STATUS_OK;
    *part = *parts = 1;
    return usage_error("eval", "--shard: expected I/N with 1 <= I <= N, such as 1/4, got '%s'", text);
}

/* Every n-th rather than a stretch: neighbours are alike in many datasets, and so every part takes about as long. */
static int select_photos(eval_run *run, const cli_settings *settings) {
    size_t part, parts, limit = (size_t)settings->limit, count = 0;
    if (eval_shard_parse(settings->shard, &part, &parts) != STATUS_OK) return STATUS_USAGE;
    for (size_t i = 0; i < run->photographs; i++) {
        run->is_selected[i] = (limit == 0 || i < limit) && i % parts == part - 1;
        count += run->is_selected[i];
    }
    if (count > 0) return STATUS_OK;
    complain("%s: none of its photographs (%zu in all) is left to measure", settings->operands.items[0],
             run->photographs);
    return STATUS_FAILURE;
}

int eval_run_open(eval_run *run, const cli_settings *settings) {
    cs_error error = {CS_OK, ""};
    *run = (eval_run){.photographs = 0};
    if (cs_dataset_open(settings->operands.items[0], &run->dataset, &error) != CS_OK) {
        complain("%s", error.message);
        return STATUS_FAILURE;
    }
    size_t n = run->photographs = cs_dataset_count(run->dataset);
    run->is_selected = memory_grow(NULL, n, sizeof *run->is_selected);
    run->detections = memory_grow(NULL, n, sizeof *run->detections);
    run->seconds = memory_grow(NULL, n, sizeof *run->seconds);
    run->pending = memory_grow(NULL, n, sizeof *run->pending);
    for (size_t i = 0; i < n; i++) {
        run->detections[i] = NULL;
        run->seconds[i] = 0;
    }
    return select_photos(run, settings);
}

void eval_run_close(eval_run *run) {
    for (size_t i = 0; run->detections && i < run->photographs; i++)
        cs_detections_destroy(run->detections[i]);
    free(run->is_selected);
    free(run->detections);
    free(run->seconds);
    free(run->pending);
    cs_dataset_close(run->dataset);
}

void eval_run_queue(eval_run *run, cli_session *session) {
    photos_free(&session->photos);
    for (size_t i = 0; i < run->photographs; i++) {
        if (!run->is_selected[i] || run->detections[i]) continue;
        run->pending[session->photos.count] = i;
        photos_add(&session->photos, text_copy(cs_dataset_photo(run->dataset, i)), 0, 0);
    }
}

typedef struct detect_context {
    eval_run *run;
    eval_done_fn done;
    void *context;
} detect_context;

/* All boxes, whatever their score: average precision needs the doubtful ones, and the figures of pairs leave them out
 * by themselves. */
static cs_status detect_photo(cli_session *session, size_t index, const cs_image *image, void *context,
                              cs_error *error) {
    const detect_context *each = context;
    eval_run *run = each->run;
    size_t photo = run->pending[index];
    cs_detect_options options = detect_options(session, 0);
    options.min_score = 0;
    cs_status status = cs_detect(session->model, session->prompts, image, &options, &run->detections[photo], error);
    double now = seconds_now();
    run->seconds[photo] = now - run->last;
    run->last = now;
    if (status == CS_OK && each->done) status = each->done(each->context, run, photo, error);
    return status;
}

void eval_run_detect(eval_run *run, cli_session *session, eval_done_fn done, void *context) {
    detect_context each = {run, done, context};
    run->last = seconds_now();
    session_each(session, detect_photo, &each);
}
