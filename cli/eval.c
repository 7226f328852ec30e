/* clipsight eval: how good the boxes are on photographs with ground truth. */
#include <stdlib.h>

#include "commands.h"
#include "detect_options.h"
#include "eval_report.h"
#include "interrupt.h"
#include "say.h"
#include "shared_options.h"

static const option_choice FORMATS[] = {{"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {NULL, 0}};

static const cli_option DATA[] = {
    {"limit", 0, OPTION_WHOLE, FIELD(limit), "N", "take only the first N photographs (default: all)", 1, 1e9, 0, NULL},
    {"template", 0, OPTION_TEXT, FIELD(text_template), "TEXT",
     "what the model reads, {} being the class\n(default: '{}'; often used: 'a photo of a {}')", 0, 0, 0, NULL},
    {"format", 0, OPTION_CHOICE, FIELD(format), "table|json", "json: one object (default: table)", 0, 0, 0, FORMATS},
    {0}};

static const option_group DATA_OPTIONS = {"Data and output", DATA};

typedef struct eval_run {
    cs_dataset *dataset;
    cs_detections **detections; /* [photographs of the data]; NULL where there are none */
} eval_run;

static cs_status eval_photo(cli_session *session, size_t index, const cs_image *image, void *context, cs_error *error) {
    eval_run *run = context;
    cs_detect_options options = detect_options(session, 0);
    return cs_detect(session->model, session->prompts, image, &options, &run->detections[index], error);
}

/* Class names are the prompts, the data's photographs the photographs. */
static void load(cli_session *session, eval_run *run) {
    size_t count = cs_dataset_count(run->dataset), limit = (size_t)session->settings->limit;
    run->detections = memory_grow(NULL, count, sizeof *run->detections);
    for (size_t i = 0; i < count; i++)
        run->detections[i] = NULL;
    for (size_t i = 0; i < count && (limit == 0 || i < limit); i++)
        photos_add(&session->photos, text_copy(cs_dataset_photo(run->dataset, i)), 0, 0);
    text_list labels = {NULL, 0, 0};
    for (size_t i = 0; i < cs_dataset_class_count(run->dataset); i++)
        text_list_add(&labels, text_copy(cs_dataset_class(run->dataset, i)));
    session_load(session, &labels);
    text_list_free(&labels);
}

static cs_status print(cli_session *session, const eval_result *result, cs_error *error) {
    int is_json = session->settings->format == CS_FORMAT_JSON;
    char *text = is_json ? eval_report_json(result) : eval_report_table(result);
    cs_status status = session_print(session, text, error);
    free(text);
    return status;
}

static void report(cli_session *session, const eval_run *run, double seconds) {
    if (!session->prompts || session_stopped(session)) return;
    size_t classes = cs_dataset_class_count(run->dataset);
    eval_result result = {.dataset = run->dataset,
                          .folder = session->settings->operands.items[0],
                          .photographs = session->photos.count,
                          .seconds = seconds,
                          .classes = memory_grow(NULL, classes, sizeof *result.classes)};
    cs_error error = {CS_OK, ""};
    cs_status status = cs_evaluate(run->dataset, (const cs_detections *const *)run->detections, NULL, result.classes,
                                   &result.means, &error);
    if (status == CS_OK) status = print(session, &result, &error);
    if (status != CS_OK) session_fail(session, &error);
    free(result.classes);
}

static void free_run(eval_run *run) {
    for (size_t i = 0; run->detections && i < cs_dataset_count(run->dataset); i++)
        cs_detections_destroy(run->detections[i]);
    free(run->detections);
    cs_dataset_close(run->dataset);
}

static int check(const cli_settings *settings) {
    if (settings->operands.count != 1)
        return usage_error("eval", "expected one folder with a dataset, got %zu", settings->operands.count);
    return session_check_template("eval", settings);
}

static int run(cli_settings *settings) {
    int status = check(settings);
    if (status != STATUS_OK) return status;
    cli_session session;
    eval_run run = {NULL, NULL};
    cs_error error = {CS_OK, ""};
    session_begin(&session, "eval", settings);
    if (!session_stopped(&session)) {
        if (cs_dataset_open(settings->operands.items[0], &run.dataset, &error) == CS_OK)
            load(&session, &run);
        else
            session_fail(&session, &error);
    }
    double start = seconds_now();
    session_each(&session, eval_photo, &run);
    report(&session, &run, seconds_now() - start);
    free_run(&run);
    return session_end(&session);
}

static const option_group *const GROUPS[] = {&DATA_OPTIONS,  &BOX_OPTIONS,   &WINDOW_OPTIONS,
                                             &MODEL_OPTIONS, &OTHER_OPTIONS, NULL};

const cli_command EVAL_COMMAND = {"eval",
                                  "DATASET [options]",
                                  "measure the boxes against a dataset with ground truth",
                                  "Runs detect on every photograph of a PASCAL VOC folder, the class names being\n"
                                  "the prompts, and prints the average precision of each class: of boxes at an\n"
                                  "overlap (IoU) of 0.3 and 0.5, and of telling which photographs hold the class.",
                                  GROUPS,
                                  "  clipsight eval VOCdevkit/VOC2012 --limit 100\n"
                                  "  clipsight eval VOCdevkit/VOC2012 --template 'a photo of a {}' --format json\n",
                                  run};
