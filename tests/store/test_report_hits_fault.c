/* Every allocation of a report of hits fails in turn, jansson's among them. */
#include "support/support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight_tools.h"
#include "report/sample.h"
#include "store/hits.h"

static cs_error error;
static cs_hits_report report;
static cs_format format;

static cs_status act(void) {
    char *text = NULL;
    cs_status status = cs_report_hits(format, &report, &text, &error);
    assert_int_equal(status == CS_OK, text != NULL);
    free(text);
    return status;
}

static void reports_of_hits(void **state) {
    (void)state;
    static const float cosines[] = {0.5F, 0.25F}, here[] = {1};
    static const cs_query queries[] = {{here, 1}, {here, -1}};
    static const cs_query_label labels[] = {{HOSTILE, NULL, 1}, {NULL, "b.jpg", -1}};
    static char *names[] = {(char *)(uintptr_t)HOSTILE};
    cs_prompts prompts = {1, 0, names, NULL};
    const cs_search_options options = {.top = 20};
    const cs_hit items[] = {{"/" HOSTILE, 64, 48, 0, cosines, {1, 2, 3, 4}},
                            {"/b", 64, 48, 0, cosines, {0, 0, 64, 48}}};
    cs_detections *found = sample_detections(&(cs_detection){0, 0.5F, 1, 2, 3, 4}, 1);
    const cs_hit_note notes[] = {{"name", "link", found, NULL}, {NULL, NULL, NULL, "is gone"}};
    cs_hits *hits = NULL;
    assert_ok(cs_hits_create(queries, 2, &hits, &error));
    for (size_t i = 0; i < 2; i++)
        assert_ok(cs_hits_add(hits, &items[i], &error));
    cs_hits_rank(hits, &options);
    report = (cs_hits_report){labels, 2, hits, notes, &prompts};
    json_set_alloc_funcs(malloc, free);
    format = CS_FORMAT_JSON;
    fail_every_allocation(act, 20, &error);
    format = CS_FORMAT_TABLE;
    fail_every_allocation(act, 5, &error);
    cs_hits_free(hits);
    cs_detections_destroy(found);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reports_of_hits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
