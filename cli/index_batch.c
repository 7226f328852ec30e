/* A batch of `clipsight index`: from files that were read to a transaction of the store. */
#include <stdlib.h>
#include <string.h>

#include "index.h"

/* What becomes of a photograph. */
typedef enum item_fate {
    FATE_EMBED,
    FATE_TAKE_OVER, /* the store has this content: under another path */
    FATE_TOUCH,     /* the store has this content: under this path */
    FATE_REPEAT,    /* the same content stands earlier in the batch */
    FATE_BROKEN,
    FATE_DROP /* it vanished, or could not be read this time */
} item_fate;

typedef struct item {
    const char *path;
    const index_todo *todo; /* NULL: found by another indexer */
    ahead_photo *photo;
    item_fate fate;
    cs_store_photo *found; /* of the store */
    size_t place;          /* in the batch that is embedded */
    index_missing *from;   /* where the photograph was before */
    char *problem;
} item;

typedef struct items {
    index_run *run;
    cli_ahead *ahead;
    size_t first;
    item all[BATCH_MOST];
    size_t count;
} items;

static int is_finding_complete(const index_run *run, const cs_store_photo *found) {
    return found && found->rows == index_plan_rows(&run->plan, found->width, found->height);
}

static void fail_run(index_run *run, const cs_error *error) {
    index_report_failure(&run->report, error);
    run->is_over = 1;
}

/* What cannot be read today may be tomorrow; what is damaged stays so until the file changes. */
static void judge_failure(index_run *run, item *it) {
    const ahead_photo *photo = it->photo;
    it->fate = photo->status == CS_ERR_IO || photo->status == CS_ERR_MEMORY ? FATE_DROP : FATE_BROKEN;
    if (it->fate == FATE_BROKEN)
        it->problem = text_copy(photo->error.message);
    else if (!photo->file.is_missing)
        index_report_problem(&run->report, it->path, photo->error.message);
}

static void find_repeat(items *batch, item *it) {
    for (item *other = batch->all; other < it; other++) {
        if (other->fate != FATE_EMBED || memcmp(other->photo->file.hash, it->photo->file.hash, 32) != 0) continue;
        it->fate = FATE_REPEAT;
        it->place = other->place;
        return;
    }
}

static void take_finding(index_run *run, item *it) {
    it->fate = strcmp(it->found->path, it->path) == 0 ? FATE_TOUCH : FATE_TAKE_OVER;
    index_missing *missing = index_plan_find_missing(&run->plan, it->found->path);
    if (!missing || missing->verdict == INDEX_KEPT || missing->is_moved) return;
    missing->is_moved = 1;
    it->from = missing;
}

static void judge(items *batch, size_t index) {
    index_run *run = batch->run;
    item *it = &batch->all[index];
    cs_error error = {CS_OK, ""};
    if (it->photo->status == CS_OK &&
        cs_store_find_content(run->store, it->photo->file.hash, &it->found, &error) != CS_OK) {
        fail_run(run, &error);
        it->fate = FATE_DROP;
        return;
    }
    if (it->photo->status == CS_OK && is_finding_complete(run, it->found)) {
        take_finding(run, it);
        return;
    }
    if (it->photo->status == CS_OK && !it->photo->image) ahead_reread(batch->ahead, batch->first + index, it->photo);
    if (it->photo->status != CS_OK) {
        judge_failure(run, it);
        return;
    }
    find_repeat(batch, it);
    if (it->fate != FATE_EMBED) return;
    it->place = run->batch.count;
    batch_add(&run->batch, it->photo->image);
}

/* A photograph that the encoder refuses is as broken as one that cannot be decoded. */
static void judge_embedding(index_run *run, item *it) {
    const batch_photo *made = &run->batch.photos[it->place];
    if ((it->fate != FATE_EMBED && it->fate != FATE_REPEAT) || made->status == CS_OK) return;
    it->fate = made->status == CS_ERR_LIMIT ? FATE_BROKEN : FATE_DROP;
    if (it->fate == FATE_BROKEN)
        it->problem = text_copy(made->error.message);
    else
        index_report_failure(&run->report, &made->error);
}

static void embed(items *batch) {
    index_run *run = batch->run;
    size_t n = run->batch.count;
    double began = seconds_now();
    if (n == 0) return;
    ahead_pause(batch->ahead);
    batch_embed(&run->batch);
    ahead_resume(batch->ahead);
    run->seconds_each = (seconds_now() - began) / (double)n;
    for (size_t i = 0; i < batch->count; i++)
        judge_embedding(run, &batch->all[i]);
}

/* Of what cannot be read the size is noted where it is the reason, so that another cap is another try. */
static int is_too_large(const index_run *run, const ahead_photo *photo) {
    return photo->status == CS_ERR_LIMIT &&
           (uint64_t)photo->file.width * (uint64_t)photo->file.height > run->plan.max_pixels;
}

static cs_store_photo record_of(const index_run *run, const item *it) {
    const photo_file *file = &it->photo->file;
    cs_store_photo record = {.path = it->path,
                             .bytes = file->bytes,
                             .modified = file->modified,
                             .width = file->width,
                             .height = file->height,
                             .problem = it->problem};
    memcpy(record.hash, file->hash, sizeof record.hash);
    if (it->fate == FATE_BROKEN) {
        if (!is_too_large(run, it->photo)) record.width = record.height = 0;
    } else if (it->fate == FATE_TAKE_OVER) {
        record.width = it->found->width;
        record.height = it->found->height;
        record.rows = it->found->rows;
        record.boxes = it->found->boxes;
        record.embeddings = it->found->embeddings;
    } else {
        const batch_photo *made = &run->batch.photos[it->place];
        record.rows = made->rows;
        record.boxes = made->boxes;
        record.embeddings = made->embeddings;
    }
    return record;
}

/* The work on these is over, too. */
static cs_status drop(items *batch, cs_error *error) {
    const char *paths[BATCH_MOST];
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->all[i].fate == FATE_DROP || batch->all[i].fate == FATE_TOUCH) paths[n++] = batch->all[i].path;
    return n > 0 ? cs_store_drop(batch->run->store, paths, n, error) : CS_OK;
}

static cs_status store(items *batch, cs_error *error) {
    index_run *run = batch->run;
    cs_store_photo put[BATCH_MOST], touched[BATCH_MOST];
    size_t put_count = 0, touched_count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const item *it = &batch->all[i];
        if (it->fate == FATE_TOUCH)
            touched[touched_count++] = (cs_store_photo){
                .path = it->path, .bytes = it->photo->file.bytes, .modified = it->photo->file.modified};
        else if (it->fate != FATE_DROP)
            put[put_count++] = record_of(run, it);
    }
    cs_status status = put_count > 0 ? cs_store_put(run->store, put, put_count, error) : CS_OK;
    if (status == CS_OK && touched_count > 0) status = cs_store_touch(run->store, touched, touched_count, error);
    return status == CS_OK ? drop(batch, error) : status;
}

static index_state state_of(const item *it) {
    if (it->fate == FATE_BROKEN) return INDEX_STATE_BROKEN;
    if (it->fate == FATE_TOUCH) return INDEX_STATE_TOUCHED;
    if (it->from) return INDEX_STATE_MOVED;
    int was_there = it->todo && (it->todo->reason == INDEX_CHANGED || it->todo->reason == INDEX_INCOMPLETE);
    return was_there ? INDEX_STATE_CHANGED : INDEX_STATE_NEW;
}

/* What is in the store for good. */
static void report(items *batch) {
    index_report *to = &batch->run->report;
    for (size_t i = 0; i < batch->count; i++) {
        item *it = &batch->all[i];
        if (it->fate == FATE_DROP) continue;
        if (it->problem) index_report_problem(to, it->path, it->problem);
        index_report_photo(to, state_of(it), it->path, it->from ? it->from->path : NULL, it->problem);
    }
    to->done += batch->count;
}

void index_batch(index_run *run, cli_ahead *ahead, size_t first, const char *const *paths, ahead_photo *photos,
                 size_t n) {
    items batch = {.run = run, .ahead = ahead, .first = first, .count = n};
    cs_error error = {CS_OK, ""};
    batch_empty(&run->batch);
    for (size_t i = 0; i < n; i++)
        batch.all[i] = (item){.path = paths[i], .todo = index_plan_find(&run->plan, paths[i]), .photo = &photos[i]};
    for (size_t i = 0; i < n && !run->is_over; i++)
        judge(&batch, i);
    if (!run->is_over) embed(&batch);
    if (!run->is_over && store(&batch, &error) != CS_OK) fail_run(run, &error);
    if (!run->is_over) report(&batch);
    for (size_t i = 0; i < n; i++) {
        cs_image_close(photos[i].image);
        cs_store_photo_free(batch.all[i].found);
        free(batch.all[i].problem);
    }
}
