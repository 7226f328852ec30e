/* clipsight classify: how well each prompt fits each photograph. */
#include <stdlib.h>

#include "commands.h"
#include "say.h"
#include "session.h"
#include "shared_options.h"

static const option_choice FORMATS[] = {
    {"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {"csv", CS_FORMAT_CSV}, {NULL, 0}};

static const cli_option OUTPUT[] = {{"format", 0, OPTION_CHOICE, FIELD(format), "table|json|csv",
                                     "json: one line per photograph (default: table)", 0, 0, 0, FORMATS},
                                    {0}};

static const option_group OUTPUT_OPTIONS = {"Output", OUTPUT};

static cs_status classify_photo(cli_session *session, size_t index, const cs_image *image, void *context,
                                cs_error *error) {
    (void)context;
    size_t count = cs_prompts_count(session->prompts);
    float *logits = memory_grow(NULL, count * 2, sizeof *logits);
    float *probabilities = logits + count;
    cs_photo photo = {session->photos.items[index].path, cs_image_width(image), cs_image_height(image)};
    char *text = NULL;
    cs_status status = cs_classify(session->model, session->prompts, image, logits, probabilities, error);
    if (status == CS_OK)
        status = cs_report_classes((cs_format)session->settings->format, &photo, session->prompts, logits,
                                   probabilities, &text, error);
    free(logits);
    if (status == CS_OK) status = session_print(session, text, error);
    cs_string_free(text);
    return status;
}

/* cs_report_heading() is about boxes. */
static void print_heading(cli_session *session) {
    cs_error error;
    if (!session->prompts || session->settings->format != CS_FORMAT_CSV) return;
    session_print(session, "image,label,logit,probability\n", &error);
}

static int run(cli_settings *settings) {
    int status = session_check("classify", settings);
    if (status != STATUS_OK) return status;
    cli_session session;
    session_begin(&session, "classify", settings);
    session_collect(&session, NULL, 0);
    session_load_prompts(&session);
    print_heading(&session);
    session_each(&session, classify_photo, NULL);
    return session_end(&session);
}

static const option_group *const GROUPS[] = {&PROMPT_OPTIONS, &OUTPUT_OPTIONS, &MODEL_OPTIONS, &OTHER_OPTIONS, NULL};

const cli_command CLASSIFY_COMMAND = {
    "classify",
    "PHOTO... -p TEXT [-p TEXT ...] [options]",
    "tell which of several descriptions fits a photograph",
    "Prints for each photograph how probable each prompt is, the prompts being\n"
    "the only possibilities. PHOTO is a JPEG, PNG or WebP file, a folder (all\n"
    "photographs below it, in name order), or - for standard input.",
    GROUPS,
    "  clipsight classify pet.jpg -p \"a cat\" -p \"a dog\" -p \"a rabbit\"\n"
    "  clipsight classify holiday/ --prompts words.txt --template 'a photo of a {}' --format json\n",
    run};
