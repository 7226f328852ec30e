/* clipsight embed: what the encoders make of photographs or texts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "commands.h"
#include "embed_texts.h"
#include "interrupt.h"
#include "model_open.h"
#include "photos.h"
#include "progress.h"
#include "prompt_file.h"
#include "results.h"
#include "say.h"
#include "shared_options.h"

enum { JSON, NPY };

/* A run: every embedding is printed at once, or kept for the array at the end. */
typedef struct embed_run {
    const cli_settings *settings;
    cs_model *model;
    cli_results results;
    cli_progress progress;
    photo_list photos;
    cli_ahead *ahead; /* reads them */
    text_list texts;
    float *rows; /* [count, dim], for an array */
    size_t count;
    int status;
} embed_run;

static int stopped(const embed_run *run) {
    return interrupt_signal() || !run->results.stream;
}

static void fail(embed_run *run, const char *message) {
    progress_clear(&run->progress);
    complain("%s", message);
    run->status = STATUS_FAILURE;
}

static void print(embed_run *run, const char *bytes, size_t size) {
    progress_clear(&run->progress);
    if (results_write(&run->results, bytes, size) == STATUS_OK) return;
    run->status = STATUS_FAILURE;
    results_close(&run->results, 0);
}

static size_t dim_of(const embed_run *run) {
    return (size_t)cs_model_dim(run->model);
}

static void keep_row(embed_run *run, const float *embedding) {
    size_t dim = dim_of(run);
    run->rows = memory_grow(run->rows, (run->count + 1) * dim, sizeof *run->rows);
    for (size_t i = 0; i < dim; i++)
        run->rows[run->count * dim + i] = embedding ? embedding[i] : NAN;
    run->count++;
}

/* Takes over the line. */
static void print_line(embed_run *run, cs_status status, char *line, const cs_error *error) {
    if (status == CS_OK)
        print(run, line, strlen(line));
    else
        fail(run, error->message);
    cs_string_free(line);
}

/* embedding: [dim], or NULL where there is none, which leaves a row of NaN in an array and no line in JSON. */
static void put(embed_run *run, const char *kind, const char *name, const float *embedding) {
    cs_error error = {CS_OK, ""};
    char *line = NULL;
    if (run->settings->format == NPY) {
        keep_row(run, embedding);
    } else if (embedding) {
        cs_status status = cs_report_embedding(kind, name, embedding, dim_of(run), &line, &error);
        print_line(run, status, line, &error);
    }
}

static void put_window(embed_run *run, const char *name, const cs_rect *window, const float *embedding) {
    cs_error error = {CS_OK, ""};
    char *line = NULL;
    if (run->settings->format == NPY) {
        keep_row(run, embedding);
        return;
    }
    cs_status status = cs_report_window(name, window, embedding, dim_of(run), &line, &error);
    print_line(run, status, line, &error);
}

static void report_photo(embed_run *run, const char *path, const cs_error *error) {
    if (error->code != CS_ERR_CANCELLED) run->status = photo_failed(&run->progress, path, error->message);
}

/* photo: NULL where it could not be opened. */
static void put_photo(embed_run *run, const char *path, const batch_photo *photo) {
    put(run, "image", path, photo ? photo->embeddings : NULL);
    for (size_t i = 1; photo && photo->embeddings && i < photo->rows && !stopped(run); i++)
        put_window(run, path, &photo->boxes[i], photo->embeddings + i * dim_of(run));
}

/* named: the list's entries of these photographs, [count]. */
static void embed_batch(embed_run *run, cli_batch *batch, const cli_photo *named, const ahead_photo *photos,
                        size_t count) {
    size_t next = 0;
    batch_empty(batch);
    for (size_t i = 0; i < count; i++)
        if (photos[i].image) batch_add(batch, photos[i].image);
    ahead_pause(run->ahead);
    batch_embed(batch);
    ahead_resume(run->ahead);
    for (size_t i = 0; i < count && !stopped(run); i++) {
        const batch_photo *photo = photos[i].image ? &batch->photos[next++] : NULL;
        const cs_error *error = photo ? &photo->error : &photos[i].error;
        if ((photo ? photo->status : photos[i].status) != CS_OK) report_photo(run, named[i].path, error);
        put_photo(run, named[i].path, photo);
    }
    for (size_t i = 0; i < count; i++)
        cs_image_close(photos[i].image);
}

static void embed_photos(embed_run *run) {
    ahead_photo photos[BATCH_MOST];
    cli_batch batch = {.model = run->model, .windows = run->settings->windows};
    size_t count = 0;
    progress_start(&run->progress, run->settings->quiet, "photographs");
    for (size_t done = 0; !stopped(run) && (count = ahead_next(run->ahead, BATCH_MOST, photos)) > 0; done += count) {
        if (run->photos.count > 1) progress_update(&run->progress, (double)done, run->photos.count);
        embed_batch(run, &batch, run->photos.items + done, photos, count);
    }
    batch_empty(&batch);
    progress_clear(&run->progress);
}

static void embed_texts(embed_run *run) {
    size_t n = run->texts.count, dim = dim_of(run);
    float *embeddings = memory_grow(NULL, n * dim, sizeof *embeddings);
    const char *const *texts = (const char *const *)run->texts.items;
    cs_error error;
    if (texts_embed(run->model, texts, n, run->settings->text_template, embeddings, &error) != CS_OK)
        fail(run, error.message);
    for (size_t i = 0; i < n && run->status == STATUS_OK && !stopped(run); i++)
        put(run, "text", texts[i], embeddings + i * dim);
    free(embeddings);
}

static void print_array(embed_run *run) {
    cs_error error;
    char *bytes = NULL;
    size_t size = 0;
    if (run->settings->format != NPY || stopped(run)) return;
    if (cs_report_npy(run->rows, run->count, dim_of(run), &bytes, &size, &error) == CS_OK)
        print(run, bytes, size);
    else
        fail(run, error.message);
    cs_string_free(bytes);
}

static int check(const cli_settings *settings) {
    int has_texts = settings->texts.count > 0 || settings->texts_file;
    int status = photos_check("embed", &settings->operands, 0);
    if (status != STATUS_OK) return status;
    if (has_texts == (settings->operands.count > 0))
        return usage_error("embed", "expected either photographs or texts (--text TEXT, --texts FILE)");
    if (settings->windows && has_texts) return usage_error("embed", "--windows: goes with photographs");
    if (settings->text_template && !has_texts) return usage_error("embed", "--template: goes with texts");
    if (settings->format == NPY && !settings->report && isatty(STDOUT_FILENO))
        return usage_error("embed", "--format npy: expected --report FILE; an array is nothing for a terminal");
    return template_check("embed", settings, "text");
}

static int collect(embed_run *run) {
    const cli_settings *settings = run->settings;
    const folder_list no_outputs = {.count = 0};
    if (settings->operands.count > 0)
        return photos_collect(&run->photos, &settings->operands, &no_outputs, settings->quiet);
    return texts_collect(settings, &run->texts);
}

static void embed(embed_run *run) {
    cs_error error;
    ahead_plan plan =
        batch_plan(run->photos.count, (unsigned long long)run->settings->max_pixels, run->settings->threads);
    plan.path = ahead_listed_path;
    plan.context = &run->photos;
    run->ahead = ahead_open(&plan);
    if (model_open(run->settings, &run->model, &error) != CS_OK) {
        fail(run, error.message);
        return;
    }
    if (run->texts.count > 0)
        embed_texts(run);
    else
        embed_photos(run);
    print_array(run);
}

static int run(cli_settings *settings) {
    embed_run run = {.settings = settings};
    int status = check(settings);
    if (status == STATUS_OK) status = results_open(&run.results, settings->report);
    if (status != STATUS_OK) return status;
    run.status = collect(&run);
    int is_wanted = run.texts.count + run.photos.count > 0;
    if (is_wanted && !interrupt_signal()) embed(&run);
    if (results_close(&run.results, run.model && !interrupt_signal()) != STATUS_OK) run.status = STATUS_FAILURE;
    ahead_stop(run.ahead);
    cs_model_close(run.model);
    free(run.rows);
    photos_free(&run.photos);
    text_list_free(&run.texts);
    return interrupt_signal() ? 128 + interrupt_signal() : run.status;
}

static const option_choice FORMATS[] = {{"json", JSON}, {"npy", NPY}, {NULL, 0}};

static const cli_option TEXTS[] = {
    {"text", 't', OPTION_TEXTS, FIELD(texts), "TEXT", "embed this text; give it once per text", 0, 0, 0, NULL},
    {"texts", 0, OPTION_TEXT, FIELD(texts_file), "FILE",
     "the same from a file, one a line; empty lines and lines that begin\nwith # are left out; - is standard input", 0,
     0, 0, NULL},
    {"template", 0, OPTION_TEXT, FIELD(text_template), "TEXT",
     "what the model reads, {} being the text\n(default: '{}'; often used: 'a photo of a {}')", 0, 0, 0, NULL},
    {0}};

static const cli_option PHOTOS[] = {
    {"windows", 0, OPTION_FLAG, FIELD(windows), NULL,
     "also of the windows that a search looks into: squares of two thirds\nof the short side, half overlapping", 0, 0,
     0, NULL},
    {0}};

static const cli_option OUTPUT[] = {{"format", 0, OPTION_CHOICE, FIELD(format), "json|npy",
                                     "json: one line per photograph, window or text; npy: an array of\n"
                                     "float32, a row for each in their order (the windows of a photograph\n"
                                     "behind it), which NumPy reads; a photograph that cannot be opened\n"
                                     "leaves a row of NaN (default: json)",
                                     0, 0, 0, FORMATS},
                                    {0}};

static const option_group PHOTO_OPTIONS = {"Photographs", PHOTOS};
static const option_group TEXT_OPTIONS = {"Texts", TEXTS};
static const option_group OUTPUT_OPTIONS = {"Output", OUTPUT};
static const option_group *const GROUPS[] = {&PHOTO_OPTIONS, &TEXT_OPTIONS,  &OUTPUT_OPTIONS,
                                             &MODEL_OPTIONS, &OTHER_OPTIONS, NULL};

const cli_command EMBED_COMMAND = {"embed",
                                   "PHOTO... [--windows] | -t TEXT [-t TEXT ...] [options]",
                                   "print the embeddings of photographs or texts",
                                   "Prints for each photograph, or each text, the unit vector that the model makes\n"
                                   "of it; the product of two of them is their cosine. PHOTO is a JPEG, PNG or\n"
                                   "WebP file, a folder (all photographs below it, in name order), or - for\n"
                                   "standard input.",
                                   GROUPS,
                                   "  clipsight embed holiday/ --format npy --report holiday.npy\n"
                                   "  clipsight embed -t \"a boat\" -t \"a beach\" --template 'a photo of {}'\n",
                                   run};
