/* clipsight eval: how good the boxes are on photographs with ground truth. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "detect_options.h"
#include "eval_calibrate.h"
#include "eval_identity.h"
#include "eval_prompts.h"
#include "eval_report.h"
#include "eval_run.h"
#include "eval_search.h"
#include "eval_state.h"
#include "interrupt.h"
#include "results.h"
#include "say.h"
#include "shared_options.h"

static const option_choice FORMATS[] = {{"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {NULL, 0}};

static const option_choice METRICS[] = {
    {"auto", CS_METRIC_AUTO}, {"voc", CS_METRIC_VOC}, {"coco", CS_METRIC_COCO}, {NULL, 0}};

static const cli_option DATA[] = {
    {"template", 0, OPTION_TEXT, FIELD(text_template), "TEXT",
     "what the model reads, {} being the class\n(default: '{}'; often used: 'a photo of a {}')", 0, 0, 0, NULL},
    {"class-prompts", 0, OPTION_TEXT, FIELD(class_prompts), "FILE",
     "lines 'class = prompt': other words for some classes; lines that\nbegin with # are left out", 0, 0, 0, NULL},
    {"limit", 0, OPTION_WHOLE, FIELD(limit), "N", "take only the first N photographs (default: all)", 1, 1e9, 0, NULL},
    {"shard", 0, OPTION_TEXT, FIELD(shard), "I/N", "of these take only photographs I, I + N, I + 2 N ...", 0, 0, 0,
     NULL},
    {"state", 0, OPTION_TEXTS, FIELD(states), "FILE",
     "keep every photograph's boxes in FILE, and go on from there in the\nnext run; given again: take boxes from "
     "there, "
     "too (of other shards)",
     0, 0, 0, NULL},
    {0}};

static const cli_option FIGURES[] = {
    {"calibrate", 0, OPTION_FLAG, FIELD(calibrate), NULL,
     "measure nothing: make the model's scores probabilities on data like\nthese, and choose its default --min-score; "
     "kept in the user's data\nfolder ($XDG_DATA_HOME/clipsight/calibration)",
     0, 0, 0, NULL},
    {"search", 0, OPTION_FLAG, FIELD(search_eval), NULL,
     "measure how well whole photographs are found by the class names,\ninstead of boxes: the precision of the first "
     "five",
     0, 0, 0, NULL},
    {"store", 0, OPTION_TEXT, FIELD(store), "FILE|URL",
     "with --search: search there, instead of embedding the photographs\nonce more (clipsight index)", 0, 0, 0, NULL},
    {"metric", 0, OPTION_CHOICE, FIELD(metric), "voc|coco",
     "how boxes and objects are paired (default: coco for COCO's JSON, else\nvoc)", 0, 0, 0, METRICS},
    {"format", 0, OPTION_CHOICE, FIELD(format), "table|json", "json: one object (default: table)", 0, 0, 0, FORMATS},
    {"curve", 0, OPTION_TEXT, FIELD(curve), "FILE",
     "draw precision over recall, of each class and the mean (.png, .jpg or\n.webp)", 0, 0, 0, NULL},
    {0}};

static const option_group DATA_OPTIONS = {"Data", DATA};
static const option_group FIGURE_OPTIONS = {"Figures", FIGURES};

static const option_group *const GROUPS[] = {&DATA_OPTIONS,  &FIGURE_OPTIONS, &BOX_OPTIONS, &METHOD_OPTIONS,
                                             &MODEL_OPTIONS, &OTHER_OPTIONS,  NULL};

static float pair_min_score(const cli_session *session) {
    const cli_settings *settings = session->settings;
    if (settings->min_score >= 0) return (float)settings->min_score;
    return settings->recipe == CS_RECIPE_CHAPTER ? 0 : cs_model_default_min_score(session->model);
}

/* Of the photographs that take part; one from a --state file counts with what it took there. */
static double mean_seconds(const eval_run *run) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < run->photographs; i++) {
        if (!run->detections[i]) continue;
        sum += run->seconds[i];
        count++;
    }
    return count ? sum / (double)count : 0;
}

/* A --state file may know photographs that this run leaves out. */
static void forget_others(eval_run *run) {
    for (size_t i = 0; i < run->photographs; i++) {
        if (run->is_selected[i]) continue;
        cs_detections_destroy(run->detections[i]);
        run->detections[i] = NULL;
    }
}

static cs_status print(cli_session *session, const eval_result *result, cs_error *error) {
    const char *curve = session->settings->curve;
    int is_json = session->settings->format == CS_FORMAT_JSON;
    char *text = is_json ? eval_report_json(result) : eval_report_table(result);
    cs_status status = session_print(session, text, error);
    if (status == CS_OK && curve) status = eval_report_curves(result, curve, error);
    free(text);
    return status;
}

static void report(cli_session *session, const eval_run *run, const text_list *prompts) {
    cs_error error = {CS_OK, ""};
    cs_evaluate_options options = {(cs_metric)session->settings->metric, pair_min_score(session)};
    eval_result result = {.dataset = run->dataset,
                          .folder = session->settings->operands.items[0],
                          .prompts = prompts,
                          .seconds_each = mean_seconds(run),
                          .min_score = options.min_score};
    result.classes = memory_grow(NULL, cs_dataset_class_count(run->dataset), sizeof *result.classes);
    cs_status status = cs_evaluate(run->dataset, (const cs_detections *const *)run->detections, &options,
                                   result.classes, &result.figures, &error);
    if (status == CS_OK) status = print(session, &result, &error);
    if (status != CS_OK) session_fail(session, &error);
    free(result.classes);
}

/* What is known from earlier runs, as far as it is of the same run. */
static int resume(cli_session *session, eval_run *run, const text_list *prompts, eval_state *state) {
    const text_list *paths = &session->settings->states;
    if (paths->count == 0) return STATUS_OK;
    json_t *identity = eval_identity(session, run, prompts, GROUPS);
    int status = eval_state_open(state, paths, identity, run);
    json_decref(identity);
    return status;
}

static void say_where_it_stands(const cli_session *session) {
    const cli_settings *settings = session->settings;
    if (!interrupt_signal() || settings->quiet || settings->states.count == 0) return;
    complain("stopped after %zu of %zu photographs; the same command goes on from there", session->done,
             session->photos.count);
}

static void measure(cli_session *session, eval_run *run, const text_list *prompts) {
    eval_state state = {NULL, NULL};
    int status = resume(session, run, prompts, &state);
    if (status == STATUS_OK) {
        forget_others(run);
        eval_run_queue(run, session);
        eval_run_detect(run, session, eval_state_add, &state);
        say_where_it_stands(session);
        if (!session_stopped(session)) report(session, run, prompts);
    } else {
        session->status = status;
    }
    eval_state_close(&state);
}

static void load_and_measure(cli_session *session, eval_run *run) {
    text_list prompts = {NULL, 0, 0};
    int status = eval_prompts(run->dataset, session->settings->class_prompts, &prompts);
    if (status == STATUS_OK) {
        eval_run_queue(run, session);
        session_load(session, &prompts);
        if (session->prompts && session->settings->calibrate)
            eval_calibrate(session, run);
        else if (session->prompts && session->settings->search_eval)
            eval_search(session, run, &prompts);
        else if (session->prompts)
            measure(session, run, &prompts);
    } else {
        session->status = status;
    }
    text_list_free(&prompts);
}

static int check_curve(const char *path) {
    if (!path) return STATUS_OK;
    if (!cs_image_is_supported_name(path))
        return usage_error("eval", "--curve: expected a name that ends in .png, .jpg or .webp, got '%s'", path);
    int trouble = place_trouble(path);
    if (trouble) complain("--curve: %s: cannot write: %s", path, strerror(trouble));
    return trouble ? STATUS_FAILURE : STATUS_OK;
}

static int check(const cli_settings *settings) {
    size_t part, parts;
    if (settings->operands.count != 1)
        return usage_error("eval", "expected one dataset, got %zu", settings->operands.count);
    if (settings->calibrate && (settings->states.count > 0 || settings->curve || settings->recipe))
        return usage_error("eval", "--calibrate does not go with --state, --curve or --recipe chapter");
    if (settings->calibrate && (settings->min_score >= 0 || settings->metric))
        return usage_error("eval", "--calibrate chooses the minimum itself, and measures nothing: leave out "
                                   "--min-score and --metric");
    int status = eval_search_check(settings);
    if (status == STATUS_OK) status = session_check_options("eval", settings);
    if (status == STATUS_OK) status = detect_options_check("eval", settings);
    if (status == STATUS_OK) status = eval_shard_parse(settings->shard, &part, &parts);
    return status == STATUS_OK ? check_curve(settings->curve) : status;
}

static int run(cli_settings *settings) {
    int status = check(settings);
    if (status != STATUS_OK) return status;
    cli_session session;
    eval_run run = {.photographs = 0};
    session_begin(&session, "eval", settings);
    if (!session_stopped(&session)) {
        status = eval_run_open(&run, settings);
        if (status == STATUS_OK)
            load_and_measure(&session, &run);
        else
            session.status = status;
    }
    eval_run_close(&run);
    return session_end(&session);
}

const cli_command EVAL_COMMAND = {
    "eval",
    "DATASET [options]",
    "measure the boxes against a dataset with ground truth",
    "Looks for every class of a dataset in each of its photographs, and says how\n"
    "good the boxes are: the average precision of each class, how often a class\n"
    "that is not there gets a box, and how often one that is there does. With\n"
    "--search it says how well photographs are found by the names. DATASET is a\n"
    "PASCAL VOC folder, a COCO JSON file or a folder with one, or a YOLO folder\n"
    "with labels and images.",
    GROUPS,
    "  clipsight eval VOCdevkit/VOC2012 --limit 100 --curve curves.png\n"
    "  clipsight eval VOCdevkit/VOC2012 --template 'a photo of a {}' --format json\n"
    "  clipsight eval VOCdevkit/VOC2012 --search --store voc.sqlite\n"
    "  clipsight eval coco/ --shard 2/4 --state part2.jsonl          (on one of four machines)\n"
    "  clipsight eval coco/ --state part1.jsonl --state part2.jsonl  (over both)\n",
    run};
