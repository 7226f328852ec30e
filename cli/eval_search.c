#include "eval_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval_search_figures.h"
#include "path_resolved.h"
#include "replacement.h"
#include "say.h"
#include "store_open.h"

/* A ranking on its way. */
typedef struct ranking {
    const eval_run *run;
    float *scores;      /* [classes, photographs], NaN where a photograph is not known */
    float *embedding;   /* [dim] */
    size_t photographs; /* that are known */
} ranking;

/* The name of an option that changes boxes alone; NULL: none was given. */
static const char *option_of_boxes(const cli_settings *settings) {
    const struct {
        const char *name;
        int is_given;
    } options[] = {{"method", settings->method != 0},
                   {"variant", settings->variant != NULL},
                   {"recipe", settings->recipe != 0},
                   {"patch", settings->patch > 0},
                   {"window", settings->window > 0},
                   {"stride", settings->stride > 0},
                   {"threshold", settings->threshold > 0},
                   {"min-score", settings->min_score >= 0},
                   {"single", settings->single},
                   {"overlap", settings->overlap >= 0},
                   {"negative", settings->negatives.count > 0}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].is_given) return options[i].name;
    return NULL;
}

int eval_search_check(const cli_settings *settings) {
    if (!settings->search_eval && settings->store) return usage_error("eval", "--store: goes with --search");
    if (!settings->search_eval) return STATUS_OK;
    if (settings->calibrate || settings->states.count > 0 || settings->curve || settings->metric)
        return usage_error("eval", "--search does not go with --calibrate, --state, --curve or --metric");
    const char *needless = option_of_boxes(settings);
    if (!needless) return STATUS_OK;
    return usage_error("eval", "--search ranks whole photographs and draws no boxes: leave out --%s", needless);
}

static size_t class_count(const ranking *each) {
    return cs_dataset_class_count(each->run->dataset);
}

/* ---- By embedding the photographs ---- */

static cs_status rank_photo(cli_session *session, size_t index, const cs_image *image, void *context, cs_error *error) {
    ranking *each = context;
    size_t dim = (size_t)cs_model_dim(session->model), photo = each->run->pending[index];
    const float *names = cs_prompts_embeddings(session->prompts);
    cs_status status = cs_model_embed_images(session->model, &image, 1, each->embedding, error);
    for (size_t i = 0; i < class_count(each) && status == CS_OK; i++) {
        float sum = 0;
        for (size_t k = 0; k < dim; k++)
            sum += each->embedding[k] * names[i * dim + k];
        each->scores[i * each->run->photographs + photo] = sum;
    }
    each->photographs += status == CS_OK;
    return status;
}

/* ---- By searching a store ---- */

/* A photograph's path as a store may have it. */
typedef struct known_path {
    char *path;
    size_t index; /* of the photograph */
} known_path;

typedef struct known_paths {
    known_path *items; /* sorted by path */
    size_t count, photographs;
} known_paths;

static int compare_paths(const void *left, const void *right) {
    return strcmp(((const known_path *)left)->path, ((const known_path *)right)->path);
}

/* A photograph that is a link was indexed by its own name, or in the folder that it leads to. */
static void list_photo(known_paths *known, const char *path, size_t index) {
    char *own = path_resolved(path), *real = realpath(path, NULL);
    known->items[known->count++] = (known_path){own, index};
    if (real && strcmp(own, real) != 0)
        known->items[known->count++] = (known_path){real, index};
    else
        free(real);
    known->photographs++;
}

static known_paths list_photos(const eval_run *run) {
    known_paths known = {memory_grow(NULL, 2 * run->photographs, sizeof *known.items), 0, 0};
    for (size_t i = 0; i < run->photographs; i++)
        if (run->is_selected[i]) list_photo(&known, cs_dataset_photo(run->dataset, i), i);
    qsort(known.items, known.count, sizeof *known.items, compare_paths);
    return known;
}

static void free_paths(known_paths *known) {
    for (size_t i = 0; i < known->count; i++)
        free(known->items[i].path);
    free(known->items);
}

/* Several photographs may be links to one. */
static void take_score(const known_paths *known, const cs_hit *hit, float *scores) {
    const known_path wanted = {(char *)(uintptr_t)hit->path, 0}, *end = known->items + known->count;
    const known_path *found = bsearch(&wanted, known->items, known->count, sizeof wanted, compare_paths);
    while (found && found > known->items && compare_paths(found - 1, &wanted) == 0)
        found--;
    for (; found && found < end && compare_paths(found, &wanted) == 0; found++)
        scores[found->index] = hit->score;
}

static cs_status rank_class(cs_store *store, const cs_search_options *options, const float *embedding,
                            const known_paths *known, float *scores, cs_error *error) {
    const cs_query query = {embedding, 1};
    cs_hits *hits = NULL;
    cs_status status = cs_store_search(store, &query, 1, options, &hits, error);
    for (size_t i = 0; i < cs_hits_count(hits); i++)
        take_score(known, cs_hits_get(hits, i), scores);
    cs_hits_free(hits);
    return status;
}

/* All photographs are asked for, so that those of the dataset are among them whatever else the store holds. */
static cs_status rank_all(const cli_session *session, ranking *each, cs_store *store, const known_paths *known,
                          cs_error *error) {
    size_t dim = (size_t)cs_model_dim(session->model);
    cs_store_info info;
    cs_status status = cs_store_describe(store, &info, error);
    const cs_search_options options = {.top = status == CS_OK ? info.photographs + 1 : 1, .exact = 1};
    for (size_t i = 0; i < class_count(each) && status == CS_OK; i++)
        status = rank_class(store, &options, cs_prompts_embeddings(session->prompts) + i * dim, known,
                            each->scores + i * each->run->photographs, error);
    return status;
}

static cs_status check_complete(const ranking *each, const char *where, cs_error *error) {
    size_t missing = 0;
    const char *first = NULL;
    for (size_t i = 0; i < each->run->photographs; i++) {
        if (!each->run->is_selected[i] || !isnan(each->scores[i])) continue;
        if (missing++ == 0) first = cs_dataset_photo(each->run->dataset, i);
    }
    if (missing == 0) return CS_OK;
    return set_error(error, CS_ERR_ARGUMENT,
                     "%s: %zu of the dataset's %zu photographs are not in this store (%s); 'clipsight index' puts "
                     "them there",
                     where, missing, each->photographs, first);
}

static cs_status check_report(const cli_settings *settings, cs_store *store, cs_error *error) {
    const replacement by = replacement_by(settings->report, "report");
    cs_status status = replacement_check_store(&by, settings->store, error);
    return status == CS_OK ? replacement_check_photos(&by, store, error) : status;
}

static cs_status rank_by_store(cli_session *session, ranking *each, cs_error *error) {
    const cs_store_model model = store_model(session->model, session->settings->model);
    const cs_store_options options = {.model = &model, .threads = (int)session->settings->threads};
    known_paths known = list_photos(each->run);
    cs_store *store = NULL;
    cs_status status = cs_store_open(session->settings->store, &options, &store, error);
    if (status == CS_OK) status = check_report(session->settings, store, error);
    if (status == CS_OK) status = rank_all(session, each, store, &known, error);
    each->photographs = known.photographs;
    if (status == CS_OK) status = check_complete(each, session->settings->store, error);
    free_paths(&known);
    cs_store_close(store);
    return status;
}

/* ---- The figures ---- */

static cs_status print(cli_session *session, const ranking *each, const text_list *prompts, cs_error *error) {
    search_figure *classes = memory_grow(NULL, class_count(each), sizeof *classes);
    search_figures(each->run, each->scores, classes);
    char *text =
        session->settings->format == CS_FORMAT_JSON
            ? search_figures_json(each->run, classes, each->photographs, session->settings->operands.items[0], prompts)
            : search_figures_table(each->run, classes, each->photographs);
    cs_status status = session_print(session, text, error);
    free(text);
    free(classes);
    return status;
}

/* A report without figures takes no file's place. */
static void fail(cli_session *session, const cs_error *error) {
    session_fail(session, error);
    results_close(&session->results, 0);
}

void eval_search(cli_session *session, const eval_run *run, const text_list *prompts) {
    size_t count = cs_dataset_class_count(run->dataset) * run->photographs;
    ranking each = {run, memory_grow(NULL, count, sizeof(float)),
                    memory_grow(NULL, (size_t)cs_model_dim(session->model), sizeof(float)), 0};
    cs_error error = {CS_OK, ""};
    cs_status status = CS_OK;
    for (size_t i = 0; i < count; i++)
        each.scores[i] = NAN;
    if (session->settings->store)
        status = rank_by_store(session, &each, &error);
    else
        session_each(session, rank_photo, &each);
    if (status == CS_OK && !session_stopped(session)) status = print(session, &each, prompts, &error);
    if (status != CS_OK) fail(session, &error);
    free(each.scores);
    free(each.embedding);
}
