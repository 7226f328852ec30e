/* Places of label tags: chosen ones, and properties over random boxes. */
#include "support/support.h"

#include <string.h>

#include "report/label_layout.h"

static int overlap(cs_rect a, cs_rect b) {
    cs_rect common = cs_rect_intersect(a, b);
    return common.width * common.height;
}

static int inside(cs_rect tag, int width, int height) {
    return tag.x >= 0 && tag.y >= 0 && tag.x + tag.width <= width && tag.y + tag.height <= height;
}

/* True if the two share a pixel or an edge. */
static int touch(cs_rect a, cs_rect b) {
    return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

static void check(cs_rect box, cs_rect expected) {
    cs_rect tag = {-1, -1, expected.width, expected.height};
    cs_label_layout(100, 80, &box, &tag, 1);
    assert_memory_equal(&tag, &expected, sizeof tag);
}

static void one_tag_takes_the_usual_place(void **state) {
    (void)state;
    check((cs_rect){20, 30, 40, 40}, (cs_rect){20, 20, 30, 10}); /* above */
    check((cs_rect){20, 5, 40, 40}, (cs_rect){20, 5, 30, 10});   /* no room above: inside the top */
    check((cs_rect){90, 30, 10, 40}, (cs_rect){70, 20, 30, 10}); /* moved left into the picture */
    check((cs_rect){0, 75, 10, 5}, (cs_rect){0, 65, 30, 10});
    check((cs_rect){0, 5, 10, 4}, (cs_rect){0, 5, 30, 10});
    check((cs_rect){0, 0, 100, 80}, (cs_rect){0, 0, 100, 80}); /* a tag as large as the picture */
    check((cs_rect){30, 40, 10, 40}, (cs_rect){30, 0, 30, 80});
}

/* Three tags for the same box take three places. */
static void equal_boxes_get_tags_apart(void **state) {
    (void)state;
    cs_rect boxes[12], tags[12];
    for (int i = 0; i < 12; i++) {
        boxes[i] = (cs_rect){100, 100, 120, 120};
        tags[i] = (cs_rect){0, 0, 60, 14};
    }
    cs_label_layout(400, 400, boxes, tags, 12);
    const cs_rect first = {100, 86, 60, 14}, second = {160, 86, 60, 14}, third = {100, 100, 60, 14};
    assert_memory_equal(&tags[0], &first, sizeof first);
    assert_memory_equal(&tags[1], &second, sizeof second);
    assert_memory_equal(&tags[2], &third, sizeof third);
    for (int i = 0; i < 12; i++)
        for (int k = 0; k < i; k++)
            assert_int_equal(overlap(tags[i], tags[k]), 0);
}

/* Thirty equal boxes have no room for thirty tags, but the picture has. */
static void many_tags_leave_their_box_rather_than_overlap(void **state) {
    (void)state;
    enum { MANY = 30 };
    cs_rect boxes[MANY], tags[MANY];
    int away = 0;
    for (int i = 0; i < MANY; i++) {
        boxes[i] = (cs_rect){200, 200, 60, 40};
        tags[i] = (cs_rect){0, 0, 90, 14};
    }
    cs_label_layout(400, 400, boxes, tags, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_true(inside(tags[i], 400, 400));
        away += !touch(tags[i], boxes[i]);
        for (int k = 0; k < i; k++)
            assert_int_equal(overlap(tags[i], tags[k]), 0);
        /* Near rather than anywhere. */
        assert_true(touch(tags[i], (cs_rect){boxes[i].x - 90, boxes[i].y - 90, 240, 220}));
    }
    assert_in_range(away, 1, MANY - 1);
}

static unsigned next(unsigned *seed, unsigned below) {
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

enum { TAGS = 10 };

static void random_boxes(unsigned *seed, int width, int height, cs_rect *boxes, cs_rect *tags) {
    for (int i = 0; i < TAGS; i++) {
        int x = (int)next(seed, (unsigned)width), y = (int)next(seed, (unsigned)height);
        boxes[i] =
            (cs_rect){x, y, 1 + (int)next(seed, (unsigned)(width - x)), 1 + (int)next(seed, (unsigned)(height - y))};
        tags[i] = (cs_rect){-7, -7, 1 + (int)next(seed, (unsigned)width / 4), 12};
    }
}

/* A tag that found no place at its box has found a free one, and there is none at the box that is both. */
static void check_tag(const cs_rect *boxes, const cs_rect *tags, int i, int *overlapping) {
    int hidden = 0;
    for (int k = 0; k < i; k++)
        hidden += overlap(tags[i], tags[k]) > 0;
    assert_true(touch(tags[i], boxes[i]) || hidden == 0);
    *overlapping += hidden;
}

static void tags_stay_inside_and_at_their_box_and_hide_none(void **state) {
    (void)state;
    unsigned seed = 1;
    enum { ROUNDS = 2000 };
    int overlapping = 0, away = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int width = 40 + (int)next(&seed, 600), height = 30 + (int)next(&seed, 600);
        cs_rect boxes[TAGS], tags[TAGS];
        random_boxes(&seed, width, height, boxes, tags);
        cs_label_layout(width, height, boxes, tags, TAGS);
        for (int i = 0; i < TAGS; i++) {
            assert_true(inside(tags[i], width, height));
            check_tag(boxes, tags, i, &overlapping);
            away += !touch(tags[i], boxes[i]);
        }
    }
    /* Only in pictures too small for ten tags; without leaving the box there are seven times as many. */
    assert_in_range(overlapping, 0, ROUNDS / 50);
    assert_in_range(away, 1, ROUNDS / 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_tag_takes_the_usual_place),
        cmocka_unit_test(equal_boxes_get_tags_apart),
        cmocka_unit_test(many_tags_leave_their_box_rather_than_overlap),
        cmocka_unit_test(tags_stay_inside_and_at_their_box_and_hide_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
