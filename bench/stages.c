/* Where the time of a `clipsight detect` goes: the same calls as the command makes, each timed.
 *
 *   bench_stages PHOTO [--model DIR] [--threads N] [--runs N] [--json FILE]
 *
 * Each run is a new process, since the first use of a model is dearer than the second: weights are brought into the
 * layout that the processor likes, and kernels are generated. "again" is a second detect in the same process.
 */
#include <getopt.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clipsight.h"
#include "support/clock.h"
#include "support/process.h"
#include "support/report.h"
#include "support/say.h"

enum { PASSES = 8, THREADS_MOST = 1024 };
enum { MODEL, PROMPTS, OPEN, PASS, BOXES = PASS + PASSES, AGAIN, DRAW, PNG, JPEG, TOTAL, STAGES };

static const struct {
    const char *key, *label;
} names[STAGES] = {[MODEL] = {"model", "open the model"},
                   [PROMPTS] = {"prompts", "embed two prompts"},
                   [OPEN] = {"open", "open the photograph"},
                   [PASS] = {"pass1", "detect: pass 1"},
                   [PASS + 1] = {"pass2", "detect: pass 2"},
                   [PASS + 2] = {"pass3", "detect: pass 3"},
                   [PASS + 3] = {"pass4", "detect: pass 4"},
                   [PASS + 4] = {"pass5", "detect: pass 5"},
                   [PASS + 5] = {"pass6", "detect: pass 6"},
                   [PASS + 6] = {"pass7", "detect: pass 7"},
                   [PASS + 7] = {"pass8", "detect: pass 8"},
                   [BOXES] = {"boxes", "detect: boxes"},
                   [AGAIN] = {"again", "(the same detect again)"},
                   [DRAW] = {"draw", "draw the boxes"},
                   [PNG] = {"save_png", "save as PNG"},
                   [JPEG] = {"save_jpeg", "save as JPEG"},
                   [TOTAL] = {"total", "all of it without \"again\" and saving"}};

typedef struct bench_settings {
    const char *photo, *model, *json;
    int threads, runs;
} bench_settings;

/* A stopwatch for one run: each lap is the time since the one before. */
typedef struct bench_laps {
    double last, seconds[STAGES];
} bench_laps;

static bench_settings read_settings(int argc, char **argv) {
    static const struct option options[] = {{"model", required_argument, NULL, 'm'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"runs", required_argument, NULL, 'r'},
                                            {"json", required_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    bench_settings settings = {NULL, NULL, NULL, 0, 7};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'm') settings.model = optarg;
        if (option == 't') settings.threads = number_of("--threads", optarg, THREADS_MOST);
        if (option == 'r') settings.runs = number_of("--runs", optarg, SAMPLES_MOST);
        if (option == 'j') settings.json = optarg;
        if (option == '?') stop("unknown option; the first lines of bench/stages.c name them all");
    }
    if (optind + 1 != argc) stop("bench_stages: expected one photograph");
    settings.photo = argv[optind];
    return settings;
}

static void lap(bench_laps *laps, int stage) {
    double now = clock_seconds();
    laps->seconds[stage] = now - laps->last;
    laps->last = now;
}

/* detect reports after each pass over the photograph. */
static int on_progress(void *context, size_t done, size_t total) {
    if (done > 0 && total <= PASSES) lap(context, PASS + (int)done - 1);
    return 0;
}

static void save_both(const cs_image *picture, bench_laps *laps) {
    static const char *const files[] = {"annotated.png", "annotated.jpg", NULL};
    char folder[PROCESS_FOLDER], path[2 * PROCESS_FOLDER];
    cs_error error;
    process_folder(folder);
    for (int i = 0; files[i]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        laps->last = clock_seconds();
        check(cs_image_save(picture, path, &error), &error);
        lap(laps, i ? JPEG : PNG);
    }
    process_remove(folder, files);
}

static void use_photo(cs_model *model, const cs_prompts *prompts, const cs_image *image, bench_laps *laps) {
    cs_detect_options options = CS_DETECT_OPTIONS_DEFAULT;
    cs_detections *detections, *again;
    cs_image *picture;
    cs_error error;
    options.min_score = cs_model_default_min_score(model);
    options.localize.progress = (cs_progress){on_progress, laps};
    check(cs_detect(model, prompts, image, &options, &detections, &error), &error);
    lap(laps, BOXES);
    check(cs_draw_detections(image, prompts, detections, &picture, &error), &error);
    lap(laps, DRAW);
    options.localize.progress = (cs_progress){NULL, NULL};
    check(cs_detect(model, prompts, image, &options, &again, &error), &error);
    lap(laps, AGAIN);
    save_both(picture, laps);
    cs_image_close(picture);
    cs_detections_destroy(again);
    cs_detections_destroy(detections);
}

static void one_run(const bench_settings *settings, bench_laps *laps) {
    static const char *const labels[] = {"a cat", "a butterfly"};
    cs_model_options options = {.threads = settings->threads};
    cs_error error;
    cs_model *model;
    cs_prompts *prompts;
    cs_image *image;
    laps->last = clock_seconds();
    check(cs_model_open(settings->model, &options, &model, &error), &error);
    lap(laps, MODEL);
    check(cs_prompts_create(model, labels, 2, NULL, &prompts, &error), &error);
    lap(laps, PROMPTS);
    check(cs_image_open(settings->photo, NULL, &image, &error), &error);
    lap(laps, OPEN);
    use_photo(model, prompts, image, laps);
    for (int stage = MODEL; stage <= DRAW; stage++)
        laps->seconds[TOTAL] += stage == AGAIN ? 0 : laps->seconds[stage];
    cs_image_close(image);
    cs_prompts_destroy(prompts);
    cs_model_close(model);
}

/* Runs it in a child: this process never starts a thread, so that it can go on forking. */
static void run_apart(const bench_settings *settings, samples *times) {
    bench_laps laps = {0};
    int ends[2], status;
    if (pipe(ends) != 0) stop("no pipe");
    pid_t child = fork();
    if (child < 0) stop("no second process");
    if (child == 0) {
        one_run(settings, &laps);
        _exit(write(ends[1], &laps, sizeof laps) == (ssize_t)sizeof laps ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &laps, sizeof laps);
    close(ends[0]);
    if (waitpid(child, &status, 0) < 0 || status != 0 || got != (ssize_t)sizeof laps) stop("a run failed");
    for (int stage = 0; stage < STAGES; stage++)
        samples_add(&times[stage], laps.seconds[stage]);
}

int main(int argc, char **argv) {
    static samples times[STAGES];
    bench_settings settings = read_settings(argc, argv);
    for (int i = 0; i < settings.runs; i++)
        run_apart(&settings, times);
    bench_report report =
        report_begin("stages", "Where the time of a detect goes, each run in a new process", settings.json);
    for (int stage = 0; stage < STAGES; stage++)
        if (samples_median(&times[stage]) > 0)
            report_times(&report, names[stage].key, names[stage].label, &times[stage]);
    report_end(&report);
    return 0;
}
