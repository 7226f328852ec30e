/* clipsight detect: boxes around the things that prompts name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "crops.h"
#include "detect_options.h"
#include "interrupt.h"
#include "say.h"
#include "shared_options.h"
#include "targets.h"

/* COCO is one document about all photographs: it is collected until the end. */
typedef struct cli_collection {
    cs_photo *photos;
    cs_detections **detections;
    size_t count;
} cli_collection;

/* Where pictures go. */
enum { ANNOTATED, CROPS, TARGETS };

typedef struct detect_run {
    cli_targets targets[TARGETS];
    cli_collection collection;
} detect_run;

static const option_choice FORMATS[] = {{"table", CS_FORMAT_TABLE},
                                        {"json", CS_FORMAT_JSON},
                                        {"csv", CS_FORMAT_CSV},
                                        {"coco", CS_FORMAT_COCO},
                                        {"yolo", CS_FORMAT_YOLO},
                                        {"voc", CS_FORMAT_VOC},
                                        {NULL, 0}};

static const cli_option OUTPUT[] = {
    {"format", 0, OPTION_CHOICE, FIELD(format), "table|json|csv|coco|yolo|voc",
     "json: one line per photograph; coco: one document at the end\n(default: table)", 0, 0, 0, FORMATS},
    {"output", 'o', OPTION_TEXT, FIELD(picture), "FILE|DIR",
     "write the photograph with its boxes (.png, .jpg or .webp); for several\nphotographs a folder, made if needed", 0,
     0, 0, NULL},
    {"crop", 0, OPTION_TEXT, FIELD(crops), "DIR",
     "write each found object as a picture of its own, cut out along its\nbox: DIR/PHOTO-PROMPT-1.jpg for JPEG, else "
     ".png; made if needed",
     0, 0, 0, NULL},
    {0}};

static const option_group OUTPUT_OPTIONS = {"Output", OUTPUT};

static cs_status save_picture(cli_session *session, size_t index, const cs_image *image,
                              const cs_detections *detections, cli_targets *targets, cs_error *error) {
    if (!targets->path) return CS_OK;
    cs_image *picture = NULL;
    char *name = NULL;
    cs_status status = targets_name(targets, index, NULL, 0, &name, error);
    if (status == CS_OK) status = cs_draw_detections(image, session->prompts, detections, &picture, error);
    if (status == CS_OK) status = cs_image_save(picture, name, error);
    cs_image_close(picture);
    free(name);
    return status;
}

/* YOLO's lines do not say which photograph they are about. */
static cs_status print_yolo_comment(cli_session *session, const char *path, cs_error *error) {
    if (session->settings->format != CS_FORMAT_YOLO || session->photos.count == 1) return CS_OK;
    char *comment = text_format("# %s\n", path);
    cs_status status = session_print(session, comment, error);
    free(comment);
    return status;
}

static cs_status print_boxes(cli_session *session, const cs_photo *photo, const cs_detections *detections,
                             cs_error *error) {
    char *text = NULL;
    cs_status status =
        cs_report_detections((cs_format)session->settings->format, photo, session->prompts, detections, &text, error);
    if (status == CS_OK) status = print_yolo_comment(session, photo->path, error);
    if (status == CS_OK) status = session_print(session, text, error);
    cs_string_free(text);
    return status;
}

/* Takes over the detections. */
static void collect(cli_collection *collection, const cs_photo *photo, cs_detections *detections) {
    size_t n = collection->count + 1;
    collection->photos = memory_grow(collection->photos, n, sizeof *collection->photos);
    collection->detections = memory_grow(collection->detections, n, sizeof *collection->detections);
    collection->photos[n - 1] = *photo;
    collection->detections[n - 1] = detections;
    collection->count = n;
}

static float default_min_score(const cli_session *session) {
    return session->settings->recipe == CS_RECIPE_CHAPTER ? 0 : cs_model_default_min_score(session->model);
}

static cs_status detect_photo(cli_session *session, size_t index, const cs_image *image, void *context,
                              cs_error *error) {
    detect_run *run = context;
    cs_photo photo = {session->photos.items[index].path, cs_image_width(image), cs_image_height(image)};
    cs_detect_options options = detect_options(session, default_min_score(session));
    cs_detections *detections = NULL;
    cs_status status = cs_detect(session->model, session->prompts, image, &options, &detections, error);
    int is_coco = session->settings->format == CS_FORMAT_COCO;
    if (status == CS_OK && !is_coco) status = print_boxes(session, &photo, detections, error);
    if (status == CS_OK) status = save_picture(session, index, image, detections, &run->targets[ANNOTATED], error);
    if (status == CS_OK) status = crops_save(session, index, image, detections, &run->targets[CROPS], error);
    if (is_coco && detections)
        collect(&run->collection, &photo, detections);
    else
        cs_detections_destroy(detections);
    return status;
}

/* Once per run: a score from such a model must not be taken for more than it is. The chapter's scores are none anyway.
 */
static void note_calibration(const cli_session *session) {
    const cli_settings *settings = session->settings;
    if (!session->prompts || settings->quiet || settings->recipe == CS_RECIPE_CHAPTER) return;
    if (cs_model_is_calibrated(session->model)) return;
    int is_starter = strcmp(cs_model_type(session->model), "clipsight_starter") == 0;
    complain("no calibration for this model: a score is the prompt's share %s, and no probability; "
             "'clipsight eval DATASET --calibrate' makes one",
             is_starter ? "of the evidence" : "against background prompts");
}

static void print_heading(cli_session *session) {
    cs_error error;
    const char *heading = cs_report_heading((cs_format)session->settings->format);
    if (session->prompts && heading[0]) session_print(session, heading, &error);
}

static void print_coco(cli_session *session, const cli_collection *collection) {
    if (session->settings->format != CS_FORMAT_COCO || !session->prompts || session_stopped(session)) return;
    cs_error error = {CS_OK, ""};
    char *text = NULL;
    cs_status status = cs_report_coco(collection->photos, (const cs_detections *const *)collection->detections,
                                      collection->count, session->prompts, &text, &error);
    if (status == CS_OK) status = session_print(session, text, &error);
    if (status != CS_OK) session_fail(session, &error);
    cs_string_free(text);
}

static void free_run(detect_run *run) {
    for (size_t i = 0; i < run->collection.count; i++)
        cs_detections_destroy(run->collection.detections[i]);
    free(run->collection.photos);
    free(run->collection.detections);
    for (int i = 0; i < TARGETS; i++)
        targets_close(&run->targets[i]);
}

static int open_targets(cli_targets targets[TARGETS], const cli_settings *settings) {
    const text_list *operands = &settings->operands;
    int status = targets_open(&targets[ANNOTATED], "detect", "output", settings->picture, operands);
    if (status == STATUS_OK) status = targets_open_folder(&targets[CROPS], "detect", "crop", settings->crops, operands);
    targets[CROPS].sibling = &targets[ANNOTATED];
    return status;
}

static int run(cli_settings *settings) {
    detect_run run = {.collection = {NULL, NULL, 0}};
    int status = session_check("detect", settings);
    if (status == STATUS_OK) status = detect_options_check("detect", settings);
    if (status == STATUS_OK) status = open_targets(run.targets, settings);
    if (status != STATUS_OK) return status;
    cli_session session;
    session_begin(&session, "detect", settings);
    session_collect(&session, run.targets, TARGETS);
    session_load_prompts(&session);
    note_calibration(&session);
    print_heading(&session);
    session_each(&session, detect_photo, &run);
    print_coco(&session, &run.collection);
    free_run(&run);
    return session_end(&session);
}

static const option_group *const GROUPS[] = {
    &PROMPT_OPTIONS, &BOX_OPTIONS, &OUTPUT_OPTIONS, &METHOD_OPTIONS, &MODEL_OPTIONS, &OTHER_OPTIONS, NULL};

const cli_command DETECT_COMMAND = {
    "detect",
    "PHOTO... -p TEXT [-p TEXT ...] [options]",
    "draw boxes around the things that you name",
    "Finds the things that the prompts name, and prints their boxes: x and y of\n"
    "the top left corner, width and height, in pixels. PHOTO is a JPEG, PNG or\n"
    "WebP file, a folder (all photographs below it, in name order), or - for\n"
    "standard input.",
    GROUPS,
    "  clipsight detect pet.jpg -p \"a cat\" -p \"a butterfly\" -o found.png\n"
    "  clipsight detect holiday/ -p \"a boat\" -o boats/ --format json > boats.jsonl\n"
    "  clipsight detect pets/ -p \"a cat\" --negative \"a dog\" --crop cats/\n"
    "  clipsight detect pet.jpg -p \"a cat\" --recipe chapter --single --threshold 0.5\n"
    "  curl -s https://example.org/a.jpg | clipsight detect - -p \"a person\"\n",
    run};
