/* clipsight search: photographs of a store by words and by example. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clipsight_tools.h"
#include "commands.h"
#include "interrupt.h"
#include "model_open.h"
#include "picture_name.h"
#include "replacement.h"
#include "results.h"
#include "say.h"
#include "search_look.h"
#include "search_options.h"
#include "search_query.h"
#include "search_sheet.h"
#include "search_under.h"
#include "session.h"
#include "store_open.h"

/* A search from its options to its end. */
typedef struct search_run {
    const cli_settings *settings;
    char *where; /* the store */
    cs_store *store;
    cs_store_info info;
    cs_model *model;
    search_query query;
    cs_hits *hits;
    search_look look;
    cli_results results, picture;
} search_run;

static int wants_sheet(const cli_settings *settings) {
    return settings->picture || settings->format == FORMAT_SHEET;
}

/* ---- The store and its model ---- */

static cs_status open_store(search_run *run, const cs_store_model *model, cs_error *error) {
    const cs_store_options options = {.model = model, .threads = (int)run->settings->threads};
    cs_status status = cs_store_open(run->where, &options, &run->store, error);
    return status == CS_OK ? cs_store_describe(run->store, &run->info, error) : status;
}

/* The model that --model names, else the one that the store was made with. */
static cs_status open_model(search_run *run, cs_error *error) {
    cli_settings settings = *run->settings;
    if (!settings.model) settings.model = run->info.model.name;
    cs_status status = model_open(&settings, &run->model, error);
    if (status == CS_OK || run->settings->model) return status;
    char *why = text_copy(error->message);
    set_error(error, status, "%s: holds embeddings of the model %s; --model says where that one is: %s",
              run->info.where, settings.model, why);
    free(why);
    return status;
}

/* Opening the store for another model is what says which two do not go together. */
static cs_status fit_model(search_run *run, cs_error *error) {
    const char *name = run->settings->model ? run->settings->model : run->info.model.name;
    const cs_store_model model = store_model(run->model, name);
    if (strcmp(model.weights_id, run->info.model.weights_id) == 0 && model.dim == run->info.model.dim) return CS_OK;
    cs_store *other = NULL;
    const cs_store_options options = {.model = &model};
    cs_status status = cs_store_open(run->where, &options, &other, error);
    cs_store_close(other);
    return status;
}

/* ---- Searching ---- */

static cs_status search(search_run *run, cs_error *error) {
    const cli_search *wanted = &run->settings->search;
    char *prefix = NULL;
    cs_status status = wanted->under ? search_under(run->store, wanted->under, &prefix, error) : CS_OK;
    const cs_search_options options = {.top = (size_t)wanted->top,
                                       .exact = wanted->exact,
                                       .has_min_score = wanted->min_score > NO_SCORE,
                                       .min_score = (float)wanted->min_score,
                                       .prefix = prefix};
    if (status == CS_OK)
        status = cs_store_search(run->store, run->query.queries, run->query.count, &options, &run->hits, error);
    free(prefix);
    return status;
}

static void note_what_is_missing(const search_run *run) {
    const cli_settings *settings = run->settings;
    if (settings->quiet) return;
    if (run->info.photographs == 0 && run->info.broken > 0)
        complain("%s: no photographs to find: all %zu in this store could not be read; 'clipsight index --retry' tries "
                 "again",
                 run->info.where, run->info.broken);
    else if (run->info.photographs == 0)
        complain("%s: no photographs in this store yet; 'clipsight index' puts them there", run->info.where);
    else if (cs_hits_count(run->hits) == 0)
        complain("nothing found%s%s", settings->search.under ? " below that folder" : "",
                 settings->search.min_score > NO_SCORE ? " with that score" : "");
    else if (settings->search.where && settings->operands.count == 0 && !run->info.windows)
        complain("--where: an example has no words to look for, and this store has no windows (clipsight index "
                 "--windows)");
}

/* ---- Results ---- */

static const char *report_name(const cli_settings *settings) {
    return settings->format == FORMAT_SHEET ? "sheet" : "report";
}

static cs_status check_target(const search_run *run, const char *path, const char *what, cs_error *error) {
    const replacement by = replacement_by(path, what);
    const text_list *examples = &run->settings->search.examples;
    cs_status status = replacement_check_store(&by, run->where, error);
    for (size_t i = 0; i < examples->count && status == CS_OK; i++)
        status = replacement_check_photo(&by, examples->items[i], (uint64_t)by.info.st_size, error);
    return status == CS_OK ? replacement_check_photos(&by, run->store, error) : status;
}

/* No photograph may be replaced, whether it is found or not. */
static cs_status check_targets(const search_run *run, cs_error *error) {
    const cli_settings *settings = run->settings;
    cs_status status = check_target(run, settings->picture, "sheet", error);
    return status == CS_OK ? check_target(run, settings->report, report_name(settings), error) : status;
}

static cs_status put(cli_results *results, const char *bytes, size_t size, cs_error *error) {
    if (results_write(results, bytes, size) == STATUS_OK) return CS_OK;
    return set_error(error, CS_ERR_CANCELLED, "the output cannot be written");
}

static cs_status put_report(search_run *run, cs_error *error) {
    const cs_hits_report report = {run->query.labels, run->query.count, run->hits, run->look.notes, run->look.prompts};
    char *text = NULL;
    if (run->settings->format == FORMAT_SHEET) return CS_OK;
    cs_status status = cs_report_hits((cs_format)run->settings->format, &report, &text, error);
    if (status == CS_OK) status = put(&run->results, text, strlen(text), error);
    cs_string_free(text);
    return status;
}

static cs_status put_sheet(search_run *run, cs_error *error) {
    const char *path = run->settings->picture, *kind = search_sheet_kind(path);
    char *bytes = NULL;
    size_t size = 0;
    if (!wants_sheet(run->settings)) return CS_OK;
    cs_status status = search_sheet_make(&run->query, run->hits, &run->look, &run->info, kind, &bytes, &size, error);
    if (status == CS_OK) status = put(path ? &run->picture : &run->results, bytes, size, error);
    cs_string_free(bytes);
    return status;
}

/* ---- The run ---- */

static cs_status run_search(search_run *run, cs_error *error) {
    cs_status status = store_find(run->settings, &run->where, error);
    if (status == CS_OK) status = open_store(run, NULL, error);
    if (status == CS_OK) status = check_targets(run, error);
    if (status == CS_OK) status = open_model(run, error);
    if (status == CS_OK) status = fit_model(run, error);
    if (status == CS_OK) status = search_query_make(run->model, run->settings, &run->query, error);
    if (status == CS_OK) status = search(run, error);
    if (status != CS_OK) return status;
    note_what_is_missing(run);
    status = search_look_at(run->model, run->settings, &run->query, run->hits, wants_sheet(run->settings), &run->look,
                            error);
    if (status == CS_OK) status = put_report(run, error);
    return status == CS_OK ? put_sheet(run, error) : status;
}

static int open_results(search_run *run) {
    int status = results_open(&run->results, run->settings->report);
    if (status == STATUS_OK && run->settings->picture) status = results_open(&run->picture, run->settings->picture);
    return status;
}

/* Both files appear, or none. */
static int close_results(search_run *run, int keep) {
    int status = results_close(&run->results, keep);
    int also = results_close(&run->picture, keep && status == STATUS_OK);
    return status == STATUS_OK ? also : status;
}

static void free_run(search_run *run) {
    search_look_free(&run->look);
    search_query_free(&run->query);
    cs_hits_free(run->hits);
    cs_model_close(run->model);
    cs_store_close(run->store);
    free(run->where);
}

static int check_sheet(const cli_settings *settings) {
    if (settings->picture && !picture_can_write(settings->picture))
        return usage_error("search", "--output: expected a name that ends in .png, .jpg, .jpeg or .webp, got '%s'",
                           settings->picture);
    if (settings->format == FORMAT_SHEET && settings->picture && settings->report)
        return usage_error("search", "--format sheet: expected one of --output and --report, not both");
    if (settings->picture && settings->report) {
        const replacement report = replacement_by(settings->report, report_name(settings));
        if (replacement_is_same(&report, settings->picture))
            return usage_error("search", "--output and --report: expected two files, got '%s' and '%s'",
                               settings->picture, settings->report);
    }
    if (settings->format == FORMAT_SHEET && !settings->picture && !settings->report && isatty(STDOUT_FILENO))
        return usage_error("search", "--format sheet: a picture is no text for a terminal; expected --output FILE");
    if (wants_sheet(settings) && settings->search.top > CS_SHEET_MOST)
        return usage_error("search", "--top: expected at most %d photographs for a sheet, got %lld", CS_SHEET_MOST,
                           settings->search.top);
    return STATUS_OK;
}

static int check_words(const text_list *words, const char *what) {
    for (size_t i = 0; i < words->count; i++)
        if (words->items[i][strspn(words->items[i], " \t\r\n")] == '\0')
            return usage_error("search", "%s: expected words, got '%s'", what, words->items[i]);
    return STATUS_OK;
}

static int check(const cli_settings *settings) {
    const cli_search *search_settings = &settings->search;
    if (settings->operands.count == 0 && search_settings->examples.count == 0)
        return usage_error("search", "expected words to search for, or an example (--image PHOTO)");
    int status = photos_check("search", &search_settings->examples, 0);
    if (status == STATUS_OK) status = check_words(&settings->operands, "words");
    if (status == STATUS_OK) status = check_words(&search_settings->without, "--not");
    if (status == STATUS_OK) status = session_check_options("search", settings);
    if (status == STATUS_OK) status = search_under_check(search_settings->under);
    if (status == STATUS_OK && search_settings->box_score >= 0 && !search_settings->where)
        status = usage_error("search", "--box-score: goes with --where");
    return status == STATUS_OK ? check_sheet(settings) : status;
}

static int run(cli_settings *settings) {
    search_run run = {.settings = settings};
    cs_error error = {CS_OK, ""};
    int status = check(settings);
    if (status != STATUS_OK) return status;
    status = open_results(&run);
    if (status == STATUS_OK && run_search(&run, &error) != CS_OK) {
        if (error.code != CS_ERR_CANCELLED) complain("%s", error.message);
        status = STATUS_FAILURE;
    }
    int closed = close_results(&run, status == STATUS_OK && !interrupt_signal());
    free_run(&run);
    if (interrupt_signal()) return 128 + interrupt_signal();
    return status == STATUS_OK ? closed : status;
}

const cli_command SEARCH_COMMAND = {
    "search",
    "TEXT... [--not TEXT] [--image PHOTO] [options]",
    "find photographs that were indexed by words",
    "Finds the photographs of a store (clipsight index makes one) that fit the words\n"
    "best, and prints them, the best first, with a score. Several texts count\n"
    "together. With --where it also says where in each photograph the things are.",
    SEARCH_GROUPS,
    "  clipsight search \"a red car\" \"at night\" --top 10\n"
    "  clipsight search \"a dog\" --not snow --where -o dogs.png\n"
    "  clipsight search --image beach.jpg --under ~/Pictures/2023 --format json\n"
    "  clipsight search \"a cat\" --store postgresql://photos@db/photos --format sheet > cats.png\n",
    run};
