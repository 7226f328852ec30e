/* How long reading a photograph takes beside libjpeg-turbo alone: cs_image_open() also checks the header, reads the
 * EXIF orientation and turns the picture.
 *
 *   bench_photo PHOTO.jpg [--runs N] [--json FILE] [--serve]
 */
#include <getopt.h>
#include <string.h>

#include "clipsight.h"
#include "jpeg_peers.h"
#include "support/clock.h"
#include "support/report.h"
#include "support/say.h"
#include "support/turns.h"

typedef struct bench_settings {
    const char *photo, *json;
    bench_turns turns;
} bench_settings;

static bench_settings read_settings(int argc, char **argv) {
    static const struct option options[] = {{"runs", required_argument, NULL, 'r'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"serve", no_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    bench_settings settings = {NULL, NULL, {7, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r') settings.turns.left = number_of("--runs", optarg, SAMPLES_MOST);
        if (option == 'j') settings.json = optarg;
        if (option == 's') settings.turns.serve = 1;
        if (option == '?') stop("usage: bench_photo PHOTO.jpg [--runs N] [--json FILE] [--serve]");
    }
    if (optind + 1 != argc) stop("bench_photo: expected one JPEG");
    settings.photo = argv[optind];
    return settings;
}

static double open_seconds(const char *path) {
    cs_error error;
    cs_image *image;
    double start = clock_seconds();
    check(cs_image_open(path, NULL, &image, &error), &error);
    double seconds = clock_seconds() - start;
    cs_image_close(image);
    return seconds;
}

int main(int argc, char **argv) {
    static samples turbo, lines, ours;
    bench_settings settings = read_settings(argc, argv);
    jpeg_photo photo;
    jpeg_load(settings.photo, &photo);
    open_seconds(settings.photo); /* the page cache is warm from here on */
    while (turns_next(&settings.turns)) {
        double seconds = open_seconds(settings.photo);
        turns_answer(&settings.turns, seconds);
        if (settings.turns.serve) continue;
        samples_add(&ours, seconds);
        samples_add(&turbo, jpeg_turbo_seconds(&photo));
        samples_add(&lines, jpeg_lines_seconds(&photo));
    }
    jpeg_unload(&photo);
    if (settings.turns.serve) return 0;
    bench_report report = report_begin("photo", "Reading a photograph", settings.json);
    report_number(&report, "megapixels", "megapixels", (double)photo.width * photo.height * 1e-6);
    report_times(&report, "open", "cs_image_open", &ours);
    report_times(&report, "turbojpeg", "TurboJPEG, tjDecompress2", &turbo);
    report_times(&report, "libjpeg", "libjpeg interface, line by line", &lines);
    report_end(&report);
    return 0;
}
