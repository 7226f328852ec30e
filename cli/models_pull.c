/* clipsight models pull */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clipsight_tools.h"
#include "interrupt.h"
#include "models.h"
#include "progress.h"
#include "say.h"

enum { BAR_CELLS = 24 };
static const double REDRAW_SECONDS = 0.1;

/* One line on the terminal; what lay in the cache already does not count for the rate. */
typedef struct pull_line {
    int enabled, visible;
    double start, last;
    uint64_t first; /* bytes at the start; UINT64_MAX: not started */
} pull_line;

static void draw_rate(const pull_line *line, uint64_t done, uint64_t total, double now) {
    double rate = now > line->start ? (double)(done - line->first) / (now - line->start) : 0;
    if (done < line->first || rate < 1) return;
    char *text = models_format_bytes((unsigned long long)rate), left[32];
    format_duration((double)(total - done) / rate, left, sizeof left);
    fprintf(stderr, ", %s/s, %s left", text, left);
    free(text);
}

static void draw(pull_line *line, const char *file, uint64_t done, uint64_t total, double now) {
    char bar[BAR_CELLS + 1], *here = models_format_bytes(done), *all = models_format_bytes(total);
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = (double)i < (double)done / (double)total * BAR_CELLS ? '#' : '.';
    bar[BAR_CELLS] = '\0';
    fprintf(stderr, "\r\033[K[%s] %s of %s", bar, here, all);
    draw_rate(line, done, total, now);
    fprintf(stderr, "  %s", file);
    fflush(stderr);
    line->visible = 1;
    free(here);
    free(all);
}

static int on_progress(void *context, const char *file, uint64_t done, uint64_t total) {
    pull_line *line = context;
    double now = seconds_now();
    if (line->first == UINT64_MAX && total > 0) {
        line->first = done;
        line->start = now;
    }
    if (line->enabled && total > 0 && done <= total && now - line->last >= REDRAW_SECONDS) {
        line->last = now;
        draw(line, file, done, total, now);
    }
    return interrupt_signal() != 0;
}

static void clear(const pull_line *line) {
    if (line->visible) fputs("\r\033[K", stderr);
}

static int finish(cs_status status, const cs_error *error, const char *folder, int quiet) {
    if (status == CS_ERR_CANCELLED && interrupt_signal()) {
        if (!quiet) complain("stopped; the next pull goes on from here");
        return 128 + interrupt_signal();
    }
    if (status != CS_OK) {
        complain("%s", error->message);
        return STATUS_FAILURE;
    }
    if (!quiet && printf("%s\n", folder) < 0) return STATUS_FAILURE;
    if (fflush(stdout) == 0) return STATUS_OK;
    complain("standard output: cannot write");
    return STATUS_FAILURE;
}

static int run(cli_settings *settings) {
    int status = models_check_operands(&MODELS_PULL, settings, 1, "one model (owner/name)");
    if (status != STATUS_OK) return status;
    pull_line line = {.enabled = !settings->quiet && isatty(STDERR_FILENO), .first = UINT64_MAX};
    cs_pull_options options = {.endpoint = settings->endpoint ? settings->endpoint : getenv("HF_ENDPOINT"),
                               .revision = settings->revision,
                               .token = getenv("HF_TOKEN"),
                               .progress = on_progress,
                               .context = &line};
    cs_error error = {CS_OK, ""};
    char *folder = NULL;
    cs_status result = cs_models_pull(settings->operands.items[0], &options, &folder, &error);
    clear(&line);
    status = finish(result, &error, folder, settings->quiet);
    cs_string_free(folder);
    return status;
}

static const cli_option OPTIONS[] = {
    {"endpoint", 0, OPTION_TEXT, FIELD(endpoint), "URL",
     "the hub, https://...\n(default: the environment variable HF_ENDPOINT; there is no other)", 0, 0, 0, NULL},
    {"revision", 0, OPTION_TEXT, FIELD(revision), "NAME",
     "branch, tag or commit (default: main, and for a few models known\nto lack safetensors there, a conversion)", 0, 0,
     0, NULL},
    {0}};
static const option_group SOURCE_OPTIONS = {"Source", OPTIONS};
static const option_group *const GROUPS[] = {&SOURCE_OPTIONS, &MODELS_QUIET_OPTIONS, NULL};

const cli_command MODELS_PULL = {
    "models pull",
    "NAME [options]",
    "fetch a model",
    "Fetches the files of a CLIP model from a server with the Hugging Face hub's\n"
    "layout, checks their sizes and hashes, and prints the folder. A pull that was\n"
    "broken off goes on where it stopped. HF_TOKEN, if set, goes to the endpoint's\n"
    "host alone. The cache is $CLIPSIGHT_CACHE, else $XDG_CACHE_HOME/clipsight, else\n"
    "~/.cache/clipsight.",
    GROUPS,
    "  clipsight models pull openai/clip-vit-base-patch32 --endpoint https://...\n"
    "  HF_ENDPOINT=https://... clipsight models pull laion/CLIP-ViT-B-32-laion2B-s34B-b79K\n",
    run};
