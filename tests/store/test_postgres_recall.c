/* How much of the exact result the index of a store in PostgreSQL finds, and how fast; prints what it measures. With
 * CLIPSIGHT_TEST_VECTORS (10000) vectors of 512 numbers of each kind. */
#include <time.h>

#include "store/postgres_server.h"
#include "store/samples.h"

enum { LENGTH = 512, QUERIES = 50, TOP = 10, AT_ONCE = 250, CLUSTERS = 500, FACTORS = 40, WINDOWS = 9 };

static cs_error error;
static const cs_store_model model = {WEIGHTS, LENGTH, "synthetic"};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- Vectors ---- */

/* The sum of twelve even numbers is as good as normal here. */
static float normal(uint64_t *state) {
    float sum = 0;
    for (int i = 0; i < 12; i++)
        sum += next_number(state);
    return sum / 2;
}

static void to_unit_length(float *vector) {
    double sum = 0;
    for (int i = 0; i < LENGTH; i++)
        sum += (double)vector[i] * vector[i];
    for (int i = 0; i < LENGTH; i++)
        vector[i] = (float)(vector[i] / sqrt(sum));
}

/* Vector `seed`; query: one of those that are searched with. */
typedef void (*vector_kind)(uint64_t seed, int query, float *vector);

/* No structure at all: the hardest there is, as everything is equally far from everything. */
static void random_vector(uint64_t seed, int query, float *vector) {
    uint64_t state = seed * 2654435761u + (query ? 77777777 : 0);
    for (int i = 0; i < LENGTH; i++)
        vector[i] = normal(&state);
    to_unit_length(vector);
}

static void clustered_vector(uint64_t seed, int query, float *vector) {
    uint64_t state = seed * 2654435761u + (query ? 77777777 : 0), center = seed % CLUSTERS * 40503u + 12345678901u;
    for (int i = 0; i < LENGTH; i++)
        vector[i] = normal(&center) + 0.7f * normal(&state);
    to_unit_length(vector);
}

/* As a CLIP's photographs lie: all in one narrow cone, where few directions matter. Queries are as its texts: near none
 * of them, told apart by the directions that matter. */
static void photo_vector(uint64_t seed, int query, float *vector) {
    static float factors[FACTORS][LENGTH], mean[LENGTH];
    uint64_t state = seed * 2654435761u + (query ? 77777777 : 0), fixed = 4711;
    for (int f = 0; mean[0] == 0 && f < FACTORS; f++)
        for (int i = 0; i < LENGTH; i++)
            factors[f][i] = normal(&fixed) / sqrtf((float)f + 1);
    for (int i = 0; mean[0] == 0 && i < LENGTH; i++)
        mean[LENGTH - 1 - i] = 4 * normal(&fixed);
    for (int i = 0; i < LENGTH; i++)
        vector[i] = (query ? 0 : mean[i]) + 0.3f * normal(&state);
    for (int f = 0; f < FACTORS; f++) {
        float weight = normal(&state);
        for (int i = 0; i < LENGTH; i++)
            vector[i] += weight * factors[f][i];
    }
    to_unit_length(vector);
}

/* Rows 9 k to 9 k + 8 are of one photograph, and much alike. */
static void window_vector(uint64_t seed, int query, float *vector) {
    float photo[LENGTH];
    photo_vector(query ? seed : seed / WINDOWS, query, photo);
    photo_vector(seed + 1000000000, query, vector);
    for (int i = 0; i < LENGTH; i++)
        vector[i] = photo[i] + (query ? 0 : 0.4f * vector[i]);
    to_unit_length(vector);
}

/* ---- Loading ---- */

static size_t fill(cs_store_photo *photos, vector_kind kind, size_t rows, size_t first, size_t n) {
    static float vectors[AT_ONCE][WINDOWS][LENGTH];
    static char names[AT_ONCE][32];
    static cs_rect boxes[WINDOWS];
    size_t i = 0;
    for (; i < AT_ONCE && first + i < n; i++) {
        for (size_t row = 0; row < rows; row++) {
            kind((first + i) * rows + row, 0, vectors[i][row]);
            boxes[row] = (cs_rect){(int)row, 0, 100, 100};
        }
        snprintf(names[i], sizeof names[i], "/p/%zu", first + i);
        photos[i] = (cs_store_photo){names[i], 1, 1, {1}, 640, 480, NULL, rows, boxes, vectors[i][0]};
    }
    return i;
}

static void load(cs_store *store, vector_kind kind, size_t rows, size_t n) {
    cs_store_photo photos[AT_ONCE];
    double seconds = 0;
    for (size_t done = 0; done < n;) {
        size_t some = fill(photos, kind, rows, done, n);
        double start = now();
        assert_ok(cs_store_put(store, photos, some, &error));
        seconds += now() - start;
        done += some;
    }
    print_message("  loaded: %.0f vectors a second\n", (double)(n * rows) / seconds);
}

/* ---- Searching ---- */

/* How many of the exact result's photographs the other one has. */
static int common(const cs_hits *exact, const cs_hits *found) {
    int n = 0;
    for (size_t i = 0; i < cs_hits_count(exact); i++)
        for (size_t k = 0; k < cs_hits_count(found); k++)
            n += strcmp(cs_hits_get(exact, i)->path, cs_hits_get(found, k)->path) == 0;
    return n;
}

static cs_hits *search(cs_store *store, const cs_query *query, size_t n, int exact, double *seconds) {
    cs_search_options options = {.top = TOP, .exact = exact};
    cs_hits *hits = NULL;
    double start = now();
    assert_ok(cs_store_search(store, query, n, &options, &hits, &error));
    *seconds += now() - start;
    assert_int_equal(cs_hits_count(hits), TOP);
    return hits;
}

/* Recall at TOP over all queries; with three of them at a time, the last one negative. */
static double measure(cs_store *store, vector_kind kind, int at_once) {
    static float vectors[3][LENGTH];
    cs_query queries[3] = {{vectors[0], 1}, {vectors[1], 1}, {vectors[2], -0.5f}};
    double exact_seconds = 0, seconds = 0;
    int hit = 0;
    for (uint64_t i = 0; i < QUERIES; i++) {
        for (int q = 0; q < at_once; q++)
            kind(i + (uint64_t)q * QUERIES, 1, vectors[q]);
        cs_hits *exact = search(store, queries, (size_t)at_once, 1, &exact_seconds);
        cs_hits *found = search(store, queries, (size_t)at_once, 0, &seconds);
        hit += common(exact, found);
        cs_hits_free(exact);
        cs_hits_free(found);
    }
    double recall = (double)hit / (QUERIES * TOP);
    print_message("  %d at a time: recall@%d %.3f, %.1f ms, exact %.1f ms\n", at_once, TOP, recall,
                  1000 * seconds / QUERIES, 1000 * exact_seconds / QUERIES);
    return recall;
}

/* With few rows the planner would rather read them all; that would not tell anything of the index. */
static void check_recall(const char *name, vector_kind kind, size_t rows) {
    char more[100];
    const char *given = getenv("CLIPSIGHT_TEST_VECTORS");
    size_t n = given && *given ? (size_t)atol(given) : 10000;
    snprintf(more, sizeof more, "?schema=%s&options=-cenable_seqscan%%3Doff", name);
    cs_store *store = open_store_of(&model, server_url("postgres", more), 1, 1);
    print_message("%s, %zu vectors\n", name, n);
    if (rows > 1) assert_ok(cs_store_set_windows(store, &error));
    load(store, kind, rows, n / rows);
    double start = now();
    assert_ok(cs_store_finish(store, &error));
    print_message("  index: %.1f s\n", now() - start);
    double one = measure(store, kind, 1), three = measure(store, kind, 3);
    cs_store_close(store);
    if (n <= 20000) assert_true(one >= 0.95 && three >= 0.95);
}

static void test_random(void **state) {
    (void)state;
    check_recall("random", random_vector, 1);
}

static void test_clustered(void **state) {
    (void)state;
    check_recall("clustered", clustered_vector, 1);
}

static void test_photographs(void **state) {
    (void)state;
    check_recall("photographs", photo_vector, 1);
}

static void test_windows(void **state) {
    (void)state;
    check_recall("windows", window_vector, WINDOWS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_clustered),
                                       cmocka_unit_test(test_photographs), cmocka_unit_test(test_windows)};
    if (!server_is_given()) return 77;
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}
