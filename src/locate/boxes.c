#include "locate/boxes.h"

#include <stdlib.h>

#include "locate/detections.h"
#include "locate/iou.h"
#include "locate/rectangles.h"

/* Further rectangles of one prompt: how many at most, and what share of the first one's gain they must have. */
enum { MOST_RECTANGLES = 10 };
static const float least_gain = 0.1f;

static float mean_in_box(const cs_grid *grid, const cs_region *region) {
    double sum = 0;
    for (int row = region->top; row < region->bottom; row++)
        for (int col = region->left; col < region->right; col++)
            sum += (double)grid->values[(size_t)row * (size_t)grid->cols + (size_t)col];
    return (float)(sum / ((double)(region->bottom - region->top) * (region->right - region->left)));
}

static float mean_of(const cs_grid *grid) {
    double sum = 0;
    size_t cells = (size_t)grid->rows * (size_t)grid->cols;
    for (size_t i = 0; i < cells; i++)
        sum += (double)grid->values[i];
    return (float)(sum / (double)cells);
}

static cs_status add_box(const cs_grid *grid, const cs_region *region, cs_box_score rule, size_t prompt,
                         cs_detections *detections, cs_error *error) {
    cs_detection box = {.prompt = prompt,
                        .score = rule == CS_SCORE_MEAN ? mean_in_box(grid, region) : region->peak,
                        .x = (float)region->left * grid->cell_width,
                        .y = (float)region->top * grid->cell_height,
                        .width = (float)(region->right - region->left) * grid->cell_width,
                        .height = (float)(region->bottom - region->top) * grid->cell_height};
    return cs_detections_append(detections, &box, error);
}

cs_status cs_boxes_find(const cs_grid *grid, const float *cosines, const cs_box_options *options, size_t prompt,
                        cs_detections *detections, cs_error *error) {
    if (options->single) {
        cs_region region = cs_grid_single_region(grid, options->threshold, cosines);
        if (region.cells == 0) return CS_OK;
        return add_box(grid, &region, options->score, prompt, detections, error);
    }
    cs_region *regions;
    size_t count;
    const cs_rectangle_options rectangles = {options->threshold * mean_of(grid), MOST_RECTANGLES, least_gain};
    cs_status status = options->rule == CS_BOX_RECTANGLES
                           ? cs_grid_rectangles(grid, &rectangles, cosines, &regions, &count, error)
                           : cs_grid_regions(grid, options->threshold, cosines, &regions, &count, error);
    if (status != CS_OK) return status;
    for (size_t i = 0; status == CS_OK && i < count; i++)
        status = add_box(grid, &regions[i], options->score, prompt, detections, error);
    free(regions);
    return status;
}

static int by_prompt_then_score(const void *a, const void *b) {
    const cs_detection *left = a, *right = b;
    if (left->prompt != right->prompt) return left->prompt < right->prompt ? -1 : 1;
    if (left->score != right->score) return left->score > right->score ? -1 : 1;
    if (left->y != right->y) return left->y < right->y ? -1 : 1;
    return (left->x > right->x) - (left->x < right->x);
}

void cs_boxes_sort(cs_detections *detections) {
    if (detections->count > 1)
        qsort(detections->items, detections->count, sizeof *detections->items, by_prompt_then_score);
}

static double iou(const cs_detection *a, const cs_detection *b) {
    const cs_box left = {a->x, a->y, a->width, a->height}, right = {b->x, b->y, b->width, b->height};
    return cs_iou(&left, &right);
}

static int is_covered(const cs_detection *kept, size_t count, const cs_detection *box, float overlap) {
    for (size_t i = 0; i < count; i++)
        if (kept[i].prompt == box->prompt && iou(&kept[i], box) > overlap) return 1;
    return 0;
}

void cs_boxes_suppress(cs_detections *detections, float overlap) {
    size_t kept = 0;
    for (size_t i = 0; i < detections->count; i++)
        if (!is_covered(detections->items, kept, &detections->items[i], overlap))
            detections->items[kept++] = detections->items[i];
    detections->count = kept;
}
