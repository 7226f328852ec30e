/* A model from a hub into the cache. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "clipsight_tools.h"
#include "fetch/depot.h"
#include "fetch/download.h"
#include "fetch/tidy.h"
#include "fetch/url.h"
#include "model/cache.h"
#include "model/config.h"

enum { TRIES = 5, STALL_SECONDS = 30, LISTING_LIMIT = 16 << 20 };

typedef struct pull {
    const char *name;
    const char *revision; /* never NULL */
    const cs_pull_options *options;
    cs_depot depot;
    cs_http http;
    cs_listing listing;
    cs_plan plan;
    const char *file; /* under way */
    uint64_t before;  /* bytes of the files before it */
    uint64_t here;    /* bytes of it */
} pull;

static int poll(void *context) {
    const pull *self = context;
    if (!self->options->progress) return 0;
    return self->options->progress(self->options->context, self->file, self->before + self->here, self->plan.bytes);
}

static void on_bytes(void *context, uint64_t bytes) {
    pull *self = context;
    self->here = bytes;
}

static cs_status check_options(const char *name, const cs_pull_options *options, cs_error *error) {
    if (!options->endpoint || !options->endpoint[0])
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "model %s: no endpoint is set: give the address of a hub with --endpoint https://... or in the "
                       "environment variable HF_ENDPOINT",
                       name);
    if (!cs_url_is_http(options->endpoint))
        return cs_fail(error, CS_ERR_ARGUMENT, "endpoint '%.200s': expected an address like https://...",
                       options->endpoint);
    if (options->revision && !options->revision[0])
        return cs_fail(error, CS_ERR_ARGUMENT, "model %s: expected a revision, got an empty text", name);
    if (options->token && strpbrk(options->token, "\r\n"))
        return cs_fail(error, CS_ERR_ARGUMENT, "the token holds a line break");
    return CS_OK;
}

static cs_status fetch_listing(pull *self, const char *revision, cs_listing *listing, cs_error *error) {
    char *url = cs_url_listing(self->options->endpoint, self->name, revision), *text = NULL;
    if (!url) return cs_fail_memory(error, self->name);
    cs_status status = cs_http_get_text(&self->http, url, self->name, LISTING_LIMIT, &text, error);
    free(url);
    if (status == CS_OK) status = cs_listing_parse(text, self->name, revision, listing, error);
    free(text);
    return status;
}

static cs_status plan_conversion(pull *self, cs_error *error) {
    const cs_conversion *conversion = cs_conversion_find(self->name);
    cs_listing listing;
    cs_status status = fetch_listing(self, conversion->revision, &listing, error);
    if (status != CS_OK) return status;
    status = cs_plan_add_conversion(conversion, &listing, &self->plan, error);
    cs_listing_clear(&listing);
    return status;
}

/* The table of conversions is for those who asked for nothing in particular. */
static cs_status make_plan(pull *self, cs_error *error) {
    cs_status status = fetch_listing(self, self->revision, &self->listing, error);
    if (status == CS_OK)
        status = cs_plan_make(self->name, &self->listing, self->options->revision == NULL, &self->plan, error);
    if (status == CS_OK && self->plan.wants_conversion) status = plan_conversion(self, error);
    return status;
}

/* A file that the model of before has, too, is not fetched again. */
static int take_over(const pull *self, const cs_planned_file *file) {
    if (!cs_download_is_done(self->depot.folder, file)) return 0;
    char *from = cs_path_join(self->depot.folder, file->name), *to = cs_path_join(self->depot.staging, file->name);
    int linked = from && to && (link(from, to) == 0 || errno == EEXIST);
    free(from);
    free(to);
    return linked;
}

static cs_status fetch_file(pull *self, const cs_planned_file *file, cs_error *error) {
    self->file = file->name;
    self->here = 0;
    cs_status status = CS_OK;
    if (!take_over(self, file)) {
        char *url = cs_url_file(self->options->endpoint, self->name, file->commit, file->name);
        status = url ? cs_download(&self->http, url, self->depot.staging, file, on_bytes, self, error)
                     : cs_fail_memory(error, file->name);
        free(url);
    }
    self->before += file->size;
    self->here = 0;
    if (status == CS_OK && poll(self)) status = cs_fail(error, CS_ERR_CANCELLED, "%s: stopped", file->name);
    return status;
}

/* What could not be opened is not worth its weights. Damage is left to cs_model_open(), which says more. */
static cs_status refuse_unsupported(const pull *self, const char *file, cs_error *error) {
    if (strcmp(file, "config.json") != 0 && strcmp(file, "open_clip_config.json") != 0) return CS_OK;
    cs_config config = {0};
    cs_error reason;
    cs_status status = cs_config_load(self->depot.staging, &config, &reason);
    if (status == CS_OK) cs_config_clear(&config);
    return status == CS_ERR_UNSUPPORTED ? cs_fail(error, status, "%s", reason.message) : CS_OK;
}

/* The index is here by now, and says which files hold the weights. */
static cs_status plan_shards(pull *self, const char *index, cs_error *error) {
    char *path = cs_path_join(self->depot.staging, index), *text = NULL;
    size_t size;
    cs_status status =
        path ? cs_file_read(path, LISTING_LIMIT, &text, &size, error) : cs_fail_memory(error, self->name);
    if (status == CS_OK) status = cs_plan_add_shards(self->name, text, &self->listing, &self->plan, error);
    free(path);
    free(text);
    return status;
}

static cs_status fetch_files(pull *self, cs_error *error) {
    cs_status status = cs_check_space(self->depot.root, self->depot.staging, self->plan.bytes, error);
    for (size_t i = 0; status == CS_OK && i < self->plan.count; i++) {
        status = fetch_file(self, &self->plan.files[i], error);
        if (status == CS_OK) status = refuse_unsupported(self, self->plan.files[i].name, error);
        if (status == CS_OK && self->plan.wants_shards && i + 1 == self->plan.count) {
            status = plan_shards(self, self->plan.files[i].name, error);
            if (status == CS_OK)
                status = cs_check_space(self->depot.root, self->depot.staging, self->plan.bytes, error);
        }
    }
    return status;
}

/* True where the model is here as planned: then nothing is fetched. An index makes that harder to tell; it is fetched
 * again, and its shards are taken over. */
static int is_here(const pull *self) {
    for (size_t i = 0; i < self->plan.count; i++) {
        if (!cs_download_is_done(self->depot.folder, &self->plan.files[i])) return 0;
    }
    return !self->plan.wants_shards;
}

static cs_status pull_locked(pull *self, cs_error *error) {
    cs_status status = make_plan(self, error);
    if (status != CS_OK) return status;
    if (is_here(self)) return cs_depot_discard(&self->depot, self->depot.staging, error);
    status = cs_depot_prepare(&self->depot, error);
    if (status == CS_OK) status = fetch_files(self, error);
    if (status == CS_OK) status = cs_keep_planned(self->depot.staging, &self->plan, error);
    return status == CS_OK ? cs_depot_publish(&self->depot, error) : status;
}

static cs_status run(pull *self, cs_error *error) {
    int lock;
    cs_status status = cs_depot_lock(&self->depot, 1, poll, self, &lock, error);
    if (status != CS_OK) return status;
    status = cs_http_open(&self->http, error);
    if (status == CS_OK) status = pull_locked(self, error);
    cs_http_close(&self->http);
    cs_depot_unlock(lock);
    return status;
}

cs_status cs_models_pull(const char *name, const cs_pull_options *options, char **folder, cs_error *error) {
    const cs_pull_options defaults = CS_PULL_OPTIONS_DEFAULT;
    if (!options) options = &defaults;
    if (!name) return cs_fail(error, CS_ERR_ARGUMENT, "cs_models_pull: name must be given");
    cs_status status = cs_model_name_check(name, error);
    if (status == CS_OK) status = check_options(name, options, error);
    if (status != CS_OK) return status;
    pull self = {.name = name, .revision = options->revision ? options->revision : "main", .options = options};
    self.http = (cs_http){.endpoint = options->endpoint,
                          .token = options->token && options->token[0] ? options->token : NULL,
                          .tries = options->tries > 0 ? options->tries : TRIES,
                          .pause_seconds = options->pause_seconds > 0 ? options->pause_seconds : 1,
                          .stall_seconds = options->stall_seconds > 0 ? options->stall_seconds : STALL_SECONDS,
                          .poll = poll,
                          .context = &self};
    self.file = name;
    status = cs_depot_open(name, &self.depot, error);
    if (status == CS_OK) status = run(&self, error);
    if (status == CS_OK && folder) {
        *folder = cs_strdup(self.depot.folder);
        if (!*folder) status = cs_fail_memory(error, name);
    }
    cs_plan_clear(&self.plan);
    cs_listing_clear(&self.listing);
    cs_depot_clear(&self.depot);
    return status;
}
