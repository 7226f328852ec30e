#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "model_open.h"
#include "prompt_file.h"
#include "say.h"
#include "shared_options.h"

int session_check(const char *command, const cli_settings *settings) {
    int takes_stdin = settings->prompts_file && strcmp(settings->prompts_file, "-") == 0;
    int status = photos_check(command, &settings->operands, takes_stdin);
    if (status != STATUS_OK) return status;
    if (settings->operands.count == 0) return usage_error(command, "expected at least one photograph or folder");
    if (settings->prompts.count == 0 && !settings->prompts_file)
        return usage_error(command, "expected at least one prompt (--prompt TEXT or --prompts FILE)");
    return session_check_options(command, settings);
}

int session_check_options(const char *command, const cli_settings *settings) {
    int status = template_check(command, settings, "prompt");
    if (status != STATUS_OK) return status;
    const cs_localize_options options = localize_options(settings);
    cs_error error;
    if (cs_localize_check(NULL, &options, &error) == CS_OK) return STATUS_OK;
    return usage_error(command, "%s", error.message);
}

void session_begin(cli_session *session, const char *command, const cli_settings *settings) {
    *session = (cli_session){.settings = settings, .command = command};
    session->status = results_open(&session->results, settings->report);
}

void session_fail(cli_session *session, const cs_error *error) {
    progress_clear(&session->progress);
    if (error->code != CS_ERR_CANCELLED) complain("%s", error->message);
    session->status = STATUS_FAILURE;
}

void session_collect(cli_session *session, cli_targets *targets, size_t count) {
    if (session_stopped(session)) return;
    const cli_settings *settings = session->settings;
    folder_list outputs = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        if (targets[i].in_folder) outputs.items[outputs.count++] = targets[i].folder;
    }
    int status = photos_collect(&session->photos, &settings->operands, &outputs, settings->quiet);
    for (size_t i = 0; i < count && status != STATUS_USAGE; i++)
        if (targets_check(&targets[i], session->command, &session->photos) != STATUS_OK) status = STATUS_USAGE;
    if (status == STATUS_USAGE) photos_free(&session->photos);
    if (status != STATUS_OK) session->status = status;
}

static void start_ahead(cli_session *session) {
    const cli_settings *settings = session->settings;
    if (session->ahead) return;
    session->ahead = ahead_start(&session->photos, (unsigned long long)settings->max_pixels, (int)settings->threads);
}

static void stop_ahead(cli_session *session) {
    ahead_stop(session->ahead);
    session->ahead = NULL;
}

static void open_model(cli_session *session, cs_error *error) {
    const cs_model_options options = model_options(session->settings);
    char *folder = NULL;
    cs_status status = cs_model_find(session->settings->model, &folder, error);
    if (status == CS_OK && session->reads_early) start_ahead(session);
    if (status == CS_OK) status = cs_model_open(folder, &options, &session->model, error);
    cs_string_free(folder);
    if (status != CS_OK) session_fail(session, error);
}

/* What goes together with a model is known once it is open. */
static int fits_model(cli_session *session, cs_error *error) {
    const cs_localize_options options = localize_options(session->settings);
    if (cs_localize_check(session->model, &options, error) == CS_OK) return 1;
    if (error->code == CS_ERR_ARGUMENT)
        session->status = usage_error(session->command, "%s", error->message);
    else
        session_fail(session, error);
    return 0;
}

static cs_status encode(const cli_session *session, const text_list *labels, cs_prompts **prompts, cs_error *error) {
    if (labels->count == 0) return CS_OK;
    const char *const *texts = (const char *const *)labels->items;
    return cs_prompts_create(session->model, texts, labels->count, session->settings->text_template, prompts, error);
}

void session_load(cli_session *session, const text_list *labels) {
    cs_error error = {CS_OK, ""};
    if (session_stopped(session) || session->photos.count == 0) return;
    open_model(session, &error);
    if (!session->model || !fits_model(session, &error)) return;
    cs_status status = encode(session, &session->settings->negatives, &session->negatives, &error);
    if (status == CS_OK) status = encode(session, labels, &session->prompts, &error);
    if (status != CS_OK) session_fail(session, &error);
}

void session_load_prompts(cli_session *session) {
    text_list labels = {NULL, 0, 0};
    if (session_stopped(session) || session->photos.count == 0) return;
    int status = prompts_collect(session->settings, &labels);
    session->reads_early = 1;
    if (status == STATUS_OK)
        session_load(session, &labels);
    else
        session->status = status;
    text_list_free(&labels);
}

int session_stopped(const cli_session *session) {
    return interrupt_signal() || !session->results.stream;
}

static int on_progress(void *context, size_t done, size_t total) {
    cli_session *session = context;
    double part = total > 0 ? (double)done / (double)total : 0;
    if (session->photos.count == 1)
        progress_update(&session->progress, (double)done, total);
    else
        progress_update(&session->progress, (double)session->done + part, session->photos.count);
    return session_stopped(session);
}

cs_progress session_progress(cli_session *session) {
    return (cs_progress){on_progress, session};
}

static void do_photo(cli_session *session, size_t index, session_photo_fn photo, void *context) {
    const char *path = session->photos.items[index].path;
    cs_error error = {CS_OK, ""};
    cs_image *image = NULL;
    cs_status status = ahead_take(session->ahead, &image, &error);
    if (status == CS_OK) status = photo(session, index, image, context, &error);
    cs_image_close(image);
    if (status != CS_OK && status != CS_ERR_CANCELLED)
        session->status = photo_failed(&session->progress, path, error.message);
}

void session_each(cli_session *session, session_photo_fn photo, void *context) {
    if (!session->prompts) return;
    size_t count = session->photos.count;
    start_ahead(session);
    progress_start(&session->progress, session->settings->quiet, count == 1 ? "windows" : "photographs");
    for (session->done = 0; session->done < count && !session_stopped(session); session->done++) {
        if (count > 1) progress_update(&session->progress, (double)session->done, count);
        do_photo(session, session->done, photo, context);
    }
    stop_ahead(session);
    progress_clear(&session->progress);
}

/* Without a stream there is nothing to do the rest for: session_stopped() sees that. */
static void close_results(cli_session *session, int keep) {
    if (results_close(&session->results, keep) != STATUS_OK) session->status = STATUS_FAILURE;
}

cs_status session_print(cli_session *session, const char *text, cs_error *error) {
    progress_clear(&session->progress);
    int status = results_put(&session->results, text);
    if (status == STATUS_OK) return CS_OK;
    session->status = status;
    close_results(session, 0);
    return set_error(error, CS_ERR_CANCELLED, "the output cannot be written");
}

int session_end(cli_session *session) {
    int is_wanted = session->prompts && !interrupt_signal();
    close_results(session, is_wanted);
    stop_ahead(session);
    cs_prompts_destroy(session->prompts);
    cs_prompts_destroy(session->negatives);
    cs_model_close(session->model);
    photos_free(&session->photos);
    return interrupt_signal() ? 128 + interrupt_signal() : session->status;
}
