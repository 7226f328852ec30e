/* Average precision: cases worked out by hand, and random ones against a slow, independent calculation. */
#include "support/random.h"
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/average_precision.h"
#include "eval/dataset.h"
#include "eval/overlap.h"
#include "locate/detections.h"
#include "locate/iou.h"

static cs_error error;

enum { MAX_PHOTOS = 24, MAX_CLASSES = 4, MAX_BOXES = 12 };

/* A dataset and detections without files and allocations. */
typedef struct scene {
    cs_dataset_entry entries[MAX_PHOTOS];
    cs_truth truth[MAX_PHOTOS][MAX_BOXES];
    cs_detection boxes[MAX_PHOTOS][MAX_BOXES];
    struct cs_detections detections[MAX_PHOTOS];
    const cs_detections *pointers[MAX_PHOTOS];
    char *classes[MAX_CLASSES];
    cs_dataset dataset;
} scene;

static char class_names[MAX_CLASSES][8] = {"bird", "cat", "dog", "sofa"};

static scene *make_scene(size_t photos, size_t classes) {
    scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    for (size_t i = 0; i < photos; i++) {
        s->entries[i].truth = s->truth[i];
        s->detections[i].items = s->boxes[i];
        s->pointers[i] = &s->detections[i];
    }
    for (size_t i = 0; i < classes; i++)
        s->classes[i] = class_names[i];
    s->dataset = (cs_dataset){CS_DATASET_VOC, s->entries, photos, s->classes, classes};
    return s;
}

static void add_truth(scene *s, size_t photo, size_t class_index, float x, float y, float w, float h, int difficult) {
    s->truth[photo][s->entries[photo].count++] = (cs_truth){class_index, x, y, w, h, difficult, 0};
}

static void add_box(scene *s, size_t photo, size_t class_index, float score, float x, float y, float w, float h) {
    s->boxes[photo][s->detections[photo].count++] = (cs_detection){class_index, score, x, y, w, h};
}

static cs_class_figures per_class[MAX_CLASSES];
static cs_figures figures;

static void evaluate(const scene *s) {
    assert_ok(cs_evaluate(&s->dataset, s->pointers, NULL, per_class, &figures, &error));
}

static void assert_near(double value, double expected) {
    if (!(fabs(value - expected) < 1e-6)) fail_msg("%.9g, expected %.9g", value, expected);
}

static void test_iou(void **state) {
    (void)state;
    const cs_box a = {0, 0, 10, 10}, half = {5, 0, 10, 10}, inside = {2, 2, 5, 4}, beside = {10, 0, 5, 5};
    const cs_box corner = {-4, -4, 5, 5}, empty = {3, 3, 0, 5}, turned = {8, 8, -5, -5};
    assert_near(cs_iou(&a, &a), 1);
    assert_near(cs_iou(&a, &half), 50.0 / 150);
    assert_near(cs_iou(&half, &a), 50.0 / 150);
    assert_near(cs_iou(&a, &inside), 0.2);
    assert_near(cs_iou(&a, &corner), 1.0 / 124);
    assert_true(cs_iou(&a, &beside) == 0 && cs_iou(&a, &empty) == 0 && cs_iou(&empty, &empty) == 0);
    assert_true(cs_iou(&a, &turned) == 0);
}

static void test_curve(void **state) {
    (void)state;
    /* Precision at the hits 1, 2/3, 3/6; four objects: the highest at or behind each. */
    cs_ranked list[] = {{.9f, 1, 0}, {.8f, 0, 1}, {.7f, 1, 2}, {.6f, 0, 3}, {.5f, 0, 4}, {.4f, 1, 5}};
    assert_near(cs_average_precision(list, 6, 4, CS_TIES_IN_ORDER), (1 + 2.0 / 3 + 0.5) / 4);
    /* A miss first: interpolation lifts the early hit to the later, better precision. */
    cs_ranked rising[] = {{.9f, 0, 0}, {.8f, 1, 1}, {.7f, 1, 2}, {.6f, 1, 3}};
    assert_near(cs_average_precision(rising, 4, 3, CS_TIES_IN_ORDER), 0.75);
    assert_near(cs_average_precision(list, 0, 4, CS_TIES_IN_ORDER), 0);
    assert_true(isnan(cs_average_precision(list, 6, 0, CS_TIES_IN_ORDER)));
    /* Equal scores as one step give what all orders share: 1 of 2, whichever comes first. */
    cs_ranked tied[] = {{.5f, 1, 0}, {.5f, 0, 1}};
    assert_near(cs_average_precision(tied, 2, 1, CS_TIES_IN_ORDER), 1);
    assert_near(cs_average_precision(tied, 2, 1, CS_TIES_AS_ONE), 0.5);
    /* One sure hit, then three of six in one step: 1/3 * 1 + 2/3 * 3/6. */
    cs_ranked steps[] = {{.9f, 1, 0}, {0, 0, 1}, {0, 1, 2}, {0, 1, 3}, {0, 0, 4}, {0, 0, 5}};
    assert_near(cs_average_precision(steps, 6, 3, CS_TIES_AS_ONE), 1.0 / 3 + 2.0 / 3 * 0.5);
}

static void test_ranking(void **state) {
    (void)state;
    cs_ranked list[] = {{.1f, 0, 0}, {.5f, 0, 3}, {.9f, 0, 4}, {.5f, 0, 1}};
    cs_rank(list, 4);
    assert_int_equal(list[0].order, 4);
    assert_int_equal(list[1].order, 1);
    assert_int_equal(list[2].order, 3);
    assert_int_equal(list[3].order, 0);
}

static void test_perfect(void **state) {
    (void)state;
    scene *s = make_scene(2, 2);
    add_truth(s, 0, 0, 10, 10, 20, 20, 0);
    add_truth(s, 1, 1, 0, 0, 50, 50, 0);
    add_box(s, 0, 0, .9f, 10, 10, 20, 20);
    add_box(s, 1, 1, .8f, 0, 0, 50, 50);
    evaluate(s);
    assert_near(figures.ap30, 1);
    assert_near(figures.ap50, 1);
    assert_near(figures.image_map, 1);
    assert_int_equal(per_class[0].objects, 1);
    assert_int_equal(per_class[1].objects, 1);
    free(s);
}

static void test_nothing_found(void **state) {
    (void)state;
    scene *s = make_scene(4, 1);
    add_truth(s, 2, 0, 10, 10, 20, 20, 0);
    evaluate(s);
    assert_near(figures.ap30, 0);
    assert_near(figures.ap50, 0);
    /* All four photographs have score 0: one step with precision 1/4, wherever the right one stands. */
    assert_near(figures.image_map, 0.25);
    free(s);
}

static void test_thresholds(void **state) {
    (void)state;
    scene *s = make_scene(3, 1);
    for (size_t i = 0; i < 3; i++)
        add_truth(s, i, 0, 0, 0, 10, 10, 0);
    add_box(s, 0, 0, .9f, 0, 0, 10, 5); /* IoU 0.5 exactly: reached */
    add_box(s, 1, 0, .8f, 0, 0, 10, 3); /* IoU 0.3 exactly */
    add_box(s, 2, 0, .7f, 0, 0, 10, 2); /* IoU 0.2 */
    evaluate(s);
    assert_near(per_class[0].ap50, 1.0 / 3);
    assert_near(per_class[0].ap30, 2.0 / 3);
    assert_near(per_class[0].image_ap, 1);
    free(s);
}

static void test_duplicates_are_misses(void **state) {
    (void)state;
    scene *s = make_scene(1, 1);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 0, 0, 50, 50, 10, 10, 0);
    add_box(s, 0, 0, .9f, 0, 0, 10, 9);
    add_box(s, 0, 0, .8f, 0, 0, 10, 10); /* fits better, but comes second */
    add_box(s, 0, 0, .7f, 50, 50, 10, 10);
    evaluate(s);
    assert_near(per_class[0].ap50, 0.5 + 0.5 * 2 / 3);
    free(s);
}

/* The best-overlapped object decides, even where it is taken and another would still be over the threshold. */
static void test_best_overlap_alone_counts(void **state) {
    (void)state;
    scene *s = make_scene(1, 1);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 0, 0, 2, 0, 10, 10, 0);
    add_box(s, 0, 0, .9f, 0, 0, 10, 10);
    add_box(s, 0, 0, .8f, .5f, 0, 10, 10); /* IoU 0.90 with the first, 0.74 with the second */
    evaluate(s);
    assert_near(per_class[0].ap50, 0.5);
    free(s);
}

static void test_other_classes_and_photos_do_not_match(void **state) {
    (void)state;
    scene *s = make_scene(2, 2);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 1, 1, 0, 0, 10, 10, 0);
    add_box(s, 1, 0, .9f, 0, 0, 10, 10);
    add_box(s, 0, 1, .9f, 0, 0, 10, 10);
    evaluate(s);
    assert_near(figures.ap30, 0);
    assert_near(per_class[0].image_ap, 0.5);
    free(s);
}

static void test_difficult_is_neither_hit_nor_miss(void **state) {
    (void)state;
    scene *s = make_scene(2, 2);
    add_truth(s, 0, 0, 0, 0, 10, 10, 1);
    add_truth(s, 0, 0, 50, 50, 10, 10, 0);
    add_truth(s, 1, 0, 0, 0, 10, 10, 1);
    add_truth(s, 1, 1, 0, 0, 10, 10, 1); /* class 1 has no other object */
    add_box(s, 0, 0, .9f, 0, 0, 10, 10);
    add_box(s, 0, 0, .8f, 0, 0, 10, 9); /* a second one on a difficult object is left out too */
    add_box(s, 0, 0, .7f, 50, 50, 10, 10);
    add_box(s, 1, 0, 1, 20, 20, 1, 1); /* a miss for boxes; the photograph is left out for the class */
    add_box(s, 1, 1, .5f, 0, 0, 10, 10);
    evaluate(s);
    assert_int_equal(per_class[0].objects, 1);
    assert_near(per_class[0].ap50, 0.5);
    assert_near(per_class[0].image_ap, 1);
    assert_int_equal(per_class[1].objects, 0);
    assert_true(isnan(per_class[1].ap30) && isnan(per_class[1].ap50) && isnan(per_class[1].image_ap));
    assert_near(figures.ap50, 0.5);
    free(s);
}

static void test_box_ties_keep_the_order_of_photographs(void **state) {
    (void)state;
    scene *s = make_scene(2, 2);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 1, 1, 0, 0, 10, 10, 0);
    for (size_t photo = 0; photo < 2; photo++)
        for (size_t class_index = 0; class_index < 2; class_index++)
            add_box(s, photo, class_index, .5f, 0, 0, 10, 10);
    evaluate(s);
    assert_near(per_class[0].ap50, 1);
    assert_near(per_class[1].ap50, 0.5);
    assert_near(per_class[0].image_ap, 0.5); /* but of whole photographs neither comes first */
    assert_near(per_class[1].image_ap, 0.5);
    free(s);
}

static void test_no_object_at_all(void **state) {
    (void)state;
    scene *s = make_scene(1, 1);
    add_box(s, 0, 0, .5f, 0, 0, 10, 10);
    assert_ok(cs_evaluate(&s->dataset, s->pointers, NULL, NULL, &figures, &error));
    assert_true(isnan(figures.ap30) && isnan(figures.ap50) && isnan(figures.image_map));
    free(s);
}

static void test_wrong_arguments(void **state) {
    (void)state;
    scene *s = make_scene(2, 1);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    assert_fails(cs_evaluate(NULL, s->pointers, NULL, NULL, &figures, &error), CS_ERR_ARGUMENT, "evaluation");
    assert_fails(cs_evaluate(&s->dataset, NULL, NULL, NULL, &figures, &error), CS_ERR_ARGUMENT, "evaluation");
    assert_fails(cs_evaluate(&s->dataset, s->pointers, NULL, NULL, NULL, &error), CS_ERR_ARGUMENT, "evaluation");
    add_box(s, 1, 1, .5f, 0, 0, 10, 10);
    assert_fails(cs_evaluate(&s->dataset, s->pointers, NULL, NULL, &figures, &error), CS_ERR_ARGUMENT,
                 "photograph 1: box 0 is of prompt 1, expected one of 1 classes");
    s->boxes[1][0] = (cs_detection){0, NAN, 0, 0, 10, 10};
    assert_fails(cs_evaluate(&s->dataset, s->pointers, NULL, NULL, &figures, &error), CS_ERR_ARGUMENT, "not finite");
    s->boxes[1][0] = (cs_detection){0, .5f, 0, 0, INFINITY, 10};
    assert_fails(cs_evaluate(&s->dataset, s->pointers, NULL, NULL, &figures, &error), CS_ERR_ARGUMENT, "not finite");
    free(s);
}

static void test_photographs_left_out(void **state) {
    (void)state;
    scene *s = make_scene(3, 1);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 1, 0, 0, 0, 10, 10, 0); /* an object that nothing finds */
    add_box(s, 0, 0, .5f, 0, 0, 10, 10);
    evaluate(s);
    assert_near(per_class[0].ap50, 0.5);
    s->pointers[1] = NULL;
    evaluate(s);
    assert_int_equal(per_class[0].objects, 1);
    assert_near(per_class[0].ap50, 1);
    assert_near(per_class[0].image_ap, 1);
    free(s);
}

static void test_strict_mean(void **state) {
    (void)state;
    scene *s = make_scene(2, 1);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 1, 0, 0, 0, 10, 10, 0);
    add_box(s, 0, 0, .9f, 0, 0, 10, 10);
    add_box(s, 1, 0, .8f, 0, 0, 10, 6.25f); /* reaches 0.50, 0.55 and 0.60 of the ten thresholds */
    evaluate(s);
    assert_near(per_class[0].ap50, 1);
    assert_near(per_class[0].ap, (3 * 1 + 7 * 0.5) / 10);
    assert_near(figures.ap, per_class[0].ap);
    free(s);
}

static void test_sampled_curve(void **state) {
    (void)state;
    /* Hits at recall 1/4, 1/2 and 3/4 with precision 1, 2/3 and 1/2; the last object is never found. */
    cs_ranked list[] = {{.9f, 1, 0}, {.8f, 0, 1}, {.7f, 1, 2}, {.6f, 0, 3}, {.5f, 0, 4}, {.4f, 1, 5}};
    float curve[CS_CURVE_POINTS];
    cs_precision_curve(list, 6, 4, curve);
    for (int i = 0; i < CS_CURVE_POINTS; i++)
        assert_near(curve[i], i <= 25 ? 1 : i <= 50 ? (double)(float)(2.0 / 3) : i <= 75 ? 0.5 : 0);
    assert_near(cs_sampled_precision(list, 6, 4), (26 + 25 * 2.0 / 3 + 25 * 0.5) / 101);
    cs_precision_curve(list + 3, 2, 4, curve); /* misses only */
    assert_true(curve[0] == 0 && curve[CS_CURVE_POINTS - 1] == 0);
    cs_precision_curve(list, 6, 0, curve);
    assert_true(isnan(curve[0]) && isnan(cs_sampled_precision(list, 6, 0)));
}

/* A box in a crowd is neither right nor wrong, however often, but a free object goes before it. */
static void test_crowds(void **state) {
    (void)state;
    for (cs_metric metric = CS_METRIC_VOC; metric <= CS_METRIC_COCO; metric++) {
        cs_evaluate_options options = {metric, 0};
        scene *s = make_scene(1, 1);
        add_truth(s, 0, 0, 0, 0, 100, 100, 0);
        s->truth[0][0].crowd = 1;
        add_truth(s, 0, 0, 0, 0, 10, 10, 0);
        for (int i = 0; i < 3; i++)
            add_box(s, 0, 0, .9f, (float)(40 + 10 * i), 40, 10, 10);
        add_box(s, 0, 0, .8f, 95, 0, 10, 10); /* half of it in the crowd: enough at 0.5, not at 0.55 */
        add_box(s, 0, 0, .7f, 0, 0, 10, 10);
        assert_ok(cs_evaluate(&s->dataset, s->pointers, &options, per_class, &figures, &error));
        assert_int_equal(figures.metric, metric);
        assert_int_equal(per_class[0].objects, 1);
        assert_near(per_class[0].ap50, 1);
        assert_near(per_class[0].ap, (1 + 9 * 0.5) / 10);
        free(s);
    }
}

/* COCO gives a box the best object that is free, VOC the best one, free or not. */
static void test_metrics_differ(void **state) {
    (void)state;
    scene *s = make_scene(1, 1);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 0, 0, 2, 0, 10, 10, 0);
    add_box(s, 0, 0, .9f, 0, 0, 10, 10);
    add_box(s, 0, 0, .8f, .5f, 0, 10, 10);
    evaluate(s);
    assert_int_equal(figures.metric, CS_METRIC_VOC);
    assert_near(per_class[0].ap50, 0.5);
    s->dataset.kind = CS_DATASET_YOLO;
    evaluate(s);
    assert_int_equal(figures.metric, CS_METRIC_VOC);
    s->dataset.kind = CS_DATASET_COCO;
    evaluate(s);
    assert_int_equal(figures.metric, CS_METRIC_COCO);
    assert_near(per_class[0].ap50, 1);
    free(s);
}

/* Of a photograph and class COCO looks at 100 boxes: the hit is the last of them, or comes after. */
static void test_coco_takes_a_hundred(void **state) {
    (void)state;
    cs_evaluate_options options = {CS_METRIC_COCO, 0};
    for (size_t misses = 99; misses <= 100; misses++) {
        scene *s = make_scene(1, 1);
        cs_detection boxes[101];
        for (size_t i = 0; i < misses; i++)
            boxes[i] = (cs_detection){0, .9f, 50, 50, 5, 5};
        boxes[misses] = (cs_detection){0, .5f, 0, 0, 10, 10};
        struct cs_detections many = {misses + 1, misses + 1, boxes};
        s->pointers[0] = &many;
        add_truth(s, 0, 0, 0, 0, 10, 10, 0);
        assert_ok(cs_evaluate(&s->dataset, s->pointers, &options, per_class, &figures, &error));
        assert_near(per_class[0].ap50, misses == 99 ? 0.01 : 0);
        free(s);
    }
}

static void test_pairs(void **state) {
    (void)state;
    cs_evaluate_options options = {CS_METRIC_VOC, .5f};
    scene *s = make_scene(4, 2);
    add_truth(s, 0, 0, 0, 0, 10, 10, 0);
    add_truth(s, 1, 0, 0, 0, 10, 10, 0);
    add_truth(s, 2, 0, 0, 0, 10, 10, 1);  /* difficult only: neither present nor absent */
    add_box(s, 0, 0, .5f, 0, 0, 10, 10);  /* at the score itself: counts */
    add_box(s, 0, 0, .6f, 50, 50, 5, 5);  /* a second box of a kept pair, no hit */
    add_box(s, 0, 0, .4f, 0, 0, 10, 10);  /* too low */
    add_box(s, 1, 0, .9f, 4, 0, 14, 10);  /* IoU 1/3, but its centre lies outside */
    add_box(s, 2, 0, .9f, 0, 0, 10, 10);  /* a hit of an unclear pair */
    add_box(s, 3, 0, .9f, 0, 0, 10, 10);  /* absent */
    add_box(s, 0, 1, .45f, 0, 0, 10, 10); /* absent, too low */
    add_box(s, 1, 1, .9f, 0, 0, 10, 10);  /* absent, class 1 */
    assert_ok(cs_evaluate(&s->dataset, s->pointers, &options, per_class, &figures, &error));
    const cs_pair_figures *one = &per_class[0].pairs, *all = &figures.pairs;
    assert_int_equal(one->absent, 1);
    assert_int_equal(one->absent_with_box, 1);
    assert_int_equal(one->present, 2);
    assert_int_equal(one->kept, 1);
    assert_int_equal(one->boxes, 5);
    assert_int_equal(one->hits, 3);
    assert_int_equal(one->kept_boxes, 2);
    assert_near(one->boxes_per_kept, 2);
    assert_int_equal(all->absent, 5);
    assert_int_equal(all->absent_with_box, 2);
    assert_near(all->absent_rate, (double)(float)0.4);
    assert_near(all->kept_rate, 0.5);
    assert_near(all->hit_rate, 0.5);
    assert_true(isnan(per_class[1].pairs.kept_rate) && isnan(per_class[1].pairs.boxes_per_kept));
    s->pointers[3] = NULL; /* a photograph left out has no pairs */
    assert_ok(cs_evaluate(&s->dataset, s->pointers, &options, per_class, &figures, &error));
    assert_int_equal(figures.pairs.absent, 3);
    assert_int_equal(figures.photographs, 3);
    free(s);
}

static void test_wrong_options(void **state) {
    (void)state;
    scene *s = make_scene(1, 1);
    cs_evaluate_options bad_metric = {(cs_metric)7, 0}, bad_score = {CS_METRIC_VOC, NAN};
    assert_fails(cs_evaluate(&s->dataset, s->pointers, &bad_metric, NULL, &figures, &error), CS_ERR_ARGUMENT,
                 "metric: 7");
    assert_fails(cs_evaluate(&s->dataset, s->pointers, &bad_score, NULL, &figures, &error), CS_ERR_ARGUMENT,
                 "min_score");
    free(s);
}

static void test_given_boxes(void **state) {
    (void)state;
    const cs_detection boxes[] = {{1, .25f, 1, 2, 3, 4}, {0, .5f, 5, 6, 7, 8}};
    cs_detections *made = NULL;
    assert_ok(cs_detections_from(boxes, 2, &made, &error));
    assert_int_equal(cs_detections_count(made), 2);
    assert_memory_equal(cs_detections_get(made), boxes, sizeof boxes);
    cs_detections_destroy(made);
    assert_ok(cs_detections_from(NULL, 0, &made, &error));
    assert_int_equal(cs_detections_count(made), 0);
    cs_detections_destroy(made);
    assert_fails(cs_detections_from(NULL, 1, &made, &error), CS_ERR_ARGUMENT, "boxes");
}

/* ---- The slow calculation: no sorting, no shared code, precision by counting for every candidate. ---- */

typedef struct naive_box {
    size_t photo;
    cs_detection box;
    int done, verdict; /* 1 hit, 0 miss, -1 left out */
} naive_box;

static double naive_iou(const cs_truth *t, const cs_detection *b) {
    double w = fmin((double)t->x + t->width, (double)b->x + b->width) - fmax(t->x, b->x);
    double h = fmin((double)t->y + t->height, (double)b->y + b->height) - fmax(t->y, b->y);
    if (w <= 0 || h <= 0) return 0;
    return w * h / ((double)t->width * t->height + (double)b->width * b->height - w * h);
}

static int naive_verdict(const scene *s, const naive_box *b, double threshold, int taken[][MAX_BOXES]) {
    double best = -1;
    size_t at = 0;
    for (size_t i = 0; i < s->entries[b->photo].count; i++) {
        const cs_truth *t = &s->truth[b->photo][i];
        if (t->class_index != b->box.prompt || naive_iou(t, &b->box) <= best) continue;
        best = naive_iou(t, &b->box);
        at = i;
    }
    if (best < threshold) return 0;
    if (s->truth[b->photo][at].difficult) return -1;
    return taken[b->photo][at]++ == 0;
}

/* Mean over the objects of the highest precision at any rank that has found at least as many; 0 for those never found.
 */
static double naive_area(const int *verdicts, size_t n, size_t objects) {
    double sum = 0;
    for (size_t object = 1; object <= objects; object++) {
        double best = 0;
        size_t hits = 0;
        for (size_t i = 0; i < n; i++) {
            hits += verdicts[i] == 1;
            if (hits >= object) best = fmax(best, (double)hits / (double)(i + 1));
        }
        sum += best;
    }
    return sum / (double)objects;
}

static double naive_box_ap(const scene *s, size_t class_index, double threshold) {
    naive_box all[MAX_PHOTOS * MAX_BOXES];
    int taken[MAX_PHOTOS][MAX_BOXES] = {{0}}, verdicts[MAX_PHOTOS * MAX_BOXES];
    size_t n = 0, judged = 0, objects = 0;
    for (size_t p = 0; p < s->dataset.count; p++) {
        for (size_t i = 0; i < s->detections[p].count; i++)
            if (s->boxes[p][i].prompt == class_index) all[n++] = (naive_box){p, s->boxes[p][i], 0, 0};
        for (size_t i = 0; i < s->entries[p].count; i++)
            objects += s->truth[p][i].class_index == class_index && !s->truth[p][i].difficult;
    }
    for (size_t round = 0; round < n; round++) {
        naive_box *next = NULL;
        for (size_t i = 0; i < n; i++)
            if (!all[i].done && (!next || all[i].box.score > next->box.score)) next = &all[i];
        next->done = 1;
        int verdict = naive_verdict(s, next, threshold, taken);
        if (verdict >= 0) verdicts[judged++] = verdict;
    }
    return objects ? naive_area(verdicts, judged, objects) : NAN;
}

static double naive_image_ap(const scene *s, size_t class_index) {
    double score[MAX_PHOTOS], sum = 0;
    int shown[MAX_PHOTOS];
    size_t positives = 0;
    for (size_t p = 0; p < s->dataset.count; p++) {
        score[p] = 0;
        shown[p] = 0;
        for (size_t i = 0; i < s->detections[p].count; i++)
            if (s->boxes[p][i].prompt == class_index) score[p] = fmax(score[p], s->boxes[p][i].score);
        for (size_t i = 0; i < s->entries[p].count; i++)
            if (s->truth[p][i].class_index == class_index && shown[p] != 1)
                shown[p] = s->truth[p][i].difficult ? -1 : 1;
        positives += shown[p] == 1;
    }
    for (size_t p = 0; p < s->dataset.count; p++) {
        double best = 0;
        for (size_t q = 0; shown[p] == 1 && q < s->dataset.count; q++) {
            double hits = 0, all = 0;
            if (score[q] > score[p] || shown[q] < 0) continue;
            for (size_t r = 0; r < s->dataset.count; r++) {
                hits += score[r] >= score[q] && shown[r] == 1;
                all += score[r] >= score[q] && shown[r] >= 0;
            }
            best = fmax(best, hits / all);
        }
        sum += best;
    }
    return positives ? sum / (double)positives : NAN;
}

/* Pair by pair and box by box. */
static cs_pair_figures naive_pairs(const scene *s, float min_score) {
    cs_pair_figures sum = {0};
    for (size_t p = 0; p < s->dataset.count; p++) {
        for (size_t c = 0; c < s->dataset.class_count; c++) {
            size_t boxes = 0, sure = 0, doubtful = 0, centred = 0;
            for (size_t k = 0; k < s->entries[p].count; k++)
                if (s->truth[p][k].class_index == c) s->truth[p][k].difficult ? doubtful++ : sure++;
            for (size_t i = 0; i < s->detections[p].count; i++) {
                const cs_detection *b = &s->boxes[p][i];
                double x = b->x + 0.5 * b->width, y = b->y + 0.5 * b->height, best = 0;
                if (b->prompt != c || b->score < min_score) continue;
                for (size_t k = 0; k < s->entries[p].count; k++) {
                    const cs_truth *t = &s->truth[p][k];
                    if (t->class_index != c) continue;
                    best = fmax(best, naive_iou(t, b));
                    centred += x >= t->x && y >= t->y && x <= t->x + t->width && y <= t->y + t->height;
                }
                boxes++;
                sum.hits += best >= 0.3;
            }
            sum.boxes += boxes;
            if (sure) {
                sum.present++;
                sum.kept += centred > 0;
                sum.kept_boxes += centred ? boxes : 0;
            } else if (!doubtful) {
                sum.absent++;
                sum.absent_with_box += boxes > 0;
            }
        }
    }
    return sum;
}

static void assert_same_pairs(const cs_pair_figures *found, const cs_pair_figures *expected) {
    assert_int_equal(found->absent, expected->absent);
    assert_int_equal(found->absent_with_box, expected->absent_with_box);
    assert_int_equal(found->present, expected->present);
    assert_int_equal(found->kept, expected->kept);
    assert_int_equal(found->boxes, expected->boxes);
    assert_int_equal(found->hits, expected->hits);
    assert_int_equal(found->kept_boxes, expected->kept_boxes);
}

static uint32_t seed = 2463534242u;

static size_t below(size_t limit) {
    return next_random(&seed) % limit;
}

/* Boxes on a small grid with few scores, so that overlaps, duplicates and ties abound. */
static scene *random_scene(void) {
    scene *s = make_scene(1 + below(MAX_PHOTOS), 1 + below(MAX_CLASSES));
    for (size_t p = 0; p < s->dataset.count; p++) {
        for (size_t i = below(6); i > 0; i--)
            add_truth(s, p, below(s->dataset.class_count), (float)below(8), (float)below(8), (float)(4 + below(8)),
                      (float)(4 + below(8)), below(4) == 0);
        for (size_t i = below(MAX_BOXES); i > 0; i--)
            add_box(s, p, below(s->dataset.class_count), (float)(1 + below(8)) / 8, (float)below(8), (float)below(8),
                    (float)(4 + below(8)), (float)(4 + below(8)));
    }
    return s;
}

static void assert_same(double value, double expected) {
    if (isnan(expected))
        assert_true(isnan(value));
    else
        assert_near(value, expected);
}

static void test_random_scenes(void **state) {
    (void)state;
    double sum30 = 0;
    for (int round = 0; round < 500; round++) {
        scene *s = random_scene();
        double ap30 = 0, ap50 = 0, image = 0;
        size_t counted = 0;
        cs_evaluate_options options = {CS_METRIC_AUTO, (float)(1 + below(8)) / 8};
        assert_ok(cs_evaluate(&s->dataset, s->pointers, &options, per_class, &figures, &error));
        cs_pair_figures pairs = naive_pairs(s, options.min_score);
        assert_same_pairs(&figures.pairs, &pairs);
        for (size_t c = 0; c < s->dataset.class_count; c++) {
            double expected[] = {naive_box_ap(s, c, 0.3), naive_box_ap(s, c, 0.5), naive_image_ap(s, c)};
            assert_same(per_class[c].ap30, expected[0]);
            assert_same(per_class[c].ap50, expected[1]);
            assert_same(per_class[c].image_ap, expected[2]);
            if (isnan(expected[0])) continue;
            ap30 += expected[0], ap50 += expected[1], image += expected[2];
            counted++;
        }
        assert_same(figures.ap30, counted ? ap30 / (double)counted : NAN);
        assert_same(figures.ap50, counted ? ap50 / (double)counted : NAN);
        assert_same(figures.image_map, counted ? image / (double)counted : NAN);
        if (counted) sum30 += figures.ap30;
        free(s);
    }
    assert_true(sum30 > 25); /* the scenes are not all misses */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_iou),
                                       cmocka_unit_test(test_curve),
                                       cmocka_unit_test(test_ranking),
                                       cmocka_unit_test(test_perfect),
                                       cmocka_unit_test(test_nothing_found),
                                       cmocka_unit_test(test_thresholds),
                                       cmocka_unit_test(test_duplicates_are_misses),
                                       cmocka_unit_test(test_best_overlap_alone_counts),
                                       cmocka_unit_test(test_other_classes_and_photos_do_not_match),
                                       cmocka_unit_test(test_difficult_is_neither_hit_nor_miss),
                                       cmocka_unit_test(test_box_ties_keep_the_order_of_photographs),
                                       cmocka_unit_test(test_no_object_at_all),
                                       cmocka_unit_test(test_wrong_arguments),
                                       cmocka_unit_test(test_photographs_left_out),
                                       cmocka_unit_test(test_strict_mean),
                                       cmocka_unit_test(test_sampled_curve),
                                       cmocka_unit_test(test_crowds),
                                       cmocka_unit_test(test_metrics_differ),
                                       cmocka_unit_test(test_coco_takes_a_hundred),
                                       cmocka_unit_test(test_pairs),
                                       cmocka_unit_test(test_wrong_options),
                                       cmocka_unit_test(test_given_boxes),
                                       cmocka_unit_test(test_random_scenes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
