/* The pickle machine with pickles made by hand: each opcode and name that is not on its lists, and each way in which
 * those on them can be used wrongly. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/claimed_bytes.h"
#include "model/pytorch.h"
#include "model/pytorch_pickle.h"
#include "zip_builder.h"

static cs_error error;
static zip_builder zip;
static cs_tensor_list list;

/* Reads a pickle within an archive of exactly its size, then touches what the tensors claim. */
static cs_status run(const void *pickle, size_t size) {
    zip_checkpoint(&zip, pickle, size, 0);
    uint8_t *copy = malloc(zip.size);
    assert_non_null(copy);
    memcpy(copy, zip.bytes, zip.size);
    list = (cs_tensor_list){NULL, 0, NULL};
    cs_status status = cs_pytorch_parse(copy, zip.size, "file", &list, &error);
    read_claimed_bytes(&list);
    cs_tensor_list_free(&list);
    free(copy);
    return status;
}

#define EXPECT_OK(pickle) assert_ok(run(pickle, sizeof(pickle) - 1))
#define EXPECT(pickle, status, part) assert_fails(run(pickle, sizeof(pickle) - 1), status, part)
#define EXPECT_BAD(pickle, part) EXPECT(pickle, CS_ERR_FORMAT, part)

/* What stands for a tensor in a dictionary. */
#define REBUILD "ctorch._utils\n_rebuild_tensor_v2\n"
#define TENSOR(arguments) PICKLE_DICT(REBUILD "(" PICKLE_STORAGE arguments PICKLE_HOOKS "tR")
#define DICT "\x80\2}"
#define ID(type, key, count) "(X\7\0\0\0storage" type key "X\3\0\0\0cpu" count "t"
#define FLOATS "ctorch\nFloatStorage\n"

static void test_sound(void **state) {
    (void)state;
    EXPECT_OK(DICT ".");
    EXPECT_OK(PICKLE_DICT(PICKLE_TENSOR));
    EXPECT_OK(TENSOR("K\0"
                     "K\4\x85"
                     "K\1\x85"));
    EXPECT_OK(TENSOR("K\3"
                     ")"
                     ")"));
    EXPECT_OK(TENSOR("K\4"
                     "K\0\x85"
                     "K\1\x85"));
    EXPECT_OK(TENSOR("K\1"
                     "K\1K\3\x86"
                     "K\x63K\1\x86")); /* the stride of one row does not matter */
    EXPECT_OK(TENSOR("K\0"
                     "K\0K\3\x86"
                     "K\7K\7\x86")); /* nor do those of nothing */
    EXPECT_OK(TENSOR("\x8a\1\2"
                     "M\2\0\x85"
                     "J\1\0\0\0\x85"));
    EXPECT_OK(TENSOR("\x8a\0"
                     "\x8a\x08\4\0\0\0\0\0\0\0\x85"
                     "K\1\x85"));
    EXPECT_OK(DICT "X\1\0\0\0a" REBUILD "(" PICKLE_STORAGE "K\0))" PICKLE_HOOKS "}tRs."); /* empty metadata */
    EXPECT_OK(DICT "X\1\0\0\0a" REBUILD "(" PICKLE_STORAGE "K\0))" PICKLE_HOOKS "NtRs.");
}

static void test_every_other_opcode_is_refused_by_name(void **state) {
    (void)state;
    static const char allowed[] = " MARK STOP BININT BININT1 BININT2 NONE BINPERSID REDUCE BINUNICODE APPEND BUILD "
                                  "GLOBAL EMPTY_DICT APPENDS BINGET LONG_BINGET EMPTY_LIST BINPUT LONG_BINPUT SETITEM "
                                  "TUPLE EMPTY_TUPLE SETITEMS BINFLOAT PROTO TUPLE1 TUPLE2 TUPLE3 NEWTRUE NEWFALSE "
                                  "LONG1 ";
    char *names[256] = {0}, *text, part[64], word[40];
    size_t size, refused = 0;
    assert_ok(cs_file_read(test_data("pytorch/opcodes.txt"), 1 << 16, &text, &size, &error));
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        names[strtol(line, NULL, 16)] = line + 3;
    for (int opcode = 0; opcode < 256; opcode++) {
        char pickle[64];
        memset(pickle, '.', sizeof pickle); /* STOP */
        memcpy(pickle, "\x80\2}", 3);
        pickle[3] = (char)opcode;
        snprintf(word, sizeof word, " %s ", names[opcode] ? names[opcode] : "nothing");
        int is_allowed = strstr(allowed, word) != NULL;
        cs_status status = run(pickle, sizeof pickle);
        if (is_allowed != !strstr(error.message, "is not allowed in a checkpoint")) fail_msg("opcode %s", word);
        if (is_allowed) continue;
        snprintf(part, sizeof part, "opcode %s (0x%02x)", names[opcode] ? names[opcode] : "of no known name", opcode);
        if (status != CS_ERR_UNSUPPORTED || !strstr(error.message, part)) fail_msg("%s, got %s", part, error.message);
        refused++;
    }
    assert_int_equal(refused, 256 - 31);
    free(text);
}

static void test_every_other_name_is_refused(void **state) {
    (void)state;
    EXPECT(DICT "X\1\0\0\0acos\nsystem\n(X\4\0\0\0truetRs.", CS_ERR_UNSUPPORTED,
           "file: global 'os.system' is not allowed in a checkpoint");
    EXPECT(DICT "cbuiltins\neval\n.", CS_ERR_UNSUPPORTED, "global 'builtins.eval'");
    EXPECT(DICT "ctorch\nload\n.", CS_ERR_UNSUPPORTED, "global 'torch.load'");
    EXPECT(DICT "ctorch._utils\n_rebuild_tensor\n.", CS_ERR_UNSUPPORTED, "global 'torch._utils._rebuild_tensor'");
    EXPECT(DICT "ctorch._utils\n_rebuild_tensor_v22\n.", CS_ERR_UNSUPPORTED, "_v22'");
    EXPECT(DICT "ctorch._utils.x\n_rebuild_tensor_v2\n.", CS_ERR_UNSUPPORTED, "torch._utils.x._rebuild_tensor_v2'");
    EXPECT(DICT "c\n\n.", CS_ERR_UNSUPPORTED, "global '.'");
    EXPECT(DICT "ca\033[2Jb\nc\0d\n.", CS_ERR_UNSUPPORTED, "global 'a?[2Jb.c?d'");
    char pickle[4000];
    memset(pickle, 'n', sizeof pickle);
    memcpy(pickle, DICT "c", 4);
    pickle[2000] = pickle[3999] = '\n';
    assert_fails(run(pickle, sizeof pickle), CS_ERR_UNSUPPORTED, "nnn' is not allowed in a checkpoint");
}

static void test_protocols(void **state) {
    (void)state;
    EXPECT("\x80\4}.", CS_ERR_UNSUPPORTED, "pickle protocol 4, expected 2");
    EXPECT("\x80\1}.", CS_ERR_UNSUPPORTED, "pickle protocol 1, expected 2");
    EXPECT_BAD("\x80", "ends too early");
}

static void test_end(void **state) {
    (void)state;
    EXPECT_BAD("", "ends too early");
    EXPECT_BAD(DICT, "ends too early");
    EXPECT_BAD(DICT "..", "goes on behind its end");
    EXPECT_BAD(DICT "}.", "goes on behind its end");
    EXPECT_BAD("\x80\2.", "a value is missing");
    EXPECT_BAD("\x80\2(.", "a mark stands where a value is expected");
    EXPECT_BAD(DICT "X\xff\xff\xff\xff"
                    "abc",
               "ends too early");
    EXPECT_BAD(DICT "X\1\0", "ends too early");
    EXPECT_BAD(DICT "J\1\0", "ends too early");
    EXPECT_BAD(DICT "G1234567", "ends too early");
    EXPECT_BAD(DICT "\x8a", "ends too early");
    EXPECT_BAD(DICT "\x8a\xff", "ends too early");
    EXPECT_BAD(DICT "\x8a\x09"
                    "123456789.",
               "a whole number of 9 bytes");
    EXPECT_BAD(DICT "ctorch", "within a name");
    EXPECT_BAD(DICT "ctorch\n", "within a name");
    EXPECT_BAD(DICT "ctorch\nFloatStorage", "within a name");
}

static void test_stack(void **state) {
    (void)state;
    EXPECT_BAD("\x80\2N\x86", "a value is missing");
    EXPECT_BAD("\x80\2(N\x86", "a mark within a tuple");
    EXPECT_BAD("\x80\2Nt", "a mark is missing");
    EXPECT_BAD("\x80\2Nu", "a mark is missing");
    EXPECT_BAD("\x80\2Ne", "a mark is missing");
    EXPECT_BAD("\x80\2(u", "a value is missing");
    EXPECT_BAD("\x80\2(e", "a value is missing");
    EXPECT_BAD("\x80\2(NNs", "put into a mark");
    EXPECT_BAD("\x80\2NNs", "a value is missing");
    EXPECT_BAD("\x80\2Ns", "a value is missing");
    EXPECT_BAD("\x80\2Na", "a value is missing");
    EXPECT_BAD("\x80\2}Na", "an item is put into a dictionary, expected a list");
    EXPECT_BAD("\x80\2](NNu", "an item is put into a list, expected a dictionary");
    EXPECT_BAD("\x80\2}(Ne", "an item is put into a dictionary, expected a list");
    EXPECT_BAD("\x80\2}(Nu", "a key without its value");
    EXPECT_BAD("\x80\2)NNs", "put into a tuple");
    EXPECT_BAD("\x80\2}}b.", "attributes for something other than an OrderedDict");
    EXPECT_BAD("\x80\2"
               "ccollections\nOrderedDict\n)RNb.",
               "attributes for something other");
    EXPECT_BAD("\x80\2N}b.", "put into None");
    EXPECT_BAD("\x80\2}b.", "a value is missing");
}

static void test_limits(void **state) {
    (void)state;
    char marks[70000];
    memset(marks, '(', sizeof marks);
    assert_fails(run(marks, sizeof marks), CS_ERR_LIMIT, "stack holds more than 65536 values");
    cs_pickle pickle;
    cs_value root;
    const cs_zip archive = {.file = "file"};
    assert_fails(cs_pickle_run(&archive, (const uint8_t *)marks, CS_PICKLE_LIMIT + 1, &pickle, &root, &error),
                 CS_ERR_LIMIT, "data.pkl of 16777217 bytes, expected at most 16777216");
    cs_pickle_free(&pickle);
}

static void test_memo(void **state) {
    (void)state;
    EXPECT_OK("\x80\2}q\0.");
    EXPECT_OK("\x80\2}r\0\0\0\0.");
    EXPECT_OK("\x80\2}q\0X\1\0\0\0aq\1" PICKLE_TENSOR "q\2q\1sX\1\0\0\0bh\1s."); /* entries may be written over */
    EXPECT_OK("\x80\2}q\0X\1\0\0\0a" PICKLE_TENSOR "r\1\0\0\0sX\1\0\0\0bj\1\0\0\0s.");
    EXPECT_BAD("\x80\2}q\1.", "memo entry 1, expected at most 0");
    EXPECT_BAD("\x80\2}r\xff\xff\xff\xff.", "memo entry 4294967295, expected at most 0");
    EXPECT_BAD("\x80\2}h\0.", "memo entry 0 was never made");
    EXPECT_BAD("\x80\2}q\0h\1.", "memo entry 1 was never made");
    EXPECT_BAD("\x80\2}j\0\0\0\x80.", "memo entry 2147483648 was never made");
    EXPECT_BAD("\x80\2q\0", "a value is missing");
    EXPECT_BAD("\x80\2(q\0", "a mark stands where a value is expected");
}

static void test_calls(void **state) {
    (void)state;
    EXPECT_BAD("\x80\2ccollections\nOrderedDict\nN\x85R.", "an OrderedDict with arguments");
    EXPECT_BAD("\x80\2" FLOATS ")R.", "a call of 'torch.FloatStorage'");
    EXPECT_BAD("\x80\2"
               "ctorch\nfloat32\n)R.",
               "a call of 'torch.float32'");
    EXPECT_BAD("\x80\2N)R.", "a call of None with a tuple");
    EXPECT_BAD("\x80\2" REBUILD "]R.", "a call of a class or function with a list");
    EXPECT_BAD("\x80\2" REBUILD ")R.", "the arguments of a tensor");
    EXPECT_BAD("\x80\2" REBUILD "(NNNNNNtR.", "the arguments of a tensor");
    EXPECT_BAD("\x80\2" REBUILD "(" PICKLE_STORAGE "NNNNNNNtR.", "the arguments of a tensor");
    EXPECT_BAD("\x80\2" REBUILD "(" PICKLE_STORAGE "NNNNtR.", "the arguments of a tensor");
    EXPECT("\x80\2" REBUILD "(" PICKLE_STORAGE "NNNNN}X\4\0\0\0conj\x88stR.", CS_ERR_UNSUPPORTED, "with metadata");
    EXPECT("\x80\2" REBUILD "(" PICKLE_STORAGE "NNNNNK\1tR.", CS_ERR_UNSUPPORTED, "with metadata");
    EXPECT_BAD("\x80\2"
               "ctorch._utils\n_rebuild_parameter\n)R.",
               "the arguments of a parameter");
    EXPECT_BAD("\x80\2"
               "ctorch._utils\n_rebuild_parameter\n(NNNtR.",
               "the arguments of a parameter");
    EXPECT_BAD("\x80\2"
               "ctorch._utils\n_rebuild_tensor_v3\n(" PICKLE_STORAGE "K\0))NN"
               "ctorch\nfloat32\ntR.",
               "the type of a tensor");
    EXPECT_BAD("\x80\2"
               "ctorch._utils\n_rebuild_tensor_v3\n(" PICKLE_STORAGE "K\0))NNNtR.",
               "the type of a tensor");
}

#define UNTYPED                                                                                                        \
    ID("ctorch.storage\nUntypedStorage\n",                                                                             \
       "X\1\0\0\0"                                                                                                     \
       "0",                                                                                                            \
       "K\x10")                                                                                                        \
    "Q"
#define V3 "ctorch._utils\n_rebuild_tensor_v3\n("

static void test_untyped_storages(void **state) {
    (void)state;
    EXPECT_OK(PICKLE_DICT(V3 UNTYPED "K\0K\x08\x85K\1\x85" PICKLE_HOOKS "ctorch\nuint16\ntR"));
    EXPECT_BAD(PICKLE_DICT(V3 UNTYPED "K\0K\x09\x85K\1\x85" PICKLE_HOOKS "ctorch\nuint16\ntR"), "storage of 16 bytes");
    EXPECT_BAD(PICKLE_DICT(V3 UNTYPED "K\0))" PICKLE_HOOKS FLOATS "tR"), "the type of a tensor");
    EXPECT_BAD(PICKLE_DICT(V3 UNTYPED "K\0))" PICKLE_HOOKS "NtR"), "the type of a tensor");
    EXPECT_BAD(PICKLE_DICT(REBUILD "(" UNTYPED "K\0))" PICKLE_HOOKS "tR"), "the type of a tensor");
}

static void test_storages(void **state) {
    (void)state;
#define KEY                                                                                                            \
    "X\1\0\0\0"                                                                                                        \
    "0"
    EXPECT_BAD("\x80\2" ID(FLOATS, KEY, "K\5") "Q.", "entry 'm/data/0' has 16 bytes, expected 5 elements of 4");
    EXPECT_BAD("\x80\2" ID(FLOATS, KEY, "J\xff\xff\xff\xff") "Q.", "expected -1 elements");
    EXPECT_BAD("\x80\2" ID("ctorch\nDoubleStorage\n", KEY, "K\4") "Q.", "expected 4 elements of 8");
    EXPECT_BAD("\x80\2" ID(FLOATS,
                           "X\1\0\0\0"
                           "1",
                           "K\4") "Q.",
               "no entry 'data/1'");
    EXPECT_BAD("\x80\2" ID(FLOATS, "X\0\0\0\0", "K\4") "Q.", "no entry 'data/'");
    EXPECT_BAD("\x80\2" ID(FLOATS, "X\x0b\0\0\0../data.pkl", "K\4") "Q.", "no entry 'data/../data.pkl'");
    EXPECT_BAD("\x80\2" ID(FLOATS,
                           "X\2\0\0\0"
                           "0\0",
                           "K\4") "Q.",
               "a storage's key of 2 bytes");
    EXPECT_BAD("\x80\2" ID(FLOATS, "K\0", "K\4") "Q.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2" ID("ctorch\nfloat32\n", KEY, "K\4") "Q.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2" ID("N", KEY, "K\4") "Q.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2" ID(FLOATS, KEY, "N") "Q.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2" ID(FLOATS, KEY, "K\4K\4") "Q.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2(X\6\0\0\0module" FLOATS KEY "X\3\0\0\0cpuK\4tQ.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2)Q.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2NQ.", "a persistent id that is not of a storage");
    EXPECT_BAD("\x80\2Q.", "a value is missing");
    char pickle[400] = "\x80\2(X\7\0\0\0storage" FLOATS "X\xc9";
    static const char head[] = "\x80\2(X\7\0\0\0storage" FLOATS "X\xc9\0\0\0";
    memset(pickle, '0', sizeof pickle);
    memcpy(pickle, head, sizeof head - 1);
    memcpy(pickle + sizeof head - 1 + 201, "X\3\0\0\0cpuK\4tQ.", 13);
    assert_fails(run(pickle, sizeof pickle), CS_ERR_FORMAT, "a storage's key of 201 bytes");
}

#define MOST "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"

static void test_tensors_stay_in_their_storage(void **state) {
    (void)state;
    EXPECT_BAD(TENSOR("K\1"
                      "K\4\x85"
                      "K\1\x85"),
               "a tensor of 4 elements from 1 on in a storage of 16 bytes");
    EXPECT_BAD(TENSOR("K\0"
                      "K\5\x85"
                      "K\1\x85"),
               "a tensor of 5 elements from 0 on");
    EXPECT_BAD(TENSOR("K\4"
                      ")"
                      ")"),
               "a tensor of 1 elements from 4 on");
    EXPECT_BAD(TENSOR("K\5"
                      "K\0\x85"
                      "K\1\x85"),
               "a tensor of 0 elements from 5 on");
    EXPECT_BAD(TENSOR("J\xff\xff\xff\xff"
                      "K\1\x85"
                      "K\1\x85"),
               "the offset, shape or strides");
    EXPECT_BAD(TENSOR(MOST "K\1\x85"
                           "K\1\x85"),
               "from 9223372036854775807 on");
    EXPECT_BAD(TENSOR("\x8a\x08\1\0\0\0\0\0\0\x40"
                      "K\1\x85"
                      "K\1\x85"),
               "from 4611686018427387905 on");
    EXPECT_BAD(TENSOR("K\0" MOST "\x85"
                      "K\1\x85"),
               "a tensor of 9223372036854775807 elements");
    EXPECT_BAD(TENSOR("K\0"
                      "\x8a\x08\1\0\0\0\0\0\0\x40\x85"
                      "K\1\x85"),
               "a tensor of 4611686018427387905 elements");
    EXPECT_BAD(TENSOR("K\0" MOST MOST "\x86"
                      "K\1K\1\x86"),
               "the shape of a tensor");
    EXPECT_BAD(TENSOR("K\0"
                      "J\xff\xff\xff\xff\x85"
                      "K\1\x85"),
               "the shape of a tensor");
    EXPECT_BAD(TENSOR("K\0"
                      "\x8a\1\x80\x85"
                      "K\1\x85"),
               "the shape of a tensor");
    EXPECT_BAD(TENSOR("K\0"
                      "N\x85"
                      "K\1\x85"),
               "the shape of a tensor");
    EXPECT_BAD(TENSOR("K\0"
                      "K\2\x85"
                      "K\1K\1\x86"),
               "the offset, shape or strides");
    EXPECT_BAD(TENSOR("K\0"
                      "]"
                      "K\1\x85"),
               "the offset, shape or strides");
    EXPECT_BAD(TENSOR("K\0"
                      "K\1\x85"
                      "]"),
               "the offset, shape or strides");
    EXPECT_BAD(TENSOR("N"
                      "K\1\x85"
                      "K\1\x85"),
               "the offset, shape or strides");
    EXPECT(TENSOR("K\0"
                  "(K\1K\1K\1K\1K\1K\1K\1K\1K\1t"
                  "(K\1K\1K\1K\1K\1K\1K\1K\1K\1t"),
           CS_ERR_UNSUPPORTED, "a tensor of 9 dimensions, expected at most 8");
    EXPECT_OK(TENSOR("K\0"
                     "(K\1K\1K\1K\1K\1K\1K\1K\1t"
                     "(K\1K\1K\1K\1K\1K\1K\1K\1t"));
}

static void test_strides(void **state) {
    (void)state;
#define REFUSED(arguments)                                                                                             \
    EXPECT(TENSOR(arguments), CS_ERR_UNSUPPORTED, "tensor 'a': its elements do not lie in one piece")
    REFUSED("K\0"
            "K\2K\2\x86"
            "K\1K\2\x86");
    REFUSED("K\0"
            "K\2\x85"
            "K\2\x85");
    REFUSED("K\0"
            "K\2\x85"
            "K\0\x85");
    REFUSED("K\0"
            "K\2\x85"
            "J\xff\xff\xff\xff\x85");
    REFUSED("K\0"
            "K\2\x85"
            "N\x85");
    REFUSED("K\0"
            "K\2K\2\x86"
            "K\3K\1\x86");
    REFUSED(MOST MOST "\x85"
                      "K\2\x85"); /* what lies nowhere cannot lie outside */
}

static void test_state_dict(void **state) {
    (void)state;
#define NAMED(name) name PICKLE_TENSOR "s"
#define NESTED "X\x0a\0\0\0state_dict"
    EXPECT_OK(DICT NESTED "}" NAMED("X\1\0\0\0a") "sX\1\0\0\0bK\1s.");
    EXPECT_OK(DICT "X\1\0\0\0bK\1s" NESTED "}" NAMED("X\1\0\0\0a") "s.");
    EXPECT(DICT NESTED "}" NESTED "}ss.", CS_ERR_UNSUPPORTED, "tensor 'state_dict': expected a tensor, found a dict");
    EXPECT(DICT NESTED "Ns.", CS_ERR_UNSUPPORTED, "tensor 'state_dict': expected a tensor, found None");
    EXPECT(DICT "X\x0b\0\0\0state_dict2}s.", CS_ERR_UNSUPPORTED, "tensor 'state_dict2': expected a tensor");
    EXPECT("\x80\2].", CS_ERR_UNSUPPORTED, "the file holds a list");
    EXPECT_BAD(DICT NAMED("X\1\0\0\0a") NAMED("X\1\0\0\0b") NAMED("X\1\0\0\0a") ".", "tensor 'a': is there twice");
    EXPECT_BAD(DICT NAMED("K\1") ".", "a whole number as a key");
    EXPECT_BAD(DICT NAMED("X\1\0\0\0\0") ".", "control characters");
    EXPECT_BAD(DICT NAMED("X\2\0\0\0a\x7f") ".", "control characters");
    EXPECT_BAD(DICT NAMED("X\2\0\0\0\xc3(") ".", "UTF-8");
    /* A dictionary that holds itself. */
    EXPECT(DICT "q\0X\1\0\0\0ah\0s.", CS_ERR_UNSUPPORTED, "found a dictionary");
    EXPECT(DICT "q\0" NESTED "h\0s.", CS_ERR_UNSUPPORTED, "tensor 'state_dict': expected a tensor, found a dict");
}

static void test_prefix(void **state) {
    (void)state;
    cs_tensor_list found;
#define MODULE_A "X\x08\0\0\0module.a"
    static const char both[] = DICT NAMED(MODULE_A) NAMED("X\x08\0\0\0module.b") ".";
    static const char one[] = DICT NAMED(MODULE_A) NAMED("X\x08\0\0\0modulesb") ".";
    static const char bare[] = DICT NAMED(MODULE_A) NAMED("X\7\0\0\0module.") ".";
    zip_checkpoint(&zip, both, sizeof both - 1, 0);
    assert_ok(cs_pytorch_parse(zip.bytes, zip.size, "file", &found, &error));
    assert_string_equal(found.items[0].name, "a");
    assert_string_equal(found.items[1].name, "b");
    cs_tensor_list_free(&found);
    zip_checkpoint(&zip, one, sizeof one - 1, 0);
    assert_ok(cs_pytorch_parse(zip.bytes, zip.size, "file", &found, &error));
    assert_string_equal(found.items[0].name, "module.a");
    cs_tensor_list_free(&found);
    zip_checkpoint(&zip, bare, sizeof bare - 1, 0);
    assert_ok(cs_pytorch_parse(zip.bytes, zip.size, "file", &found, &error));
    assert_string_equal(found.items[0].name, "module.");
    cs_tensor_list_free(&found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_every_other_opcode_is_refused_by_name),
        cmocka_unit_test(test_every_other_name_is_refused),
        cmocka_unit_test(test_protocols),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_stack),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_memo),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_untyped_storages),
        cmocka_unit_test(test_storages),
        cmocka_unit_test(test_tensors_stay_in_their_storage),
        cmocka_unit_test(test_strides),
        cmocka_unit_test(test_state_dict),
        cmocka_unit_test(test_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
