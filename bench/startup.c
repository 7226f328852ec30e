/* What a small job costs: `clipsight classify` and `detect` on a photograph of 500 x 375 pixels, whole process.
 *
 *   bench_startup CLIPSIGHT PHOTO [--runs N] [--json FILE]
 *
 * The photograph is cut out of the middle of PHOTO (at least 500 x 375) and written as a JPEG first.
 */
#include <getopt.h>
#include <stdio.h>

#include "clipsight.h"
#include "support/process.h"
#include "support/report.h"
#include "support/say.h"

enum { WIDTH = 500, HEIGHT = 375 };

typedef struct bench_settings {
    const char *clipsight, *photo, *json;
    int runs;
} bench_settings;

static bench_settings read_settings(int argc, char **argv) {
    static const struct option options[] = {
        {"runs", required_argument, NULL, 'r'}, {"json", required_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    bench_settings settings = {NULL, NULL, NULL, 15};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r') settings.runs = number_of("--runs", optarg, SAMPLES_MOST);
        if (option == 'j') settings.json = optarg;
        if (option == '?') stop("usage: bench_startup CLIPSIGHT PHOTO [--runs N] [--json FILE]");
    }
    if (optind + 2 != argc) stop("bench_startup: expected the command and one photograph");
    settings.clipsight = argv[optind];
    settings.photo = argv[optind + 1];
    return settings;
}

static void write_middle(const char *from, const char *to) {
    cs_error error;
    cs_image *image, *middle;
    check(cs_image_open(from, NULL, &image, &error), &error);
    int width = cs_image_width(image), height = cs_image_height(image);
    if (width < WIDTH || height < HEIGHT) stop("%s: expected at least %d x %d pixels", from, WIDTH, HEIGHT);
    size_t left = (size_t)(width - WIDTH) / 2, top = (size_t)(height - HEIGHT) / 2, stride = (size_t)width * 3;
    const uint8_t *pixels = cs_image_pixels(image) + top * stride + left * 3;
    check(cs_image_from_rgb(pixels, WIDTH, HEIGHT, stride, &middle, &error), &error);
    check(cs_image_save(middle, to, &error), &error);
    cs_image_close(middle);
    cs_image_close(image);
}

int main(int argc, char **argv) {
    static const char *const names[] = {"small.jpg", NULL};
    static samples classify, detect, nothing;
    bench_settings settings = read_settings(argc, argv);
    char folder[PROCESS_FOLDER], small[PROCESS_FOLDER + 16];
    process_folder(folder);
    snprintf(small, sizeof small, "%s/%s", folder, names[0]);
    write_middle(settings.photo, small);
    const char *const job[] = {settings.clipsight, "classify", small, "-p", "a cat", "-p", "a dog", NULL};
    const char *const search[] = {settings.clipsight, "detect", small, "-p", "a cat", "-p", "a dog", NULL};
    const char *const no_job[] = {settings.clipsight, "--version", NULL};
    process_seconds(job);
    process_seconds(search);
    for (int i = 0; i < settings.runs; i++) {
        samples_add(&classify, process_seconds(job));
        samples_add(&detect, process_seconds(search));
        samples_add(&nothing, process_seconds(no_job));
    }
    process_remove(folder, names);
    bench_report report =
        report_begin("startup", "Starting up: 500 x 375 pixels, two prompts, whole process", settings.json);
    report_times(&report, "classify", "classify", &classify);
    report_times(&report, "detect", "detect", &detect);
    report_times(&report, "version", "clipsight --version", &nothing);
    report_end(&report);
    return 0;
}
