/* Damaged and foreign tokenizer files, and allocations that fail. */
#include <stdio.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "text/parts.h"
#include "text/texts.h"

/* Loads a tokenizer.json with the first `old` in it replaced by `new`. */
static cs_status load_file_changed(const char *file, const char *old, const char *new, cs_split_rules *rules,
                                   cs_error *error) {
    packed json = open_packed(file);
    char *at = strstr(json.data, old);
    cs_strbuf changed = CS_STRBUF_EMPTY;
    cs_tokenizer tokenizer = {0};
    if (!at) fail_msg("the file has no %s", old);
    cs_strbuf_append(&changed, json.data, (size_t)(at - json.data));
    cs_strbuf_puts(&changed, new);
    cs_strbuf_puts(&changed, at + strlen(old));
    cs_status status = cs_load_json(changed.data, changed.length, "file", &tokenizer, error);
    *rules = tokenizer.rules;
    cs_tokenizer_clear(&tokenizer);
    cs_strbuf_free(&changed);
    free(json.data);
    return status;
}

static cs_status load_changed(const char *old, const char *new, cs_error *error) {
    cs_split_rules rules;
    return load_file_changed("text/small/tokenizer.json", old, new, &rules, error);
}

typedef struct change {
    const char *old, *new, *message;
} change;

static void check_changes(const change *changes, size_t n, cs_status status) {
    cs_error error;
    for (size_t i = 0; i < n; i++) {
        error.message[0] = '\0';
        cs_status got = load_changed(changes[i].old, changes[i].new, &error);
        if (got != status || !strstr(error.message, changes[i].message))
            fail_msg("with %s: expected \"%s\", got %s, \"%s\"", changes[i].new, changes[i].message,
                     cs_status_name(got), error.message);
    }
}

static void test_unchanged(void **state) {
    (void)state;
    cs_error error;
    assert_ok(load_changed("\"model\"", "\"model\"", &error));
    assert_ok(load_changed("\"dropout\":null,", "", &error));
    assert_ok(load_changed("\"type\":\"BPE\",", "", &error));
}

static void check_rules(const char *old, const char *new, int literals, int again) {
    cs_split_rules rules;
    cs_error error;
    assert_ok(load_file_changed("text/small/tokenizer.json", old, new, &rules, &error));
    assert_int_equal(rules.literals, literals);
    assert_int_equal(rules.again, again);
}

/* The points in which sound files differ. */
static void test_rules(void **state) {
    (void)state;
    check_rules("\"use_regex\":true", "\"use_regex\":true", 1, 1);
    check_rules("\"use_regex\":true", "\"use_regex\":false", 1, 0);
    check_rules(",\"use_regex\":true", "", 1, 1);
    check_rules("<\\\\|startoftext\\\\|>|<\\\\|endoftext\\\\|>|", "", 0, 1);
}

static void test_damaged(void **state) {
    (void)state;
    static const change changes[] = {
        {"\"model\"", "\"mode\"", "model: expected an object, found nothing"},
        {"\"vocab\":{", "\"vocab\":[],\"x\":{", "model.vocab: expected an object, found a list"},
        {"\"vocab\"", "\"words\"", "model.vocab: expected an object, found nothing"},
        {"\"merges\":[", "\"merges\":{},\"x\":[", "model.merges: expected a list, found an object"},
        {"\"merges\"", "\"joins\"", "model.merges: expected a list, found nothing"},
        {"\"!\":0", "\"!\":\"0\"", "line 1: expected an integer behind a token"},
        {"\"!\":0", "\"!\":0.5", "line 1: expected a comma or } behind an id"},
        {"\"!\":0", "\"!\":-1", "expected an id from 0 to 4194303, found -1"},
        {"\"!\":0", "\"!\":4194304", "expected an id from 0 to 4194303, found 4194304"},
        {"\"!\":0", "\"!\":99999999999999999999", "expected an integer behind"},
        {"\"!\":0", "\"!\":1", "id 1 stands for two tokens"},
        {"\"!\":0", "\"\":0", "empty token"},
        {"\"!\":0", "\"!!!\":0", "needs the token \"!\", which is not"},
        {"\"!\":0", "\"!\":0,\"!\":0", "token \"!\" is in the vocabulary twice"},
        {"\"merges\":[[", "\"merges\":[[\"never\",\"seen\"],[", "merge 1 needs the token \"never\""},
        {"\"merges\":[[", "\"merges\":[[\"a\",\"never\"],[", "merge 1 needs the token \"never\""},
        {"\"merges\":[[", "\"merges\":[[\"~\",\"!\"],[", "merge 1 needs the token \"~!\""},
        {"\"merges\":[[", "\"merges\":[[\"a\"],[", "expected [\"a\", \"b\"] or \"a b\" as a merge"},
        {"\"merges\":[[", "\"merges\":[\"a b c\",[", "expected [\"a\", \"b\"] or \"a b\" as a merge"},
        {"\"merges\":[[", "\"merges\":[\"ab\",[", "expected [\"a\", \"b\"] or \"a b\" as a merge"},
        {"\"merges\":[[", "\"merges\":[5,[", "expected [\"a\", \"b\"] or \"a b\" as a merge"},
        {"\"merges\":[[", "\"merges\":[[\"a\",5],[", "expected [\"a\", \"b\"] or \"a b\" as a merge"},
        {"\"added_tokens\"", "\"tokens\"", "added_tokens: expected a list, found nothing"},
        {"\"added_tokens\":[", "\"added_tokens\":[5,", "added_tokens.content: expected a string, found nothing"},
        {"\"added_tokens\":[", "\"added_tokens\":[{\"content\":\"x\",\"id\":5},", "\"x\": expected id"},
        {"\"added_tokens\":[", "\"added_tokens\":[{\"content\":\"xyzzy\",\"id\":5},", "id 5 stands for two tokens"},
        {"\"added_tokens\":[", "\"added_tokens\":[{\"content\":\"\",\"id\":5},", "empty token"},
        {"\"added_tokens\":[", "\"added_tokens\":[{\"content\":\"xyzzy\"},", "added_tokens.id: expected an integer"},
        {"\"unk_token\":\"<|endoftext|>\"", "\"unk_token\":\"xyzzy\"", "model.unk_token"},
        {"\"unk_token\":\"<|endoftext|>\"", "\"unk_token\":5", "model.unk_token"},
        {"\"cls\":[\"<|startoftext|>\"", "\"cls\":[\"xyzzy\"", "expected the token \"xyzzy\""},
        {"\"cls\":[\"<|startoftext|>\"", "\"cls\":[5", "expected cls and sep"},
        {"\"sep\"", "\"end\"", "expected cls and sep"},
        {"\"merges\":[", "\"merges\":[[\"a\",\"b\"] ", "expected a comma or ] behind a merge"},
        {"\"model\":{", "\"model\":{\"vocab\":{},", "duplicate"},
        {"\"vocab\"", "\"voc\\u0061b\"", "expected a JSON object of tokens and ids"},
        {"\"version\"", "\"version\":1,\"version\"", "duplicate"},
        {"{", "[{}", "not JSON"},
        {"{", "{\xff", "not JSON"},
    };
    check_changes(changes, sizeof changes / sizeof *changes, CS_ERR_FORMAT);
}

/* The older file lacks a byte, for which unk_token stands. */
static void test_missing_byte(void **state) {
    (void)state;
    static const char file[] = "text/old/tokenizer.json", old[] = "\"unk_token\":\"<|endoftext|>\"";
    cs_split_rules rules;
    cs_error error;
    assert_ok(load_file_changed(file, old, old, &rules, &error));
    assert_fails(load_file_changed(file, old, "\"unk_token\":null", &rules, &error), CS_ERR_FORMAT,
                 "expected \"\xc3\xb0\" and \"\xc3\xb0</w>\" in the vocabulary");
}

static void test_foreign(void **state) {
    (void)state;
    static const change changes[] = {
        {"\"type\":\"BPE\"", "\"type\":\"WordPiece\"", "model.type: expected \"BPE\", found \"WordPiece\""},
        {"\"end_of_word_suffix\":\"</w>\"", "\"end_of_word_suffix\":null", "model.end_of_word_suffix"},
        {"\"continuing_subword_prefix\":\"\"", "\"continuing_subword_prefix\":\"##\"", "found \"##\""},
        {"\"dropout\":null", "\"dropout\":0.1", "model.dropout: expected null"},
        {"\"byte_fallback\":false", "\"byte_fallback\":true", "model.byte_fallback: expected false, found true"},
        {"\"ignore_merges\":false", "\"ignore_merges\":true", "model.ignore_merges"},
        {"\"fuse_unk\":false", "\"fuse_unk\":true", "model.fuse_unk"},
        {"{\"type\":\"NFC\"}", "{\"type\":\"NFKC\"}", "normalizer: expected CLIP's"},
        {"{\"type\":\"Lowercase\"}", "{\"type\":\"Strip\"}", "found {\"type\":\"Sequence\""},
        {"\\\\s+", "\\\\s", "normalizer"},
        {"\"normalizer\":{", "\"normalizer\":null,\"x\":{",
         "normalizer: expected CLIP's (NFC, white space to one space, "
         "lower case), found null"},
        {"\"normalizer\"", "\"x\"", "found nothing"},
        {"[\\\\p{N}]", "[\\\\p{N}]+", "pre_tokenizer: expected CLIP's"},
        {"\"behavior\":\"Removed\"", "\"behavior\":\"Isolated\"", "pre_tokenizer"},
        {"\"invert\":true", "\"invert\":false", "pre_tokenizer"},
        {"\"add_prefix_space\":false", "\"add_prefix_space\":true", "pre_tokenizer"},
        {"\"RobertaProcessing\"", "\"BertProcessing\"", "post_processor.type: expected \"RobertaProcessing\""},
        {"\"single_word\":false", "\"single_word\":true", "single_word is not supported"},
        {"\"lstrip\":false", "\"lstrip\":true", "lstrip is not supported"},
        {"\"rstrip\":false", "\"rstrip\":true", "rstrip is not supported"},
    };
    check_changes(changes, sizeof changes / sizeof *changes, CS_ERR_UNSUPPORTED);
}

/* Every beginning of the file is an error, not a crash. */
static void test_truncated(void **state) {
    (void)state;
    packed json = open_packed("text/small/tokenizer.json");
    cs_error error;
    for (size_t size = 0; size + 2 < json.size; size += 97) {
        cs_tokenizer tokenizer = {0};
        assert_fails(cs_load_json(json.data, size, "file", &tokenizer, &error), CS_ERR_FORMAT, "not JSON");
        cs_tokenizer_clear(&tokenizer);
    }
    free(json.data);
}

static void check_files(const char *vocabulary, const char *merges, cs_status expected, const char *message) {
    cs_tokenizer tokenizer = {0};
    cs_error error;
    assert_fails(cs_load_files(vocabulary, vocabulary ? strlen(vocabulary) : 0, "vocab", merges, strlen(merges),
                               "merges", &tokenizer, &error),
                 expected, message);
    cs_tokenizer_clear(&tokenizer);
}

static void test_damaged_files(void **state) {
    (void)state;
    check_files(NULL, "a b c\n", CS_ERR_FORMAT, "merges: merge 1: expected two tokens, found \"a b c\"");
    check_files(NULL, "a b\nab\n", CS_ERR_FORMAT, "merges: merge 2: expected two tokens, found \"ab\"");
    check_files(NULL, "a b\na \n", CS_ERR_FORMAT, "merge 2: expected two tokens");
    check_files(NULL, "a b\n b\n", CS_ERR_FORMAT, "merge 2: expected two tokens");
    check_files(NULL, "a bc\n", CS_ERR_FORMAT, "merge 1 needs the token \"bc\"");
    check_files(NULL, "a b\na b\n", CS_ERR_FORMAT, "token \"ab\" is in the vocabulary twice");
    check_files("{}", "", CS_ERR_FORMAT, "vocab: expected the token \"<|startoftext|>\"");
    check_files("{\"<|startoftext|>\":0}", "", CS_ERR_FORMAT, "vocab: expected the token \"<|endoftext|>\"");
    check_files("{\"a\":[]}", "", CS_ERR_FORMAT, "vocab: line 1: expected an integer behind a token");
    check_files("{\"a\":0,\"b\":1}", "a b\n", CS_ERR_FORMAT, "merges: merge 1 needs the token \"ab\"");
    check_files("[]", "", CS_ERR_FORMAT, "vocab: line 1: expected a JSON object of tokens and ids");
    check_files("{\"a\":1}\n\n{", "", CS_ERR_FORMAT, "vocab: line 3: expected the end of the file");
    check_files("{\"a\":1", "", CS_ERR_FORMAT, "vocab: line 1: expected a comma or }");
    check_files("{", "", CS_ERR_FORMAT, "vocab: line 1: expected \"token\": id");
}

/* Windows line ends and empty lines are no merges; neither is a last line without its end a broken one. */
static void test_line_ends(void **state) {
    (void)state;
    static const char text[] = "#version: 0.2\r\na b\r\n\r\nab c";
    cs_tokenizer tokenizer = {0};
    cs_error error;
    assert_ok(cs_load_files(NULL, 0, NULL, text, strlen(text), "merges", &tokenizer, &error));
    assert_int_equal(tokenizer.vocabulary_size, 512 + 2 + 2);
    cs_tokenizer_clear(&tokenizer);
}

static void test_huge_file(void **state) {
    (void)state;
    char *folder = make_folder(), path[512];
    cs_tokenizer *tokenizer;
    cs_error error;
    snprintf(path, sizeof path, "%s/tokenizer.json", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), (off_t)1 << 30), 0);
    fclose(file);
    assert_fails(cs_tokenizer_open(folder, &tokenizer, &error), CS_ERR_LIMIT, "tokenizer.json");
    remove_folder(folder);
}

/* Opens a folder with each allocation failing in turn; the leak checker watches. */
static void check_open(const char *folder, int only_one) {
    cs_tokenizer *tokenizer;
    cs_error error;
    cs_status status = CS_ERR_MEMORY;
    long n = 0;
    for (; status != CS_OK; n++) {
        fail_allocation(n, only_one);
        status = cs_tokenizer_open(folder, &tokenizer, &error);
        fail_allocation(-1, 0);
        if (status == CS_OK) break;
        if (status != CS_ERR_MEMORY) fail_msg("allocation %ld: %s, %s", n, cs_status_name(status), error.message);
        assert_null(tokenizer);
    }
    assert_true(n > 10);
    cs_tokenizer_close(tokenizer);
}

static void test_open_without_memory(void **state) {
    (void)state;
    char *folder = make_folder(), target[512];
    snprintf(target, sizeof target, "%s/merges.txt", folder);
    assert_int_equal(symlink(test_data("text/files/merges.txt"), target), 0);
    for (int only_one = 0; only_one < 2; only_one++) {
        check_open(test_data("text/small"), only_one);
        check_open(test_data("text/old"), only_one);
        check_open(test_data("text/files"), only_one);
        check_open(folder, only_one);
    }
    remove_folder(folder);
}

static void check_encode(const cs_tokenizer *tokenizer, const char *text, int only_one) {
    int32_t ids[200];
    size_t count;
    cs_error error;
    cs_status status = CS_ERR_MEMORY;
    long n = 0;
    for (; status != CS_OK; n++) {
        fail_allocation(n, only_one);
        status = cs_tokenizer_encode(tokenizer, text, strlen(text), 200, ids, &count, &error);
        fail_allocation(-1, 0);
        if (status != CS_OK && status != CS_ERR_MEMORY) fail_msg("allocation %ld: %s", n, error.message);
    }
    assert_true(n > 3);
    assert_int_equal(ids[count - 1], cs_tokenizer_end(tokenizer));
}

static void test_encode_without_memory(void **state) {
    (void)state;
    char text[400] = "A cat <|endoftext|> caf\xc3\xa9 <|STARTOFTEXT|> ";
    memset(text + strlen(text), 'x', 150); /* longer than the work space is at first */
    cs_tokenizer *tokenizer;
    cs_error error;
    assert_ok(cs_tokenizer_open(test_data("text/small"), &tokenizer, &error));
    check_encode(tokenizer, text, 0);
    check_encode(tokenizer, text, 1);
    cs_tokenizer_close(tokenizer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unchanged),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_missing_byte),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_damaged_files),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_huge_file),
        cmocka_unit_test(test_open_without_memory),
        cmocka_unit_test(test_encode_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
