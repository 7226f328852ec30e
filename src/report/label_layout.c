#include "report/label_layout.h"

#include <stdint.h>

typedef struct search {
    cs_rect picture, box;
    const cs_rect *placed; /* [count] */
    size_t count;
    cs_rect best;
    int64_t best_cost; /* pixels of earlier tags that `best` covers */
} search;

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

static int64_t covered(const search *s, cs_rect tag) {
    int64_t sum = 0;
    for (size_t i = 0; i < s->count && sum < s->best_cost; i++) {
        cs_rect common = cs_rect_intersect(tag, s->placed[i]);
        sum += (int64_t)common.width * common.height;
    }
    return sum;
}

/* Considers the tag at (x, y), moved sideways into the picture; a place above or below the picture is none. */
static void consider(search *s, int x, int y) {
    if (y < 0 || y + s->best.height > s->picture.height || s->best_cost == 0) return;
    cs_rect tag = {clamp(x, 0, s->picture.width - s->best.width), y, s->best.width, s->best.height};
    int64_t cost = covered(s, tag);
    if (cost >= s->best_cost) return;
    s->best = tag;
    s->best_cost = cost;
}

static void consider_row(search *s, int y) {
    int slack = s->box.width - s->best.width;
    consider(s, s->box.x, y);
    consider(s, s->box.x + slack, y);
    consider(s, s->box.x + slack / 2, y);
}

/* Places `across` and `down` apart with their left edges from `left` to `right`. */
static void consider_grid(search *s, int left, int right, int across, int down) {
    int bottom = s->box.y + s->box.height;
    for (int y = s->box.y - s->best.height; y <= bottom && s->best_cost > 0; y += down)
        for (int x = left; x <= right && s->best_cost > 0; x += across)
            consider(s, x, y);
}

/* Places that cover the box and one tag's size around it, at most about 24 x 24; those right of its left edge first. */
static void consider_around(search *s) {
    enum { STEPS = 24 };
    int across = (s->box.width + s->best.width) / STEPS, down = (s->box.height + s->best.height) / STEPS;
    if (across < s->best.width / 4 + 1) across = s->best.width / 4 + 1;
    if (down < s->best.height / 2 + 1) down = s->best.height / 2 + 1;
    consider_grid(s, s->box.x, s->box.x + s->box.width, across, down);
    consider_grid(s, s->box.x - s->best.width, s->box.x, across, down);
}

/* Pixels between the two, 0 where they touch. */
static int distance(cs_rect a, cs_rect b) {
    int across = a.x > b.x + b.width ? a.x - b.x - b.width : b.x > a.x + a.width ? b.x - a.x - a.width : 0;
    int down = a.y > b.y + b.height ? a.y - b.y - b.height : b.y > a.y + a.height ? b.y - a.y - a.height : 0;
    return across > down ? across : down;
}

/* The free place nearest to the box, wherever in the picture. What has to be free is one pixel larger than the tag, so
 * that the line to the box can be seen to come from this tag. */
static void consider_everywhere(search *s) {
    int width = s->best.width, height = s->best.height, nearest = INT32_MAX;
    for (int y = 0; y + height <= s->picture.height; y += height / 2 + 1) {
        for (int x = 0; x + width <= s->picture.width; x += width / 4 + 1) {
            cs_rect tag = {x, y, width, height};
            int far = distance(tag, s->box);
            if (far >= nearest) continue;
            s->best_cost = 1;
            if (covered(s, (cs_rect){x - 1, y - 1, width + 2, height + 2}) > 0) continue;
            s->best = tag;
            nearest = far;
        }
    }
}

static void place(search *s) {
    int bottom = s->box.y + s->box.height;
    s->best_cost = INT64_MAX;
    consider_row(s, s->box.y - s->best.height);
    consider_row(s, s->box.y);
    consider_row(s, bottom);
    consider_row(s, bottom - s->best.height);
    consider_around(s);
    /* A box so near the bottom edge that even a tag inside its top would leave the picture. */
    if (s->best_cost == INT64_MAX) consider(s, s->box.x, s->picture.height - s->best.height);
    if (s->best_cost > 0) consider_everywhere(s);
}

void cs_label_layout(int width, int height, const cs_rect *boxes, cs_rect *tags, size_t n) {
    for (size_t i = 0; i < n; i++) {
        search s = {{0, 0, width, height}, boxes[i], tags, i, tags[i], 0};
        place(&s);
        tags[i] = s.best;
    }
}
