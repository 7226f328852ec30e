/* The COCO metric against pycocotools' answers for random datasets (tests/references/make_coco_eval.py). Given a file,
 * it compares that one. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/dataset.h"

static cs_error error;

enum { CASES = 6, MAX_PHOTOS = 40, MAX_CLASSES = 8, MAX_OBJECTS = 64, MAX_BOXES = 512 };

typedef struct case_file {
    cs_dataset dataset;
    cs_dataset_entry entries[MAX_PHOTOS];
    cs_truth truth[MAX_PHOTOS][MAX_OBJECTS];
    cs_detection boxes[MAX_PHOTOS][MAX_BOXES];
    size_t counts[MAX_PHOTOS];
    cs_detections *detections[MAX_PHOTOS];
    char *classes[MAX_CLASSES];
    double expected[MAX_CLASSES + 1][3]; /* AP30, AP50, AP; [0] is the mean */
} case_file;

static void read_line(case_file *c, const char *line) {
    size_t photos, classes, photo;
    cs_truth t = {0};
    cs_detection b;
    double ap[3];
    int class_index;
    if (sscanf(line, "photographs %zu classes %zu", &photos, &classes) == 2) {
        assert_true(photos <= MAX_PHOTOS && classes <= MAX_CLASSES);
        c->dataset.kind = CS_DATASET_COCO;
        c->dataset.count = photos;
        c->dataset.class_count = classes;
    } else if (sscanf(line, "truth %zu %zu %d %f %f %f %f", &photo, &t.class_index, &t.crowd, &t.x, &t.y, &t.width,
                      &t.height) == 7) {
        assert_true(photo < MAX_PHOTOS && c->entries[photo].count < MAX_OBJECTS);
        c->truth[photo][c->entries[photo].count++] = t;
    } else if (sscanf(line, "box %zu %zu %f %f %f %f %f", &photo, &b.prompt, &b.score, &b.x, &b.y, &b.width,
                      &b.height) == 7) {
        assert_true(photo < MAX_PHOTOS && c->counts[photo] < MAX_BOXES);
        c->boxes[photo][c->counts[photo]++] = b;
    } else if (sscanf(line, "ap %d %lf %lf %lf", &class_index, &ap[0], &ap[1], &ap[2]) == 4) {
        assert_true(class_index < MAX_CLASSES);
        memcpy(c->expected[class_index + 1], ap, sizeof ap);
    } else {
        fail_msg("no such line: %s", line);
    }
}

static case_file *read_case(const char *path) {
    case_file *c = calloc(1, sizeof *c);
    char line[256];
    assert_non_null(c);
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("%s: cannot open", path);
    while (fgets(line, sizeof line, file))
        read_line(c, line);
    fclose(file);
    for (size_t i = 0; i < c->dataset.count; i++) {
        c->entries[i].truth = c->truth[i];
        assert_ok(cs_detections_from(c->boxes[i], c->counts[i], &c->detections[i], &error));
    }
    c->dataset.entries = c->entries;
    c->dataset.classes = c->classes;
    return c;
}

static void assert_figure(const char *path, int class_index, const char *name, double value, double expected) {
    int same = expected < 0 ? isnan(value) : fabs(value - expected) <= 1e-4;
    if (!same) fail_msg("%s: %s of class %d: %.6f, pycocotools has %.6f", path, name, class_index, value, expected);
}

static void compare(const char *path) {
    cs_class_figures per_class[MAX_CLASSES];
    cs_figures figures;
    case_file *c = read_case(path);
    assert_ok(cs_evaluate(&c->dataset, (const cs_detections *const *)c->detections, NULL, per_class, &figures, &error));
    assert_int_equal(figures.metric, CS_METRIC_COCO);
    assert_figure(path, -1, "AP30", figures.ap30, c->expected[0][0]);
    assert_figure(path, -1, "AP50", figures.ap50, c->expected[0][1]);
    assert_figure(path, -1, "AP", figures.ap, c->expected[0][2]);
    for (int i = 0; i < (int)c->dataset.class_count; i++) {
        assert_figure(path, i, "AP30", per_class[i].ap30, c->expected[i + 1][0]);
        assert_figure(path, i, "AP50", per_class[i].ap50, c->expected[i + 1][1]);
        assert_figure(path, i, "AP", per_class[i].ap, c->expected[i + 1][2]);
    }
    for (size_t i = 0; i < c->dataset.count; i++)
        cs_detections_destroy(c->detections[i]);
    free(c);
}

static void test_committed_cases(void **state) {
    (void)state;
    for (int i = 0; i < CASES; i++) {
        char name[64];
        snprintf(name, sizeof name, "eval_coco/case%d.txt", i);
        compare(test_data(name));
    }
}

static const char *given;

static void test_given_case(void **state) {
    (void)state;
    compare(given);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_committed_cases)};
    const struct CMUnitTest one[] = {cmocka_unit_test(test_given_case)};
    given = argc > 1 ? argv[1] : NULL;
    return given ? cmocka_run_group_tests(one, NULL, NULL) : cmocka_run_group_tests(tests, NULL, NULL);
}
