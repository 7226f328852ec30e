/* Photographs for tests of stores, and what a store should make of them. */
#ifndef CS_TESTS_STORE_SAMPLES_H
#define CS_TESTS_STORE_SAMPLES_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/made_up.h"
#include "store/open_store.h"
#include "support/support.h"

#include "clipsight_tools.h"

/* No program uses all of them. */
#pragma GCC diagnostic ignored "-Wunused-function"

#define DIM 12
#define WEIGHTS "sha256:0123456789abcdef"

static const cs_store_model model_a = {WEIGHTS, DIM, "starter"};

/* ---- Photographs ---- */

enum { MOST_ROWS = 4 };

/* A photograph with all that it points to. */
typedef struct sample {
    cs_store_photo photo;
    char path[4100];
    cs_rect boxes[MOST_ROWS];
    float embeddings[MOST_ROWS * DIM];
} sample;

/* Photograph `seed` with so many rows; row r is vector number seed * MOST_ROWS + r. */
static cs_store_photo *make_sample(sample *s, const char *path, uint64_t seed, size_t rows) {
    memset(s, 0, sizeof *s);
    snprintf(s->path, sizeof s->path, "%s", path);
    s->photo = (cs_store_photo){s->path,  1000 + seed,  1700000000123456789 + (int64_t)seed, {0}, 640, 480, NULL, rows,
                                s->boxes, s->embeddings};
    memset(s->photo.hash, 0x40 + (int)(seed % 128), 31);
    s->photo.hash[31] = (uint8_t)(seed / 128);
    for (size_t r = 0; r < rows; r++) {
        s->boxes[r] = (cs_rect){(int)r * 10, (int)r * 20, 640 - (int)r * 100, 480 - (int)r * 100};
        make_vector(seed * MOST_ROWS + r, DIM, s->embeddings + r * DIM);
    }
    return &s->photo;
}

static cs_store_photo *make_broken(sample *s, const char *path, uint64_t seed) {
    make_sample(s, path, seed, 0);
    memset(s->photo.hash, 0, sizeof s->photo.hash);
    s->photo.width = s->photo.height = 0;
    s->photo.problem = "not a JPEG: \xff\xfe 'quoted' \\x41";
    return &s->photo;
}

/* ---- Stores ---- */

static cs_store *open_store(const char *where, int create) {
    return open_store_of(&model_a, where, create, 1);
}

static void put_one(cs_store *store, const cs_store_photo *photo) {
    cs_error error;
    assert_ok(cs_store_put(store, photo, 1, &error));
}

/* Photographs 0 to n - 1 as "/p/0000.jpg", ..., one after another with 1, 2, ..., `most_rows` rows. */
static void put_many(cs_store *store, size_t n, size_t most_rows) {
    sample *samples = calloc(n, sizeof *samples);
    cs_store_photo *photos = calloc(n, sizeof *photos);
    assert_true(samples && photos);
    for (size_t i = 0; i < n; i++) {
        char path[32];
        snprintf(path, sizeof path, "/p/%04zu.jpg", i);
        photos[i] = *make_sample(&samples[i], path, i, 1 + i % most_rows);
    }
    cs_error error;
    assert_ok(cs_store_put(store, photos, n, &error));
    free(photos);
    free(samples);
}

static cs_store_info describe(cs_store *store) {
    cs_error error;
    cs_store_info info;
    assert_ok(cs_store_describe(store, &info, &error));
    return info;
}

static void assert_counts(cs_store *store, size_t photographs, size_t broken, size_t rows) {
    cs_store_info info = describe(store);
    assert_int_equal(info.photographs, photographs);
    assert_int_equal(info.broken, broken);
    assert_int_equal(info.rows, rows);
}

/* ---- What is listed ---- */

typedef struct listing {
    size_t n, stop_after;
    char paths[64][4100];
    cs_store_photo photos[64]; /* without what they point to */
    char problem[256];         /* of the last one that has one */
} listing;

static int note_photo(void *context, const cs_store_photo *photo) {
    listing *list = context;
    assert_true(list->n < 64);
    snprintf(list->paths[list->n], sizeof list->paths[0], "%s", photo->path);
    assert_null(photo->embeddings);
    assert_null(photo->boxes);
    if (photo->problem) snprintf(list->problem, sizeof list->problem, "%s", photo->problem);
    list->photos[list->n++] = *photo;
    return list->n == list->stop_after;
}

static listing *list_of(cs_store *store, const char *prefix) {
    static listing list;
    cs_error error;
    memset(&list, 0, sizeof list);
    assert_ok(cs_store_each(store, prefix, note_photo, &list, &error));
    return &list;
}

/* ---- What a search should find, by the header's words ---- */

typedef struct expected {
    char path[32];
    float score, cosines[4];
    cs_rect box;
} expected;

static float cosine(const float *a, const float *b) {
    double sum = 0;
    for (int i = 0; i < DIM; i++)
        sum += (double)a[i] * b[i];
    return (float)sum;
}

static void expect_photo(expected *e, size_t i, size_t rows, const cs_query *queries, size_t n) {
    static sample s;
    snprintf(e->path, sizeof e->path, "/p/%04zu.jpg", i);
    make_sample(&s, e->path, i, rows);
    double sum = 0, positive = 0;
    for (size_t q = 0; q < n; q++) {
        e->cosines[q] = -2;
        for (size_t r = 0; r < rows; r++) {
            float value = cosine(queries[q].embedding, s.embeddings + r * DIM);
            if (value <= e->cosines[q]) continue;
            e->cosines[q] = value;
            if (q == 0) e->box = s.boxes[r];
        }
        sum += (double)queries[q].weight * e->cosines[q];
        if (queries[q].weight > 0) positive += queries[q].weight;
    }
    e->score = (float)(sum / positive);
}

static int higher(const void *a, const void *b) {
    const expected *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return strcmp(x->path, y->path);
}

static void assert_hit(const cs_hit *hit, const expected *e, size_t n) {
    assert_string_equal(hit->path, e->path);
    assert_true(fabsf(hit->score - e->score) < 1e-5f);
    for (size_t q = 0; q < n; q++)
        assert_true(fabsf(hit->cosines[q] - e->cosines[q]) < 1e-5f);
    assert_memory_equal(&hit->box, &e->box, sizeof e->box);
    assert_int_equal(hit->width, 640);
    assert_int_equal(hit->height, 480);
}

/* Searches in what put_many(store, photographs, most_rows) put, and compares with the search above. */
static void check_search(cs_store *store, size_t photographs, size_t most_rows, const cs_query *queries, size_t n,
                         const cs_search_options *options) {
    expected *all = calloc(photographs, sizeof *all);
    assert_non_null(all);
    size_t kept = 0, top = options->top ? options->top : 20;
    for (size_t i = 0; i < photographs; i++) {
        expect_photo(&all[kept], i, 1 + i % most_rows, queries, n);
        if (options->has_min_score && all[kept].score < options->min_score) continue;
        if (options->prefix && strncmp(all[kept].path, options->prefix, strlen(options->prefix))) continue;
        kept++;
    }
    qsort(all, kept, sizeof *all, higher);
    cs_error error;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, queries, n, options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), kept < top ? kept : top);
    for (size_t i = 0; i < cs_hits_count(hits); i++)
        assert_hit(cs_hits_get(hits, i), &all[i], n);
    assert_null(cs_hits_get(hits, cs_hits_count(hits)));
    cs_hits_free(hits);
    free(all);
}

/* Searches in the same for several things, in several ways. */
static void search_every_way(cs_store *store, size_t photographs, size_t most_rows) {
    float a[DIM], b[DIM], c[DIM];
    make_vector(1000001, DIM, a);
    make_vector(1000002, DIM, b);
    make_vector(1000003, DIM, c);
    cs_query one[] = {{a, 1}}, heavy[] = {{a, 2.5f}}, two[] = {{a, 1}, {b, 0.5f}}, without[] = {{b, 1}, {c, -0.7f}},
             first_negative[] = {{c, -1}, {a, 1}, {b, 2}};
    for (int exact = 0; exact < 2; exact++) {
        cs_search_options options = {5, exact, 0, 0, NULL};
        check_search(store, photographs, most_rows, one, 1, &options);
        check_search(store, photographs, most_rows, heavy, 1, &options);
        check_search(store, photographs, most_rows, two, 2, &options);
        check_search(store, photographs, most_rows, without, 2, &options);
        check_search(store, photographs, most_rows, first_negative, 3, &options);
        options.top = 0;
        check_search(store, photographs, most_rows, two, 2, &options);
        options.top = photographs + 10;
        check_search(store, photographs, most_rows, one, 1, &options);
        options.prefix = "/p/001";
        check_search(store, photographs, most_rows, two, 2, &options);
        options.prefix = "/p/001%";
        check_search(store, photographs, most_rows, two, 2, &options);
        options = (cs_search_options){0, exact, 1, 0.2f, NULL};
        check_search(store, photographs, most_rows, two, 2, &options);
        options.min_score = 1.5f;
        check_search(store, photographs, most_rows, one, 1, &options);
    }
}

/* ---- Work ---- */

/* Takes and compares with what is expected, up to NULL. */
static void assert_taken(cs_store *store, size_t most, const char *const *wanted) {
    cs_error error;
    const char *const *paths = NULL;
    size_t n = 0, count = 0;
    while (wanted[count])
        count++;
    assert_ok(cs_store_take(store, most, &paths, &n, &error));
    assert_int_equal(n, count);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(paths[i], wanted[i]);
}

#define TAKEN(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE ((const char *const[]){NULL})

#endif
