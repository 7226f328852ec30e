/* The image encoder: pictures of just the model's size, embedded in one batch.
 *
 *   bench_encoder [--model DIR] [--precision fp32|bf16|int8] [--batch N] [--threads N] [--runs N] [--pictures FILE]
 *                 [--out FILE] [--json FILE] [--serve]
 *
 * FILE of --pictures holds the pictures, uint8 [batch, size, size, 3]; without it they are noise (which takes as long
 * as anything else). --out writes the embeddings, float32 [batch, dim], so that a peer can check that it does the same.
 * What is timed includes the way from bytes to normalised floats.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight.h"
#include "support/clock.h"
#include "support/report.h"
#include "support/say.h"
#include "support/turns.h"

enum { BATCH_MOST = 1024, THREADS_MOST = 1024 };

typedef struct bench_settings {
    const char *model, *pictures, *out, *json;
    int batch, threads;
    cs_precision precision;
    bench_turns turns;
} bench_settings;

static cs_precision read_precision(const char *name) {
    for (int i = 0; i < CS_PRECISION_AUTO; i++)
        if (strcmp(name, cs_precision_name((cs_precision)i)) == 0) return (cs_precision)i;
    stop("--precision: expected fp32, bf16 or int8, got \"%s\"", name);
}

static void read_option(bench_settings *settings, int option) {
    switch (option) {
    case 'm':
        settings->model = optarg;
        break;
    case 'p':
        settings->pictures = optarg;
        break;
    case 'o':
        settings->out = optarg;
        break;
    case 'j':
        settings->json = optarg;
        break;
    case 'b':
        settings->batch = number_of("--batch", optarg, BATCH_MOST);
        break;
    case 't':
        settings->threads = number_of("--threads", optarg, THREADS_MOST);
        break;
    case 'P':
        settings->precision = read_precision(optarg);
        break;
    case 'r':
        settings->turns.left = number_of("--runs", optarg, SAMPLES_MOST);
        break;
    case 's':
        settings->turns.serve = 1;
        break;
    default:
        stop("unknown option; the first lines of bench/encoder.c name them all");
    }
}

static bench_settings read_settings(int argc, char **argv) {
    static const struct option options[] = {
        {"model", required_argument, NULL, 'm'},     {"pictures", required_argument, NULL, 'p'},
        {"out", required_argument, NULL, 'o'},       {"json", required_argument, NULL, 'j'},
        {"batch", required_argument, NULL, 'b'},     {"threads", required_argument, NULL, 't'},
        {"precision", required_argument, NULL, 'P'}, {"runs", required_argument, NULL, 'r'},
        {"serve", no_argument, NULL, 's'},           {NULL, 0, NULL, 0}};
    bench_settings settings = {.batch = 32, .turns = {7, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        read_option(&settings, option);
    if (optind != argc) stop("bench_encoder: expected options only, got \"%s\"", argv[optind]);
    return settings;
}

static void fill_noise(uint8_t *pixels, size_t count) {
    uint32_t state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        pixels[i] = (uint8_t)(state >> 24);
    }
}

/* batch pictures of side x side pixels. */
static void make_pictures(const bench_settings *settings, int side, cs_image **pictures) {
    size_t picture = (size_t)side * (size_t)side * 3, count = (size_t)settings->batch * picture;
    cs_error error;
    uint8_t *pixels = malloc(count);
    if (!pixels) stop("no memory for %d pictures", settings->batch);
    FILE *file = settings->pictures ? fopen(settings->pictures, "rb") : NULL;
    if (settings->pictures && (!file || fread(pixels, 1, count, file) != count))
        stop("%s: expected %zu bytes of pixels", settings->pictures, count);
    if (file) fclose(file);
    if (!settings->pictures) fill_noise(pixels, count);
    for (int i = 0; i < settings->batch; i++)
        check(cs_image_from_rgb(pixels + (size_t)i * picture, side, side, 0, &pictures[i], &error), &error);
    free(pixels);
}

static void write_embeddings(const char *path, const float *embeddings, size_t count) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(embeddings, sizeof *embeddings, count, file) != count || fclose(file) != 0)
        stop("%s: cannot be written", path);
}

static void print(const bench_settings *settings, const samples *times) {
    double per_picture = samples_median(times) / settings->batch;
    bench_report report = report_begin("encoder", "The image encoder", settings->json);
    report_number(&report, "batch", "pictures in a batch", settings->batch);
    report_number(&report, "threads", "threads (0: all)", settings->threads);
    report_times(&report, "encoder", "a batch", times);
    report_number(&report, "ms_per_picture", "ms a picture", per_picture * 1e3);
    report_end(&report);
}

static void run(bench_settings *settings, cs_model *model, cs_image **pictures, float *out, samples *times) {
    cs_error error;
    size_t batch = (size_t)settings->batch;
    const cs_image *const *inputs = (const cs_image *const *)pictures;
    check(cs_model_embed_images(model, inputs, batch, out, &error), &error);
    if (settings->out) write_embeddings(settings->out, out, batch * (size_t)cs_model_dim(model));
    while (turns_next(&settings->turns)) {
        double start = clock_seconds();
        check(cs_model_embed_images(model, inputs, batch, out, &error), &error);
        double seconds = clock_seconds() - start;
        turns_answer(&settings->turns, seconds);
        if (!settings->turns.serve) samples_add(times, seconds);
    }
}

int main(int argc, char **argv) {
    static samples times;
    static cs_image *pictures[BATCH_MOST];
    bench_settings settings = read_settings(argc, argv);
    cs_model_options options = {.threads = settings.threads, .batch = settings.batch, .precision = settings.precision};
    cs_model *model;
    cs_error error;
    check(cs_model_open(settings.model, &options, &model, &error), &error);
    make_pictures(&settings, cs_model_image_size(model), pictures);
    float *out = calloc((size_t)settings.batch * (size_t)cs_model_dim(model), sizeof *out);
    if (!out) stop("no memory for the embeddings");
    run(&settings, model, pictures, out, &times);
    if (!settings.turns.serve) print(&settings, &times);
    for (int i = 0; i < settings.batch; i++)
        cs_image_close(pictures[i]);
    free(out);
    cs_model_close(model);
    return 0;
}
