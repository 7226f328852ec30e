/* Hits as a table and as JSON: exact text, hostile names, boxes, and what is refused. */
#include "support/support.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight_tools.h"
#include "report/sample.h"
#include "store/hits.h"

static cs_error error;
static const float here[1] = {1};
static const cs_query one[] = {{here, 1}}, two[] = {{here, 1}, {here, -0.5F}};
static const cs_query_label cat = {"a cat", NULL, 1};

/* Hits with these cosines; an allocation that fails is none of the test's. */
static cs_hits *make_hits(const cs_query *queries, size_t n, const cs_hit *items, size_t count) {
    const cs_search_options options = {.top = 20};
    cs_hits *hits = NULL;
    assert_ok(cs_hits_create(queries, n, &hits, &error));
    for (size_t i = 0; i < count; i++)
        assert_ok(cs_hits_add(hits, &items[i], &error));
    cs_hits_rank(hits, &options);
    return hits;
}

static void assert_text(cs_format format, const cs_hits_report *report, const char *expected) {
    char *text = NULL;
    assert_ok(cs_report_hits(format, report, &text, &error));
    assert_string_equal(text, expected);
    free(text);
}

static void hits_exactly(void **state) {
    (void)state;
    const float high = 0.25F, low = 0.125F;
    const cs_hit items[] = {{"/p/b.jpg", 640, 480, 0, &low, {10, 20, 300, 400}},
                            {"/p/a.jpg", 64, 48, 0, &high, {0, 0, 64, 48}}};
    cs_hits *hits = make_hits(one, 1, items, 2);
    const cs_hits_report report = {&cat, 1, hits, NULL, NULL};
    assert_text(CS_FORMAT_JSON, &report,
                "{\"query\":[{\"text\":\"a cat\",\"weight\":1.0}],\"hits\":["
                "{\"image\":\"/p/a.jpg\",\"score\":0.25,\"width\":64,\"height\":48},"
                "{\"image\":\"/p/b.jpg\",\"score\":0.125,\"width\":640,\"height\":480,\"window\":[10,20,300,400]}]}\n");
    assert_text(CS_FORMAT_TABLE, &report,
                " rank   score  photograph\n"
                "    1   0.250  /p/a.jpg\n"
                "    2   0.125  /p/b.jpg\n");
    cs_hits_free(hits);
}

static void several_queries_have_their_cosines(void **state) {
    (void)state;
    const float cosines[] = {0.5F, 0.25F};
    const cs_hit item = {"/p/a.jpg", 64, 48, 0, cosines, {0, 0, 64, 48}};
    const cs_query_label labels[] = {{NULL, "b/c.jpg", 1}, {"snow", NULL, -0.5F}};
    cs_hits *hits = make_hits(two, 2, &item, 1);
    const cs_hits_report report = {labels, 2, hits, NULL, NULL};
    assert_text(CS_FORMAT_JSON, &report,
                "{\"query\":[{\"image\":\"b/c.jpg\",\"weight\":1.0},{\"text\":\"snow\",\"weight\":-0.5}],\"hits\":["
                "{\"image\":\"/p/a.jpg\",\"score\":0.375,\"width\":64,\"height\":48,\"cosines\":[0.5,0.25]}]}\n");
    cs_hits_free(hits);
}

static void notes_stand_with_their_hits(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "a cat", (char *)(uintptr_t) "a \"dog\""};
    cs_prompts prompts = {2, 0, labels, NULL};
    const float cosines[] = {0.5F, 0.25F, 0.125F};
    const cs_rect whole = {0, 0, 64, 48};
    const cs_hit items[] = {{"/a", 64, 48, 0, &cosines[0], whole},
                            {"/b", 64, 48, 0, &cosines[1], whole},
                            {"/c", 64, 48, 0, &cosines[2], whole}};
    const cs_detection boxes[] = {{0, 0.5F, 1, 2, 3, 4.5F}, {1, 0.25F, 0, 0, 64, 48}};
    cs_detections *found = sample_detections(boxes, 2), *none = sample_detections(NULL, 0);
    cs_hits *hits = make_hits(one, 1, items, 3);
    const cs_hit_note notes[] = {
        {"first", "/v1/x?id=1", found, NULL}, {NULL, NULL, NULL, "is gone"}, {NULL, NULL, none, NULL}};
    const cs_hits_report report = {&cat, 1, hits, notes, &prompts};
    assert_text(CS_FORMAT_JSON, &report,
                "{\"query\":[{\"text\":\"a cat\",\"weight\":1.0}],\"hits\":["
                "{\"image\":\"first\",\"score\":0.5,\"width\":64,\"height\":48,\"link\":\"/v1/x?id=1\",\"boxes\":["
                "{\"label\":\"a cat\",\"score\":0.5,\"box\":[1.0,2.0,3.0,4.5]},"
                "{\"label\":\"a \\\"dog\\\"\",\"score\":0.25,\"box\":[0.0,0.0,64.0,48.0]}]},"
                "{\"image\":\"/b\",\"score\":0.25,\"width\":64,\"height\":48,\"problem\":\"is gone\"},"
                "{\"image\":\"/c\",\"score\":0.125,\"width\":64,\"height\":48,\"boxes\":[]}]}\n");
    assert_text(CS_FORMAT_TABLE, &report,
                " rank   score  photograph\n"
                "    1   0.500  first\n"
                "               a cat     0.500  box 1 2 3 4\n"
                "               a \"dog\"   0.250  box 0 0 64 48\n"
                "    2   0.250  /b\n"
                "               (is gone)\n"
                "    3   0.125  /c\n"
                "               (no box)\n");
    cs_hits_free(hits);
    cs_detections_destroy(found);
    cs_detections_destroy(none);
}

static void nothing_found_is_an_empty_list(void **state) {
    (void)state;
    cs_hits *hits = make_hits(one, 1, NULL, 0);
    const cs_hits_report report = {&cat, 1, hits, NULL, NULL};
    assert_text(CS_FORMAT_JSON, &report, "{\"query\":[{\"text\":\"a cat\",\"weight\":1.0}],\"hits\":[]}\n");
    assert_text(CS_FORMAT_TABLE, &report, "");
    cs_hits_free(hits);
}

static void hostile_names_do_no_harm(void **state) {
    (void)state;
    const float cosine = 0.5F;
    const cs_hit item = {"/" HOSTILE, 64, 48, 0, &cosine, {0, 0, 64, 48}};
    const cs_query_label label = {HOSTILE, NULL, 1};
    const cs_hit_note note = {NULL, NULL, NULL, HOSTILE};
    cs_hits *hits = make_hits(one, 1, &item, 1);
    const cs_hits_report report = {&label, 1, hits, &note, NULL};
    char *text = NULL;
    assert_ok(cs_report_hits(CS_FORMAT_JSON, &report, &text, &error));
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const char *name = NULL, *asked = NULL, *problem = NULL;
    assert_int_equal(json_unpack(root, "{s:[{s:s}], s:[{s:s, s:s}]}", "query", "text", &asked, "hits", "image", &name,
                                 "problem", &problem),
                     0);
    assert_string_equal(name, "/" HOSTILE_CLEAN);
    assert_string_equal(asked, HOSTILE_CLEAN);
    assert_string_equal(problem, HOSTILE_CLEAN);
    json_decref(root);
    free(text);
    assert_ok(cs_report_hits(CS_FORMAT_TABLE, &report, &text, &error));
    int lines = 0;
    for (const char *c = text; *c; c++) {
        lines += *c == '\n';
        assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
    }
    assert_int_equal(lines, 3);
    free(text);
    cs_hits_free(hits);
}

static void misuse_is_refused(void **state) {
    (void)state;
    const float cosine = 0.5F;
    const cs_hit item = {"/a", 64, 48, 0, &cosine, {0, 0, 64, 48}};
    const cs_query_label nothing = {NULL, NULL, 1};
    cs_detections *found = sample_detections(&(cs_detection){3, 0.5F, 0, 0, 4, 4}, 1);
    const cs_hit_note note = {NULL, NULL, found, NULL};
    cs_hits *hits = make_hits(one, 1, &item, 1);
    const cs_hits_report good = {&cat, 1, hits, NULL, NULL}, no_hits = {&cat, 1, NULL, NULL, NULL},
                         no_label = {&nothing, 1, hits, NULL, NULL}, no_labels = {NULL, 1, hits, NULL, NULL},
                         no_prompts = {&cat, 1, hits, &note, NULL};
    char *text = NULL;
    assert_fails(cs_report_hits(CS_FORMAT_CSV, &good, &text, &error), CS_ERR_ARGUMENT, "table or as JSON");
    assert_fails(cs_report_hits(CS_FORMAT_JSON, &good, NULL, &error), CS_ERR_ARGUMENT, "room for the text");
    assert_fails(cs_report_hits(CS_FORMAT_JSON, NULL, &text, &error), CS_ERR_ARGUMENT, "a report needs hits");
    assert_fails(cs_report_hits(CS_FORMAT_JSON, &no_hits, &text, &error), CS_ERR_ARGUMENT, "a report needs hits");
    assert_fails(cs_report_hits(CS_FORMAT_JSON, &no_labels, &text, &error), CS_ERR_ARGUMENT, "a report needs hits");
    assert_fails(cs_report_hits(CS_FORMAT_JSON, &no_label, &text, &error), CS_ERR_ARGUMENT, "query 0");
    assert_fails(cs_report_hits(CS_FORMAT_JSON, &no_prompts, &text, &error), CS_ERR_ARGUMENT, "prompt 3; there are 0");
    assert_null(text);
    cs_hits_free(hits);
    cs_detections_destroy(found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_exactly),
        cmocka_unit_test(several_queries_have_their_cosines),
        cmocka_unit_test(notes_stand_with_their_hits),
        cmocka_unit_test(nothing_found_is_an_empty_list),
        cmocka_unit_test(hostile_names_do_no_harm),
        cmocka_unit_test(misuse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
