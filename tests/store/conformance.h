/* What a store must do, whatever its kind: the tests of both kinds, and what they make their photographs of. A test
 * program defines fresh_store(), includes this, and adds CONFORMANCE_TESTS to its list. */
#ifndef CS_TESTS_STORE_CONFORMANCE_H
#define CS_TESTS_STORE_CONFORMANCE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

#include "clipsight_tools.h"

#define DIM 12
#define WEIGHTS "sha256:0123456789abcdef"

/* Where a store may be made that is not there yet; valid until the next call. */
static const char *fresh_store(void);

static const cs_store_model model_a = {WEIGHTS, DIM, "starter"};

/* ---- Photographs ---- */

/* A number in [-1, 1) that follows from *state. */
static float next_number(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)((double)(*state >> 40) / (double)(1 << 23) - 1.0);
}

/* The unit vector [dim] number `seed`. */
static void make_vector(uint64_t seed, int dim, float *vector) {
    uint64_t state = seed * 2654435761u + 12345u;
    double length = 0;
    for (int i = 0; i < dim; i++) {
        vector[i] = next_number(&state);
        length += (double)vector[i] * vector[i];
    }
    for (int i = 0; i < dim; i++)
        vector[i] = (float)(vector[i] / sqrt(length));
}

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
    cs_error error;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    options.model = &model_a;
    options.create = create;
    options.threads = 1;
    cs_store *store = NULL;
    assert_ok(cs_store_open(where, &options, &store, &error));
    return store;
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

/* ---- Opening ---- */

static void test_what_is_not_there(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = NULL;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    const char *where = fresh_store();
    assert_int_not_equal(cs_store_open(where, &options, &store, &error), CS_OK);
    assert_null(store);
    options.create = 1;
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "model");
    assert_null(store);
}

static void test_made_and_opened_again(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store_close(open_store(where, 1));
    cs_store_close(open_store(where, 1));
    cs_store *store = NULL;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    assert_ok(cs_store_open(where, &options, &store, &error));
    assert_counts(store, 0, 0, 0);
    cs_store_info info = describe(store);
    assert_string_equal(info.model.weights_id, WEIGHTS);
    assert_string_equal(info.model.name, "starter");
    assert_int_equal(info.model.dim, DIM);
    assert_false(info.windows);
    cs_store_close(store);
}

static void test_another_models_embeddings(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store_close(open_store(where, 1));
    cs_store *store = NULL;
    cs_store_model other = {"sha256:fedcba", DIM, "another"};
    cs_store_options options = {&other, 1, 0};
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "starter");
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "another");
    other = (cs_store_model){WEIGHTS, DIM + 1, "another"};
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "another");
    assert_null(store);
}

static void test_windows_stay(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store *store = open_store(where, 1);
    assert_ok(cs_store_set_windows(store, &error));
    assert_ok(cs_store_set_windows(store, &error));
    assert_true(describe(store).windows);
    cs_store_close(store);
    store = open_store(where, 0);
    assert_true(describe(store).windows);
    cs_store_close(store);
}

/* ---- Keeping ---- */

static void test_photographs_come_back(void **state) {
    (void)state;
    static sample s;
    const char *where = fresh_store();
    cs_store *store = open_store(where, 1);
    put_one(store, make_sample(&s, "/p/a.jpg", 7, 3));
    cs_store_close(store);
    store = open_store(where, 0);
    listing *list = list_of(store, "");
    assert_int_equal(list->n, 1);
    assert_string_equal(list->paths[0], "/p/a.jpg");
    const cs_store_photo *photo = &list->photos[0];
    assert_int_equal(photo->bytes, 1007);
    assert_int_equal(photo->modified, 1700000000123456796);
    assert_memory_equal(photo->hash, s.photo.hash, 32);
    assert_int_equal(photo->width, 640);
    assert_int_equal(photo->height, 480);
    assert_int_equal(photo->rows, 3);
    assert_null(photo->problem);
    assert_counts(store, 1, 0, 3);
    cs_store_close(store);
}

static void test_extreme_numbers(void **state) {
    (void)state;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    make_sample(&s, "/p/a.jpg", 7, 1);
    s.photo.bytes = (uint64_t)1 << 62;
    s.photo.modified = -5;
    s.photo.width = 2147483647;
    put_one(store, &s.photo);
    listing *list = list_of(store, "");
    assert_true(list->photos[0].bytes == (uint64_t)1 << 62);
    assert_true(list->photos[0].modified == -5);
    assert_int_equal(list->photos[0].width, 2147483647);
    cs_store_close(store);
}

static void test_any_path(void **state) {
    (void)state;
    static sample s;
    static char deep[4097];
    deep[0] = '/';
    uint64_t numbers = 5; /* nothing that could be compressed */
    for (size_t i = 1; i < sizeof deep - 1; i++)
        deep[i] = (char)(1 + (int)((next_number(&numbers) + 1) * 127));
    const char *paths[] = {
        "/",  "/a'b", "/a\"b", "/a\\b", "/a%b_c", "/a\nb\tc", "/\x01\x7f", "/\xc3\xa9t\xc3\xa9", "/\xff\xfe\x80",
        "/A", "/a",   "/a ",   deep,    "/\\x41"};
    size_t n = sizeof paths / sizeof *paths;
    cs_store *store = open_store(fresh_store(), 1);
    for (size_t i = 0; i < n; i++)
        put_one(store, make_sample(&s, paths[i], i, 1));
    listing *list = list_of(store, "");
    assert_int_equal(list->n, n);
    for (size_t i = 1; i < n; i++) /* strcmp compares as unsigned bytes */
        assert_true(strcmp(list->paths[i - 1], list->paths[i]) < 0);
    for (size_t i = 0; i < n; i++) {
        size_t found = 0;
        while (found < n && strcmp(list->paths[found], paths[i]))
            found++;
        assert_true(found < n);
        assert_int_equal(list->photos[found].bytes, 1000 + i);
    }
    cs_error error;
    assert_ok(cs_store_remove(store, paths, n, &error));
    assert_counts(store, 0, 0, 0);
    cs_store_close(store);
}

static void test_prefixes(void **state) {
    (void)state;
    static sample s;
    const char *paths[] = {"/a/1", "/a/2", "/a%/3", "/ab/4", "/a_/5", "/\xff/6", "/\xff\xff/7"};
    cs_store *store = open_store(fresh_store(), 1);
    for (size_t i = 0; i < 7; i++)
        put_one(store, make_sample(&s, paths[i], i, 1));
    assert_int_equal(list_of(store, "/a/")->n, 2);
    assert_int_equal(list_of(store, "/a%/")->n, 1);
    assert_int_equal(list_of(store, "/a_/")->n, 1);
    assert_int_equal(list_of(store, "/\xff")->n, 2);
    assert_int_equal(list_of(store, "/\xff\xff")->n, 1);
    assert_int_equal(list_of(store, "/a/1")->n, 1);
    assert_int_equal(list_of(store, "/a/12")->n, 0);
    assert_int_equal(list_of(store, "/A")->n, 0);
    assert_int_equal(list_of(store, "/")->n, 7);
    cs_store_close(store);
}

static void test_stopping_a_listing(void **state) {
    (void)state;
    cs_error error;
    static listing list;
    memset(&list, 0, sizeof list);
    list.stop_after = 2;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 5, 1);
    assert_int_equal(cs_store_each(store, "", note_photo, &list, &error), CS_ERR_CANCELLED);
    assert_int_equal(list.n, 2);
    assert_int_equal(list_of(store, "")->n, 5);
    cs_store_close(store);
}

static void test_put_takes_the_place(void **state) {
    (void)state;
    static sample s, t;
    cs_store *store = open_store(fresh_store(), 1);
    put_one(store, make_sample(&s, "/p/a.jpg", 1, 4));
    put_one(store, make_sample(&t, "/p/b.jpg", 2, 2));
    assert_counts(store, 2, 0, 6);
    put_one(store, make_sample(&s, "/p/a.jpg", 3, 1));
    assert_counts(store, 2, 0, 3);
    put_one(store, make_broken(&s, "/p/b.jpg", 4));
    assert_counts(store, 1, 1, 1);
    listing *list = list_of(store, "");
    assert_int_equal(list->photos[0].bytes, 1003);
    assert_int_equal(list->photos[1].bytes, 1004);
    put_one(store, make_sample(&s, "/p/b.jpg", 5, 2));
    assert_counts(store, 2, 0, 3);
    cs_store_close(store);
}

static void test_one_path_twice_in_a_put(void **state) {
    (void)state;
    cs_error error;
    static sample s[3];
    cs_store *store = open_store(fresh_store(), 1);
    cs_store_photo photos[3] = {*make_sample(&s[0], "/p/a.jpg", 1, 4), *make_sample(&s[1], "/p/b.jpg", 2, 1),
                                *make_sample(&s[2], "/p/a.jpg", 3, 2)};
    assert_ok(cs_store_put(store, photos, 3, &error));
    assert_counts(store, 2, 0, 3);
    assert_int_equal(list_of(store, "/p/a")->photos[0].bytes, 1003);
    cs_store_close(store);
}

static void test_nothing_to_do(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    assert_ok(cs_store_put(store, NULL, 0, &error));
    assert_ok(cs_store_touch(store, NULL, 0, &error));
    assert_ok(cs_store_remove(store, NULL, 0, &error));
    assert_ok(cs_store_offer(store, NULL, 0, &error));
    assert_ok(cs_store_drop(store, NULL, 0, &error));
    assert_ok(cs_store_finish(store, &error));
    assert_counts(store, 0, 0, 0);
    cs_store_close(store);
    cs_store_close(NULL);
}

static void test_broken_photographs(void **state) {
    (void)state;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    put_one(store, make_broken(&s, "/p/broken.jpg", 3));
    put_one(store, make_sample(&s, "/p/sound.jpg", 4, 1));
    assert_counts(store, 1, 1, 1);
    listing *list = list_of(store, "/p/b");
    assert_int_equal(list->n, 1);
    assert_int_equal(list->photos[0].rows, 0);
    assert_string_equal(list->problem, "not a JPEG: \xff\xfe 'quoted' \\x41");
    cs_store_close(store);
}

static void test_touch(void **state) {
    (void)state;
    cs_error error;
    static sample s, t;
    cs_store *store = open_store(fresh_store(), 1);
    put_one(store, make_sample(&s, "/p/a.jpg", 1, 3));
    cs_store_photo touched[2] = {*make_sample(&s, "/p/a.jpg", 50, 0), *make_sample(&t, "/p/none.jpg", 51, 0)};
    assert_ok(cs_store_touch(store, touched, 2, &error));
    assert_counts(store, 1, 0, 3);
    const cs_store_photo *photo = &list_of(store, "")->photos[0];
    assert_int_equal(photo->bytes, 1050);
    assert_int_equal(photo->modified, 1700000000123456839);
    assert_int_equal(photo->hash[0], 0x41); /* what it had */
    cs_store_close(store);
}

static void test_remove(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 10, 3);
    const char *paths[] = {"/p/0003.jpg", "/p/none.jpg", "/p/0004.jpg"};
    assert_ok(cs_store_remove(store, paths, 3, &error));
    assert_counts(store, 8, 0, 19 - 1 - 2);
    assert_int_equal(list_of(store, "/p/0003")->n, 0);
    float vector[DIM];
    make_vector(4 * MOST_ROWS, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options options = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_not_equal(cs_hits_get(hits, i)->path, "/p/0004.jpg");
    cs_hits_free(hits);
    cs_store_close(store);
}

static void test_find_content(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 5, 3);
    put_one(store, make_broken(&s, "/p/broken.jpg", 3));
    make_sample(&s, "/p/0002.jpg", 2, 3);
    cs_store_photo *photo = NULL;
    assert_ok(cs_store_find_content(store, s.photo.hash, &photo, &error));
    assert_non_null(photo);
    assert_string_equal(photo->path, "/p/0002.jpg");
    assert_int_equal(photo->bytes, 1002);
    assert_int_equal(photo->modified, 1700000000123456791);
    assert_memory_equal(photo->hash, s.photo.hash, 32);
    assert_int_equal(photo->width, 640);
    assert_int_equal(photo->height, 480);
    assert_int_equal(photo->rows, 3);
    assert_null(photo->problem);
    assert_memory_equal(photo->boxes, s.boxes, 3 * sizeof(cs_rect));
    assert_memory_equal(photo->embeddings, s.embeddings, 3 * DIM * sizeof(float)); /* to the bit */
    cs_store_photo_free(photo);
    cs_store_photo_free(NULL);
    uint8_t none[32] = {1, 2, 3}, zeros[32] = {0};
    photo = NULL;
    assert_ok(cs_store_find_content(store, none, &photo, &error));
    assert_null(photo);
    assert_ok(cs_store_find_content(store, zeros, &photo, &error));
    assert_null(photo);
    cs_store_close(store);
}

static void test_two_handles(void **state) {
    (void)state;
    static sample s;
    const char *where = fresh_store();
    cs_store *one = open_store(where, 1), *other = open_store(where, 0);
    put_one(one, make_sample(&s, "/p/a.jpg", 1, 2));
    assert_counts(other, 1, 0, 2);
    cs_store_close(one);
    float vector[DIM];
    make_vector(1 * MOST_ROWS, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options options = CS_SEARCH_OPTIONS_DEFAULT;
    cs_error error;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(other, &query, 1, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 1);
    cs_hits_free(hits);
    cs_store_close(other);
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

static void test_work(void **state) {
    (void)state;
    cs_error error;
    static sample s, t;
    cs_store *store = open_store(fresh_store(), 1);
    assert_taken(store, 5, NONE);
    const char *paths[] = {"/p/c.jpg", "/p/a.jpg", "/p/\xff.jpg", "/p/b.jpg"}, *more[] = {"/p/a.jpg", "/p/d.jpg"};
    assert_ok(cs_store_offer(store, paths, 4, &error));
    assert_ok(cs_store_offer(store, more, 2, &error));
    assert_taken(store, 2, TAKEN("/p/c.jpg", "/p/a.jpg"));
    put_one(store, make_sample(&s, "/p/c.jpg", 1, 1));
    /* What was neither put nor dropped comes again. */
    assert_taken(store, 2, TAKEN("/p/a.jpg", "/p/\xff.jpg"));
    cs_store_photo both[2] = {*make_sample(&s, "/p/a.jpg", 2, 1), *make_broken(&t, "/p/\xff.jpg", 3)};
    assert_ok(cs_store_put(store, both, 2, &error));
    assert_taken(store, 9, TAKEN("/p/b.jpg", "/p/d.jpg"));
    assert_ok(cs_store_drop(store, more + 1, 1, &error));
    assert_taken(store, 9, TAKEN("/p/b.jpg"));
    put_one(store, make_sample(&s, "/p/b.jpg", 4, 1));
    assert_taken(store, 9, NONE);
    assert_counts(store, 3, 1, 3);
    cs_store_close(store);
}

static void test_offering_again_what_was_put(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    const char *paths[] = {"/p/a.jpg"};
    list_of(store, "");
    put_one(store, make_sample(&s, "/p/a.jpg", 1, 1));
    assert_ok(cs_store_offer(store, paths, 1, &error));
    assert_taken(store, 5, TAKEN("/p/a.jpg"));
    cs_store_close(store);
}

static void test_one_path_twice_in_an_offer(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    const char *paths[] = {"/p/a.jpg", "/p/b.jpg", "/p/a.jpg"};
    assert_ok(cs_store_offer(store, paths, 3, &error));
    assert_taken(store, 5, TAKEN("/p/a.jpg", "/p/b.jpg"));
    cs_store_close(store);
}

/* ---- Searching ---- */

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

static void test_search(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 60, 1);
    search_every_way(store, 60, 1);
    assert_ok(cs_store_finish(store, &error));
    search_every_way(store, 60, 1);
    cs_store_close(store);
}

static void test_search_with_windows(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store *store = open_store(where, 1);
    assert_ok(cs_store_set_windows(store, &error));
    put_many(store, 200, MOST_ROWS);
    search_every_way(store, 200, MOST_ROWS);
    assert_ok(cs_store_finish(store, &error));
    cs_store_close(store);
    store = open_store(where, 0);
    search_every_way(store, 200, MOST_ROWS);
    cs_store_close(store);
}

static void test_search_after_changes(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 50, 2);
    assert_ok(cs_store_finish(store, &error));
    char path[32];
    for (size_t i = 0; i < 50; i += 3) {
        snprintf(path, sizeof path, "/p/%04zu.jpg", i);
        put_one(store, make_sample(&s, path, 500 + i, 2)); /* others, for a while */
    }
    for (size_t i = 0; i < 50; i += 3) {
        snprintf(path, sizeof path, "/p/%04zu.jpg", i);
        put_one(store, make_sample(&s, path, i, 1 + i % 2));
    }
    search_every_way(store, 50, 2);
    assert_ok(cs_store_finish(store, &error));
    search_every_way(store, 50, 2);
    cs_store_close(store);
}

static void test_equal_scores_by_path(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    const char *paths[] = {"/p/d", "/p/\xff", "/p/a", "/p/c", "/p/B"}, *sorted[] = {"/p/B", "/p/a", "/p/c"};
    for (size_t i = 0; i < 5; i++)
        put_one(store, make_sample(&s, paths[i], 9, 1));
    put_one(store, make_sample(&s, "/p/0", 10, 1));
    cs_query query = {s.embeddings, 1};
    float vector[DIM];
    make_vector(9 * MOST_ROWS, DIM, vector);
    query.embedding = vector;
    for (int exact = 0; exact < 2; exact++) {
        cs_search_options options = {3, exact, 0, 0, NULL};
        cs_hits *hits = NULL;
        assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
        assert_int_equal(cs_hits_count(hits), 3);
        for (size_t i = 0; i < 3; i++)
            assert_string_equal(cs_hits_get(hits, i)->path, sorted[i]);
        cs_hits_free(hits);
    }
    cs_store_close(store);
}

static void test_searching_nothing(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    float vector[DIM];
    make_vector(1, DIM, vector);
    cs_query query = {vector, 1}, negative = {vector, -1};
    cs_search_options options = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 0);
    cs_hits_free(hits);
    hits = NULL;
    assert_int_equal(cs_store_search(store, &negative, 1, &options, &hits, &error), CS_ERR_ARGUMENT);
    assert_int_equal(cs_store_search(store, NULL, 0, &options, &hits, &error), CS_ERR_ARGUMENT);
    assert_null(hits);
    cs_hits_free(NULL);
    cs_store_close(store);
}

/* clang-format off */
#define CONFORMANCE_TESTS                                                                                              \
    cmocka_unit_test(test_what_is_not_there),                                                                          \
    cmocka_unit_test(test_made_and_opened_again),                                                                      \
    cmocka_unit_test(test_another_models_embeddings),                                                                  \
    cmocka_unit_test(test_windows_stay),                                                                               \
    cmocka_unit_test(test_photographs_come_back),                                                                      \
    cmocka_unit_test(test_extreme_numbers),                                                                            \
    cmocka_unit_test(test_any_path),                                                                                   \
    cmocka_unit_test(test_prefixes),                                                                                   \
    cmocka_unit_test(test_stopping_a_listing),                                                                         \
    cmocka_unit_test(test_put_takes_the_place),                                                                        \
    cmocka_unit_test(test_one_path_twice_in_a_put),                                                                    \
    cmocka_unit_test(test_nothing_to_do),                                                                              \
    cmocka_unit_test(test_broken_photographs),                                                                         \
    cmocka_unit_test(test_touch),                                                                                      \
    cmocka_unit_test(test_remove),                                                                                     \
    cmocka_unit_test(test_find_content),                                                                               \
    cmocka_unit_test(test_two_handles),                                                                                \
    cmocka_unit_test(test_work),                                                                                       \
    cmocka_unit_test(test_offering_again_what_was_put),                                                                \
    cmocka_unit_test(test_one_path_twice_in_an_offer),                                                                 \
    cmocka_unit_test(test_search),                                                                                     \
    cmocka_unit_test(test_search_with_windows),                                                                        \
    cmocka_unit_test(test_search_after_changes),                                                                       \
    cmocka_unit_test(test_equal_scores_by_path),                                                                       \
    cmocka_unit_test(test_searching_nothing)
/* clang-format on */

#endif
