/* The tokenizer against the ids that Hugging Face `tokenizers` gives. */
#include "text/tokenizer.h"

#include <stdio.h>
#include <unistd.h>

#include "text/texts.h"

#define ROOM 20000

static cs_tokenizer *open_tokenizer(const char *folder) {
    cs_tokenizer *tokenizer;
    cs_error error;
    assert_ok(cs_tokenizer_open(folder, &tokenizer, &error));
    return tokenizer;
}

static size_t encode(const cs_tokenizer *tokenizer, const char *text, size_t length, size_t context, int32_t *ids) {
    size_t count = 0;
    cs_error error;
    assert_ok(cs_tokenizer_encode(tokenizer, text, length, context, ids, &count, &error));
    return count;
}

/* ids must be what the file holds next. */
static void check_ids(packed *expected, const int32_t *ids, size_t count, size_t number) {
    size_t wanted = take_number(expected, 2);
    if (count != wanted) fail_msg("text %zu: expected %zu ids, got %zu", number, wanted, count);
    for (size_t i = 0; i < count; i++) {
        int32_t id = (int32_t)take_number(expected, 2);
        if (ids[i] != id) fail_msg("text %zu, id %zu: expected %d, got %d", number, i, (int)id, (int)ids[i]);
    }
}

static void compare(const char *folder, const char *texts, const char *ids_file, size_t at_least) {
    static int32_t ids[ROOM];
    cs_tokenizer *tokenizer = open_tokenizer(folder);
    packed all = open_packed(texts), expected = open_packed(ids_file);
    const char *text;
    size_t length, number = 0;
    for (; next_text(&all, &text, &length); number++)
        check_ids(&expected, ids, encode(tokenizer, text, length, ROOM, ids), number);
    assert_true(number >= at_least);
    assert_int_equal(expected.position, expected.size);
    free(all.data);
    free(expected.data);
    cs_tokenizer_close(tokenizer);
}

static void test_clip(void **state) {
    (void)state;
    compare(test_data("text/clip"), "text/texts.bin", "text/clip_ids.bin", 1500);
}

static void test_new_json(void **state) {
    (void)state;
    compare(test_data("text/small"), "text/short_texts.bin", "text/small_ids.bin", 600);
}

static void test_old_json(void **state) {
    (void)state;
    compare(test_data("text/old"), "text/short_texts.bin", "text/old_ids.bin", 600);
}

static void test_files(void **state) {
    (void)state;
    compare(test_data("text/files"), "text/short_texts.bin", "text/files_ids.bin", 600);
}

/* merges.txt alone must define the ids that vocab.json states. */
static void test_merges_alone(void **state) {
    (void)state;
    char *folder = make_folder(), target[512];
    snprintf(target, sizeof target, "%s/merges.txt", folder);
    assert_int_equal(symlink(test_data("text/files/merges.txt"), target), 0);
    compare(folder, "text/short_texts.bin", "text/files_ids.bin", 600);
    remove_folder(folder);
}

static void test_clip_vocabulary(void **state) {
    (void)state;
    cs_tokenizer *tokenizer = open_tokenizer(test_data("text/clip"));
    assert_int_equal(cs_tokenizer_vocabulary_size(tokenizer), 49408);
    assert_int_equal(cs_tokenizer_start(tokenizer), 49406);
    assert_int_equal(cs_tokenizer_end(tokenizer), 49407);
    cs_tokenizer_close(tokenizer);
}

/* The text is cut, never the end. */
static void test_context(void **state) {
    (void)state;
    cs_tokenizer *tokenizer = open_tokenizer(test_data("text/clip"));
    char text[300] = "";
    int32_t ids[78] = {0};
    for (int i = 0; i < 100; i++)
        strcat(text, "a ");
    ids[77] = -5;
    assert_int_equal(encode(tokenizer, text, strlen(text), 77, ids), 77);
    assert_int_equal(ids[0], 49406);
    for (int i = 1; i < 76; i++)
        assert_int_equal(ids[i], 320);
    assert_int_equal(ids[76], 49407);
    assert_int_equal(ids[77], -5);
    assert_int_equal(encode(tokenizer, text, 2 * 75, 77, ids), 77);
    assert_int_equal(encode(tokenizer, text, 2 * 74, 77, ids), 76);
    assert_int_equal(ids[75], 49407);
    assert_int_equal(encode(tokenizer, text, strlen(text), 2, ids), 2);
    assert_int_equal(ids[1], 49407);
    /* a cut in the middle of a word, and at a special token */
    assert_int_equal(encode(tokenizer, "qzxv", 4, 4, ids), 4);
    assert_int_equal(ids[3], 49407);
    assert_int_equal(encode(tokenizer, "a<|startoftext|>b", 17, 4, ids), 4);
    assert_int_equal(ids[2], 49406);
    cs_tokenizer_close(tokenizer);
}

static void test_context_too_small(void **state) {
    (void)state;
    cs_tokenizer *tokenizer = open_tokenizer(test_data("text/small"));
    int32_t ids[2];
    size_t count;
    cs_error error;
    assert_fails(cs_tokenizer_encode(tokenizer, "a", 1, 1, ids, &count, &error), CS_ERR_ARGUMENT, "context");
    cs_tokenizer_close(tokenizer);
}

static void test_invalid_utf8(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        const char *where;
    } cases[] = {
        {"\xff", 1, "at byte 0"},
        {"cat \x80", 5, "at byte 4"},
        {"a\xc0\x80", 3, "at byte 1"},
        {"ab\xc3", 3, "at byte 2"},
        {"ab\xc3(", 4, "at byte 2"},
        {"\xe2\x82", 2, "at byte 0"},
        {"x\xed\xa0\x80", 4, "at byte 1"},
        {"\xf4\x90\x80\x80", 4, "at byte 0"},
        {"\xe0\x80\xaf", 3, "at byte 0"},
        {"\xc3\xa9\xf0\x9f\x98", 5, "at byte 2"},
        {"\xf8\x88\x80\x80\x80", 5, "at byte 0"},
    };
    cs_tokenizer *tokenizer = open_tokenizer(test_data("text/small"));
    int32_t ids[77];
    size_t count;
    cs_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_fails(cs_tokenizer_encode(tokenizer, cases[i].text, cases[i].length, 77, ids, &count, &error),
                     CS_ERR_FORMAT, cases[i].where);
    /* also behind the place where the ids are cut */
    assert_fails(cs_tokenizer_encode(tokenizer, "a b c d \xff", 9, 3, ids, &count, &error), CS_ERR_FORMAT, "at byte 8");
    cs_tokenizer_close(tokenizer);
}

/* One word as long as a prompt may be, of letters and of combining marks in the worst order: quadratic algorithms
 * would not end. One byte more is refused. */
static void test_longest_prompt(void **state) {
    (void)state;
    cs_tokenizer *tokenizer = open_tokenizer(test_data("text/clip"));
    size_t length = 1 << 20, count;
    char *text = malloc(length + 1);
    int32_t ids[77];
    cs_error error;
    assert_non_null(text);
    memset(text, 'a', length + 1);
    assert_int_equal(encode(tokenizer, text, length, 77, ids), 77);
    assert_fails(cs_tokenizer_encode(tokenizer, text, length + 1, 77, ids, &count, &error), CS_ERR_LIMIT, "1048576");
    for (size_t i = 0; i < length; i += 2)
        memcpy(text + i, i % 4 ? "\xcc\xa3" : "\xcc\x81", 2);
    assert_int_equal(encode(tokenizer, text, length, 77, ids), 77);
    free(text);
    cs_tokenizer_close(tokenizer);
}

static void test_missing(void **state) {
    (void)state;
    cs_tokenizer *tokenizer;
    cs_error error;
    char *folder = make_folder();
    assert_fails(cs_tokenizer_open(folder, &tokenizer, &error), CS_ERR_IO, "expected tokenizer.json, or vocab.json");
    assert_null(tokenizer);
    remove_folder(folder);
}

/* The starter's vocabulary changes when it is trained anew: only what must hold of any. */
static void test_starter(void **state) {
    (void)state;
    char folder[4096], path[4200];
    snprintf(folder, sizeof folder, "%s/starter", getenv("CLIPSIGHT_MODELS") ? getenv("CLIPSIGHT_MODELS") : "models");
    snprintf(path, sizeof path, "%s/tokenizer.json", folder);
    if (access(path, R_OK) != 0) {
        print_message("SKIPPED: needs the starter model, which is not here\n");
        skip();
    }
    cs_tokenizer *tokenizer = open_tokenizer(folder);
    int32_t a[77], b[77];
    size_t na = encode(tokenizer, "A CAT", 5, 77, a), nb = encode(tokenizer, "two dogs", 8, 77, b);
    int32_t end = (int32_t)cs_tokenizer_vocabulary_size(tokenizer) - 1;
    assert_true(na >= 3 && nb >= 3);
    assert_int_equal(a[0], end - 1);
    assert_int_equal(b[0], end - 1);
    assert_int_equal(a[na - 1], end);
    assert_int_equal(b[nb - 1], end);
    assert_true(na != nb || memcmp(a, b, na * sizeof *a) != 0);
    assert_int_equal(encode(tokenizer, "a  cat\n", 7, 77, b), na);
    assert_memory_equal(a, b, na * sizeof *a);
    cs_tokenizer_close(tokenizer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clip),         cmocka_unit_test(test_new_json),
        cmocka_unit_test(test_old_json),     cmocka_unit_test(test_files),
        cmocka_unit_test(test_merges_alone), cmocka_unit_test(test_clip_vocabulary),
        cmocka_unit_test(test_context),      cmocka_unit_test(test_context_too_small),
        cmocka_unit_test(test_invalid_utf8), cmocka_unit_test(test_longest_prompt),
        cmocka_unit_test(test_missing),      cmocka_unit_test(test_starter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
