/* Searching in a store of made-up photographs, which is made first where it is not there yet.
 *
 *   bench_search --store FILE [--photographs N] [--dim N] [--batch N] [--threads N] [--queries N] [--runs N]
 *                [--json FILE] [--out DIR] [--serve | --once]
 *
 * By itself it times searches with 1, 2, 4 and 16 queries in a process that holds the store open, whole processes that
 * open it for one search, and listing. --serve does one search with --queries queries per line on standard input,
 * --once just one. --batch is how many photographs are put at once while the store is made. --out writes what a peer
 * needs to search for the same and to compare: vectors.f32 [photographs, dim], queries.f32 [16, dim], hits.i64 [16,
 * 10], the numbers of the best photographs for each query by itself.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clipsight_tools.h"
#include "made_up.h"
#include "support/clock.h"
#include "support/process.h"
#include "support/report.h"
#include "support/say.h"
#include "support/turns.h"

enum { PHOTOGRAPHS_MOST = 100000000, DIM_MOST = 4096, BATCH_MOST = 65536, QUERIES = 16, TOP = 10 };

/* Searches after which a store of a million is in memory. */
enum { SETTLING = 10 };

typedef struct bench_settings {
    const char *program, *store, *json, *out;
    int photographs, dim, batch, threads, queries, once;
    bench_turns turns;
} bench_settings;

static void read_option(bench_settings *s, int option) {
    if (option == 'S') s->store = optarg;
    if (option == 'j') s->json = optarg;
    if (option == 'o') s->out = optarg;
    if (option == 'p') s->photographs = number_of("--photographs", optarg, PHOTOGRAPHS_MOST);
    if (option == 'd') s->dim = number_of("--dim", optarg, DIM_MOST);
    if (option == 'b') s->batch = number_of("--batch", optarg, BATCH_MOST);
    if (option == 't') s->threads = number_of("--threads", optarg, 1024);
    if (option == 'q') s->queries = number_of("--queries", optarg, QUERIES);
    if (option == 'r') s->turns.left = number_of("--runs", optarg, SAMPLES_MOST);
    if (option == 's') s->turns.serve = 1;
    if (option == '1') s->once = 1;
    if (option == '?') stop("usage: bench_search --store FILE [--photographs N] [--dim N] ...; see bench/search.c");
}

static bench_settings read_settings(int argc, char **argv) {
    static const struct option options[] = {
        {"store", required_argument, NULL, 'S'},   {"photographs", required_argument, NULL, 'p'},
        {"dim", required_argument, NULL, 'd'},     {"batch", required_argument, NULL, 'b'},
        {"threads", required_argument, NULL, 't'}, {"queries", required_argument, NULL, 'q'},
        {"runs", required_argument, NULL, 'r'},    {"json", required_argument, NULL, 'j'},
        {"out", required_argument, NULL, 'o'},     {"serve", no_argument, NULL, 's'},
        {"once", no_argument, NULL, '1'},          {NULL, 0, NULL, 0}};
    bench_settings settings = {.program = argv[0], .photographs = 100000, .dim = 512, .batch = 256, .queries = 1};
    settings.turns.left = 9;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        read_option(&settings, option);
    if (!settings.store || optind != argc) read_option(&settings, '?');
    return settings;
}

static void *room(size_t count, size_t size) {
    void *block = calloc(count, size);
    if (!block) stop("out of memory");
    return block;
}

/* ---- The store ---- */

static cs_store *open_store(const bench_settings *s, int create) {
    cs_error error;
    cs_store *store = NULL;
    cs_store_model model = {"made up", s->dim, "made up"};
    cs_store_options options = {&model, create, s->threads};
    check(cs_store_open(s->store, &options, &store, &error), &error);
    return store;
}

/* Returns the seconds that putting took, without making up what is put. */
static double fill_store(const bench_settings *s, cs_store *store) {
    cs_error error;
    made_up b = made_up_create(s->batch, s->dim);
    double seconds = 0;
    for (int first = 0; first < s->photographs; first += s->batch) {
        int n = s->photographs - first < s->batch ? s->photographs - first : s->batch;
        made_up_fill(&b, first, n);
        double start = clock_seconds();
        check(cs_store_put(store, b.photos, (size_t)n, &error), &error);
        seconds += clock_seconds() - start;
    }
    double start = clock_seconds();
    check(cs_store_finish(store, &error), &error);
    made_up_free(&b);
    return seconds + clock_seconds() - start;
}

static double file_bytes(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (double)info.st_size : 0;
}

static void make_store(const bench_settings *s) {
    cs_store *store = open_store(s, 1);
    double seconds = fill_store(s, store);
    cs_store_close(store);
    if (s->once || s->turns.serve) return;
    bench_report report = report_begin("search_put", "Making a store", s->json);
    report_number(&report, "photographs", "photographs", s->photographs);
    report_number(&report, "batch", "photographs put at once", s->batch);
    report_number(&report, "put_per_second", "put per second", s->photographs / seconds);
    report_number(&report, "bytes_per_photograph", "bytes per photograph in the file",
                  file_bytes(s->store) / s->photographs);
    report_number(&report, "bytes_per_vector", "of these the vector itself", s->dim * (double)sizeof(float));
    report_end(&report);
}

/* ---- Searching ---- */

/* One search with the queries [first, first + n); returns its seconds. numbers: of the best photographs, or NULL. */
static double search(const bench_settings *s, cs_store *store, int first, int n, int64_t *numbers) {
    cs_error error;
    cs_hits *hits = NULL;
    cs_query queries[QUERIES];
    cs_search_options options = {.top = TOP};
    float *vectors = room((size_t)n, (size_t)s->dim * sizeof *vectors);
    for (int q = 0; q < n; q++) {
        made_up_query(first + q, s->dim, vectors + (size_t)q * (size_t)s->dim);
        queries[q] = (cs_query){vectors + (size_t)q * (size_t)s->dim, 1};
    }
    double start = clock_seconds();
    check(cs_store_search(store, queries, (size_t)n, &options, &hits, &error), &error);
    double seconds = clock_seconds() - start;
    for (size_t i = 0; numbers && i < TOP && i < cs_hits_count(hits); i++)
        numbers[i] = strtol(strrchr(cs_hits_get(hits, i)->path, 'C') + 1, NULL, 10);
    cs_hits_free(hits);
    free(vectors);
    return seconds;
}

static void write_file(const char *folder, const char *name, const void *bytes, size_t size, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, mode);
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) stop("%s: cannot be written", path);
}

/* What --out promises. */
static void write_out(const bench_settings *s, cs_store *store) {
    static int64_t hits[QUERIES][TOP];
    size_t row = (size_t)s->dim * sizeof(float);
    float *queries = room(QUERIES, row);
    for (int q = 0; q < QUERIES; q++) {
        made_up_query(q, s->dim, queries + q * s->dim);
        search(s, store, q, 1, hits[q]);
    }
    write_file(s->out, "queries.f32", queries, QUERIES * row, "wb");
    write_file(s->out, "hits.i64", hits, sizeof hits, "wb");
    made_up b = made_up_create(s->batch, s->dim);
    write_file(s->out, "vectors.f32", "", 0, "wb");
    for (int first = 0; first < s->photographs; first += s->batch) {
        int n = s->photographs - first < s->batch ? s->photographs - first : s->batch;
        made_up_fill(&b, first, n);
        write_file(s->out, "vectors.f32", b.vectors, (size_t)n * row, "ab");
    }
    made_up_free(&b);
    free(queries);
}

/* ---- All of it ---- */

static int count_photo(void *context, const cs_store_photo *photo) {
    (void)photo;
    ++*(size_t *)context;
    return 0;
}

static void time_listing(const bench_settings *s, bench_report *report) {
    static samples listing;
    cs_error error;
    size_t count = 0;
    for (int i = 0; i < 3; i++) {
        cs_store *store = open_store(s, 0);
        double start = clock_seconds();
        count = 0;
        check(cs_store_each(store, "", count_photo, &count, &error), &error);
        samples_add(&listing, clock_seconds() - start);
        cs_store_close(store);
    }
    report_times(report, "each", "cs_store_each, all photographs", &listing);
    report_number(report, "each_per_second", "photographs listed per second", (double)count / samples_median(&listing));
}

static void time_held(const bench_settings *s, bench_report *report) {
    static const int counts[] = {1, 2, 4, 16};
    static samples first, settling, warm[4];
    cs_store *store = open_store(s, 0);
    samples_add(&first, search(s, store, 0, 1, NULL));
    for (int i = 0; i < SETTLING; i++) /* each moves a part of the store into memory */
        samples_add(&settling, search(s, store, 0, 1, NULL));
    for (int run = 0; run < s->turns.left; run++)
        for (int i = 0; i < 4; i++)
            samples_add(&warm[i], search(s, store, 0, counts[i], NULL));
    cs_store_close(store);
    report_times(report, "first", "first search of a process", &first);
    report_times(report, "settling", "the next searches, while memory fills", &settling);
    for (int i = 0; i < 4; i++) {
        char key[16], label[64];
        snprintf(key, sizeof key, "warm_%d", counts[i]);
        snprintf(label, sizeof label, "later ones, %d quer%s", counts[i], counts[i] == 1 ? "y" : "ies");
        report_times(report, key, label, &warm[i]);
    }
}

static void time_processes(const bench_settings *s, bench_report *report) {
    static samples fresh;
    char threads[16], dim[16];
    snprintf(threads, sizeof threads, "%d", s->threads);
    snprintf(dim, sizeof dim, "%d", s->dim);
    const char *argv[] = {s->program, "--store", s->store, "--dim", dim, "--once", "--threads", threads, NULL};
    if (!s->threads) argv[6] = NULL;
    for (int run = 0; run < s->turns.left; run++)
        samples_add(&fresh, process_seconds(argv));
    report_times(report, "fresh", "whole process, one search", &fresh);
}

static void serve(bench_settings *s) {
    cs_store *store = open_store(s, 0);
    for (int i = 0; i < SETTLING + 1; i++)
        search(s, store, 0, s->queries, NULL);
    while (turns_next(&s->turns))
        turns_answer(&s->turns, search(s, store, 0, s->queries, NULL));
    cs_store_close(store);
}

int main(int argc, char **argv) {
    bench_settings settings = read_settings(argc, argv);
    if (file_bytes(settings.store) == 0) make_store(&settings);
    if (settings.turns.serve) {
        serve(&settings);
        return 0;
    }
    if (settings.once || settings.out) {
        cs_store *store = open_store(&settings, 0);
        if (settings.out)
            write_out(&settings, store);
        else
            search(&settings, store, 0, settings.queries, NULL);
        cs_store_close(store);
        return 0;
    }
    bench_report report = report_begin("search", "Searching in a store", settings.json);
    time_held(&settings, &report);
    time_processes(&settings, &report);
    time_listing(&settings, &report);
    report_end(&report);
    return 0;
}
