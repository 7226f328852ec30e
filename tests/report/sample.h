/* Prompts, photographs and results to report on, without a model. */
#ifndef CS_TESTS_REPORT_SAMPLE_H
#define CS_TESTS_REPORT_SAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "locate/detections.h"
#include "locate/maps.h"
#include "model/prompts.h"

/* Quotes, commas, line ends, markup, a path, bytes that are no UTF-8, right-to-left letters and an override, an emoji
 * family, a terminal's escape sequence. */
#define HOSTILE "\"a\",b\r\n<c>&'d'\t../e \xff\xc0\xaf \u05e9\u05dc\u202e \U0001F468\u200D\U0001F469 \x1b[31m\x7f"
/* The same with U+FFFD for each of the three bad bytes. */
#define HOSTILE_CLEAN                                                                                                  \
    "\"a\",b\r\n<c>&'d'\t../e \uFFFD\uFFFD\uFFFD \u05e9\u05dc\u202e \U0001F468\u200D\U0001F469 \x1b[31m\x7f"

static inline cs_detections *sample_detections(const cs_detection *items, size_t count) {
    cs_detections *detections = NULL;
    if (cs_detections_create(&detections, NULL) != CS_OK) abort();
    for (size_t i = 0; i < count; i++)
        if (cs_detections_append(detections, &items[i], NULL) != CS_OK) abort();
    return detections;
}

/* `count` maps of rows x cols patches of `patch` pixels and 1 x 2 windows; cells: [count, rows, cols]. */
static inline cs_maps *sample_maps(size_t count, int patch, int rows, int cols, const float *cells) {
    cs_map shape = {.method = CS_METHOD_WINDOW,
                    .cell_width = (float)patch,
                    .cell_height = (float)patch,
                    .rows = rows,
                    .cols = cols,
                    .patch = patch,
                    .window = 2,
                    .stride = 1,
                    .window_rows = 1,
                    .window_cols = 2};
    cs_maps *maps = NULL;
    if (cs_maps_create(count, &shape, &maps, NULL) != CS_OK) abort();
    size_t size = (size_t)rows * (size_t)cols;
    for (size_t i = 0; i < count; i++) {
        cs_map map = cs_maps_get(maps, i);
        memcpy((void *)(uintptr_t)map.cells, cells + i * size, size * sizeof *cells);
        ((float *)(uintptr_t)map.logits)[0] = 20.1F;
        ((float *)(uintptr_t)map.logits)[1] = -1.0F / 3;
    }
    return maps;
}

#endif
