/* Thousands of random changes to a store, beside a plain list of what it should hold: searches find what looking at the
 * list finds, and the file holds together. */
#include "store/no_sync.h"
#include "store/open_store.h"
#include "store/sqlite_file.h"
#include "store/store_folder.h"
#include "store/synthetic.h"

enum { DIM = 9, PATHS = 240, CHANGES = 800, CHECK_EVERY = 40, TOP = 15 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static cs_error error;
static uint64_t chance = 1;

/* What the store should hold: of each path the seed and the number of rows, -1: not there, 0: broken. */
static struct {
    uint64_t seed;
    int rows;
} expected[PATHS];

static const char *path_of(int i) {
    static char path[64];
    snprintf(path, sizeof path, "/photos/%c/%03d.jpg", 'a' + i % 3, i);
    return path;
}

static int below(int n) {
    return (int)(next_bits(&chance) % (uint64_t)n);
}

/* ---- Changes ---- */

/* Mostly few rows, sometimes more than a block usually has. */
static int some_rows(void) {
    static const int rows[] = {0, 1, 1, 1, 2, 3, 7, 40, 100, 300, 1100};
    return rows[below(below(4) ? 7 : 11)];
}

static void put_some(cs_store *store) {
    int n = 1 + below(6);
    cs_store_photo photos[6];
    for (int k = 0; k < n; k++) {
        int i = below(PATHS);
        /* often as many rows as before, and sometimes what another one is a copy of */
        expected[i].rows = expected[i].rows >= 0 && below(2) ? expected[i].rows : some_rows();
        expected[i].seed = (uint64_t)below(300);
        photos[k] = synthetic_photo(path_of(i), expected[i].seed, (size_t)expected[i].rows, DIM);
    }
    assert_ok(cs_store_put(store, photos, (size_t)n, &error));
    for (int k = 0; k < n; k++)
        synthetic_free(&photos[k]);
}

static void remove_some(cs_store *store) {
    char paths[30][64];
    const char *pointers[30];
    int n = 1 + below(30);
    for (int k = 0; k < n; k++) {
        int i = below(PATHS);
        expected[i].rows = -1;
        snprintf(paths[k], sizeof paths[k], "%s", path_of(i));
        pointers[k] = paths[k];
    }
    assert_ok(cs_store_remove(store, pointers, (size_t)n, &error));
}

/* Leaves no block of which more than a quarter is holes, and a file of which at most an eighth is free. */
static void finish(cs_store *store) {
    assert_ok(cs_store_finish(store, &error));
    assert_int_equal(file_number(file, "SELECT count(*) FROM block WHERE 4 * live < 3 * used"), 0);
    assert_true(8 * file_number(file, "PRAGMA freelist_count") <= file_number(file, "PRAGMA page_count"));
}

static void change(cs_store **store) {
    int kind = below(100);
    if (kind < 75)
        put_some(*store);
    else if (kind < 93)
        remove_some(*store);
    else if (kind < 98)
        finish(*store);
    else {
        cs_store_close(*store);
        *store = open_store_of(&MODEL, file, 1, 2);
    }
}

/* ---- What should be found ---- */

typedef struct found {
    char path[64];
    float score;
    cs_rect box;
} found;

static float cosine(const float *a, const float *b) {
    double sum = 0;
    for (int i = 0; i < DIM; i++)
        sum += (double)a[i] * (double)b[i];
    return (float)sum;
}

static void find_one(const cs_query *queries, int n, int i, found *hit) {
    cs_store_photo photo = synthetic_photo(path_of(i), expected[i].seed, (size_t)expected[i].rows, DIM);
    double sum = 0, positive = 0;
    for (int q = 0; q < n; q++) {
        float best = -2;
        for (size_t r = 0; r < photo.rows; r++) {
            float value = cosine(queries[q].embedding, photo.embeddings + r * DIM);
            if (value <= best) continue;
            best = value;
            if (q == 0) hit->box = photo.boxes[r];
        }
        sum += (double)queries[q].weight * (double)best;
        positive += queries[q].weight > 0 ? (double)queries[q].weight : 0;
    }
    snprintf(hit->path, sizeof hit->path, "%s", photo.path);
    hit->score = (float)(sum / positive);
    synthetic_free(&photo);
}

static int higher(const void *a, const void *b) {
    const found *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return strcmp(x->path, y->path);
}

static void check_search(cs_store *store, const char *prefix) {
    static found all[PATHS];
    float embeddings[3][DIM];
    cs_query queries[3];
    int n = 1 + below(3), count = 0;
    for (int q = 0; q < n; q++) {
        make_vector(900000 + (uint64_t)below(1000), DIM, embeddings[q]);
        queries[q] = (cs_query){embeddings[q], q == 1 ? -0.5f : 1.0f};
    }
    for (int i = 0; i < PATHS; i++)
        if (expected[i].rows > 0 && strncmp(path_of(i), prefix, strlen(prefix)) == 0)
            find_one(queries, n, i, &all[count++]);
    qsort(all, (size_t)count, sizeof *all, higher);
    cs_hits *hits = NULL;
    cs_search_options options = {.top = TOP, .prefix = prefix};
    assert_ok(cs_store_search(store, queries, (size_t)n, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), count < TOP ? count : TOP);
    for (size_t k = 0; k < cs_hits_count(hits); k++) {
        const cs_hit *hit = cs_hits_get(hits, k);
        assert_float_equal(hit->score, all[k].score, 2e-6);
        /* rounding may exchange neighbours, but not copies of one photograph */
        if (k + 1 == cs_hits_count(hits) || fabsf(all[k].score - all[k + 1].score) < 4e-6f) continue;
        if (k > 0 && fabsf(all[k].score - all[k - 1].score) < 4e-6f) continue;
        assert_string_equal(hit->path, all[k].path);
        assert_memory_equal(&hit->box, &all[k].box, sizeof hit->box);
    }
    cs_hits_free(hits);
}

static int check_photo(void *context, const cs_store_photo *photo) {
    int *next = context;
    while (*next < 3 * PATHS && (expected[*next % PATHS].rows < 0 || *next % PATHS % 3 != *next / PATHS))
        ++*next; /* by folder, then by number: the order of the paths */
    assert_true(*next < 3 * PATHS);
    int i = *next % PATHS;
    assert_string_equal(photo->path, path_of(i));
    assert_int_equal(photo->rows, expected[i].rows);
    assert_int_equal(photo->bytes, 1000 + expected[i].seed);
    assert_int_equal(photo->problem != NULL, expected[i].rows == 0);
    ++*next;
    return 0;
}

static void check_content(cs_store *store) {
    int i = below(PATHS);
    if (expected[i].rows <= 0) return;
    cs_store_photo photo = synthetic_photo(path_of(i), expected[i].seed, (size_t)expected[i].rows, DIM), *got = NULL;
    assert_ok(cs_store_find_content(store, photo.hash, &got, &error));
    assert_non_null(got);
    size_t rows = got->rows < photo.rows ? got->rows : photo.rows; /* a copy may have another number */
    assert_true(rows > 0);
    assert_memory_equal(got->embeddings, photo.embeddings, rows * DIM * sizeof(float));
    assert_memory_equal(got->hash, photo.hash, 32);
    cs_store_photo_free(got);
    synthetic_free(&photo);
}

static void check_all(cs_store *store, cs_store *other) {
    int next = 0, count = 0, listed = 0;
    check_search(store, "");
    check_search(store, "/photos/b/");
    check_search(store, "/photos/b/04");
    check_search(other, "");
    check_content(store);
    assert_ok(cs_store_each(store, "", check_photo, &next, &error));
    cs_store_info info;
    assert_ok(cs_store_describe(other, &info, &error));
    for (int i = 0; i < PATHS; i++) {
        count += expected[i].rows > 0;
        listed += expected[i].rows >= 0;
    }
    assert_int_equal(info.photographs, count);
    assert_int_equal(info.photographs + info.broken, listed);
    file_holds_together(file);
}

static void test_random_changes(void **state) {
    (void)state;
    for (int i = 0; i < PATHS; i++)
        expected[i].rows = -1;
    cs_store *store = open_store_of(&MODEL, file, 1, 2), *other = open_store_of(&MODEL, file, 1, 2);
    for (int i = 1; i <= CHANGES; i++) {
        change(&store);
        if (i % CHECK_EVERY == 0) check_all(store, other);
    }
    cs_store_close(store);
    cs_store_close(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_changes)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
