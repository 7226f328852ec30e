/* A whole `clipsight detect` beside the decoding of its photograph, which is the least that it could take.
 *
 *   bench_detect CLIPSIGHT PHOTO.jpg [--runs N] [--threads N] [--json FILE]
 *
 * Everything takes its turn in every round, so that a change in the machine's mood hits all alike. The decoder runs in
 * this process, into memory that is there already: nothing but the decoding is counted. The command is a new process
 * each time.
 */
#include <getopt.h>
#include <stdio.h>

#include "jpeg_peers.h"
#include "support/process.h"
#include "support/report.h"
#include "support/say.h"

/* docs/speed.md: a whole run in less than so many decodings. */
static const double wanted_ratio = 4;

typedef struct bench_settings {
    const char *clipsight, *photo, *threads, *json;
    int runs;
} bench_settings;

typedef struct bench_results {
    samples turbo, lines, boxes, png, jpeg;
} bench_results;

static bench_settings read_settings(int argc, char **argv) {
    static const struct option options[] = {{"runs", required_argument, NULL, 'r'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"threads", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    bench_settings settings = {NULL, NULL, NULL, NULL, 7};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r') settings.runs = number_of("--runs", optarg, SAMPLES_MOST);
        if (option == 'j') settings.json = optarg;
        if (option == 't') settings.threads = optarg;
        if (option == '?') stop("usage: bench_detect CLIPSIGHT PHOTO.jpg [--runs N] [--threads N] [--json FILE]");
    }
    if (optind + 2 != argc) stop("bench_detect: expected the command and one JPEG");
    settings.clipsight = argv[optind];
    settings.photo = argv[optind + 1];
    return settings;
}

/* One run of the command; `output` is the annotated picture's path, or NULL. */
static double detect_seconds(const bench_settings *settings, const char *output) {
    const char *argv[16] = {settings->clipsight, "detect", settings->photo, "-p", "a cat", "-p", "a butterfly"};
    int count = 7;
    if (settings->threads) {
        argv[count++] = "--threads";
        argv[count++] = settings->threads;
    }
    if (output) {
        argv[count++] = "-o";
        argv[count++] = output;
    }
    argv[count] = NULL;
    return process_seconds(argv);
}

static void run(const bench_settings *settings, jpeg_photo *photo, bench_results *results) {
    static const char *const names[] = {"annotated.png", "annotated.jpg", NULL};
    char folder[PROCESS_FOLDER], png[PROCESS_FOLDER + 16], jpeg[PROCESS_FOLDER + 16];
    process_folder(folder);
    snprintf(png, sizeof png, "%s/%s", folder, names[0]);
    snprintf(jpeg, sizeof jpeg, "%s/%s", folder, names[1]);
    jpeg_turbo_seconds(photo); /* the first round touches the memory and fills the page cache */
    detect_seconds(settings, NULL);
    for (int i = 0; i < settings->runs; i++) {
        samples_add(&results->turbo, jpeg_turbo_seconds(photo));
        samples_add(&results->boxes, detect_seconds(settings, NULL));
        samples_add(&results->lines, jpeg_lines_seconds(photo));
        samples_add(&results->png, detect_seconds(settings, png));
        samples_add(&results->jpeg, detect_seconds(settings, jpeg));
    }
    process_remove(folder, names);
}

static void print(const bench_settings *settings, const bench_results *results) {
    double decode = samples_median(&results->turbo);
    bench_report report = report_begin("detect", "clipsight detect, two prompts, whole process", settings->json);
    report_times(&report, "turbojpeg", "decoding alone: TurboJPEG, tjDecompress2", &results->turbo);
    report_times(&report, "libjpeg", "decoding alone: libjpeg, line by line", &results->lines);
    report_times(&report, "detect", "detect", &results->boxes);
    report_times(&report, "detect_png", "detect -o annotated.png", &results->png);
    report_times(&report, "detect_jpeg", "detect -o annotated.jpg", &results->jpeg);
    report_ratio(&report, "ratio", "detect / TurboJPEG", samples_median(&results->boxes) / decode, wanted_ratio);
    report_number(&report, "ratio_png", "detect -o annotated.png / TurboJPEG", samples_median(&results->png) / decode);
    report_number(&report, "ratio_jpeg", "detect -o annotated.jpg / TurboJPEG",
                  samples_median(&results->jpeg) / decode);
    report_end(&report);
}

int main(int argc, char **argv) {
    static bench_results results;
    bench_settings settings = read_settings(argc, argv);
    jpeg_photo photo;
    jpeg_load(settings.photo, &photo);
    run(&settings, &photo, &results);
    print(&settings, &results);
    jpeg_unload(&photo);
    return 0;
}
