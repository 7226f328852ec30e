#include "eval_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight_tools.h"
#include "eval_search_figures.h"
#include "replacement.h"
#include "say.h"

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

/* A photograph's path as stores have it. */
typedef struct known_photo {
    char *path;
    size_t index;
} known_photo;

static int compare_paths(const void *left, const void *right) {
    return strcmp(((const known_photo *)left)->path, ((const known_photo *)right)->path);
}

static size_t list_photos(const eval_run *run, known_photo *known) {
    size_t n = 0;
    for (size_t i = 0; i < run->photographs; i++) {
        if (!run->is_selected[i]) continue;
        const char *path = cs_dataset_photo(run->dataset, i);
        char *real = realpath(path, NULL);
        known[n++] = (known_photo){real ? real : text_copy(path), i};
    }
    qsort(known, n, sizeof *known, compare_paths);
    return n;
}

static cs_status rank_class(cs_store *store, const cs_search_options *options, const float *embedding,
                            const known_photo *known, size_t n, float *scores, cs_error *error) {
    const cs_query query = {embedding, 1};
    cs_hits *hits = NULL;
    cs_status status = cs_store_search(store, &query, 1, options, &hits, error);
    for (size_t i = 0; i < cs_hits_count(hits); i++) {
        const cs_hit *hit = cs_hits_get(hits, i);
        const known_photo wanted = {(char *)(uintptr_t)hit->path, 0};
        const known_photo *found = bsearch(&wanted, known, n, sizeof *known, compare_paths);
        if (found) scores[found->index] = hit->score;
    }
    cs_hits_free(hits);
    return status;
}

/* All photographs are asked for, so that those of the dataset are among them whatever else the store holds. */
static cs_status rank_all(const cli_session *session, ranking *each, cs_store *store, const known_photo *known,
                          size_t n, cs_error *error) {
    size_t dim = (size_t)cs_model_dim(session->model);
    cs_store_info info;
    cs_status status = cs_store_describe(store, &info, error);
    const cs_search_options options = {.top = status == CS_OK ? info.photographs + 1 : 1, .exact = 1};
    for (size_t i = 0; i < class_count(each) && status == CS_OK; i++)
        status = rank_class(store, &options, cs_prompts_embeddings(session->prompts) + i * dim, known, n,
                            each->scores + i * each->run->photographs, error);
    return status;
}

static cs_status check_complete(const ranking *each, const char *where, const known_photo *known, size_t n,
                                cs_error *error) {
    size_t missing = 0;
    const char *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(each->scores[known[i].index])) continue;
        if (missing++ == 0) first = known[i].path;
    }
    if (missing == 0) return CS_OK;
    return set_error(error, CS_ERR_ARGUMENT,
                     "%s: %zu of the dataset's %zu photographs are not in this store (%s); 'clipsight index' puts "
                     "them there",
                     where, missing, n, first);
}

static cs_status check_report(const cli_settings *settings, cs_store *store, cs_error *error) {
    const replacement by = replacement_by(settings->report, "report");
    cs_status status = replacement_check_store(&by, settings->store, error);
    return status == CS_OK ? replacement_check_photos(&by, store, error) : status;
}

static cs_status rank_by_store(cli_session *session, ranking *each, cs_error *error) {
    const char *name = session->settings->model ? session->settings->model : "starter";
    const cs_store_model model = {cs_model_weights_id(session->model), cs_model_dim(session->model), name};
    const cs_store_options options = {.model = &model, .threads = (int)session->settings->threads};
    known_photo *known = memory_grow(NULL, each->run->photographs, sizeof *known);
    size_t n = list_photos(each->run, known);
    cs_store *store = NULL;
    cs_status status = cs_store_open(session->settings->store, &options, &store, error);
    if (status == CS_OK) status = check_report(session->settings, store, error);
    if (status == CS_OK) status = rank_all(session, each, store, known, n, error);
    if (status == CS_OK) status = check_complete(each, session->settings->store, known, n, error);
    each->photographs = n;
    for (size_t i = 0; i < n; i++)
        free(known[i].path);
    free(known);
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
