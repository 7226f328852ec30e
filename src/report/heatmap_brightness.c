#include "report/heatmap.h"

#include <math.h>

/* Where a cell begins, or where the grid ends, in whole pixels; no further than the photograph goes. */
static int edge(int cell, float side, int limit) {
    double position = floor((double)cell * (double)side + 0.5);
    return position < limit ? (int)position : limit;
}

/* table[v] = round(v * score), for all brightnesses v. */
static void fill_table(float score, uint8_t table[256]) {
    for (int value = 0; value < 256; value++)
        table[value] = (uint8_t)(value * (double)score + 0.5);
}

/* Fills the cell in row `row`, column `col` of the grid. */
static void dim_cell(const cs_image *image, const cs_map *map, int row, int col, cs_image *picture) {
    uint8_t table[256];
    fill_table(cs_heatmap_score(map->cells[(size_t)row * (size_t)map->cols + (size_t)col]), table);
    int top = edge(row, map->cell_height, picture->height), left = edge(col, map->cell_width, picture->width);
    int bottom = edge(row + 1, map->cell_height, picture->height);
    int right = edge(col + 1, map->cell_width, picture->width);
    for (int y = top; y < bottom; y++) {
        const uint8_t *in = image->pixels + ((size_t)y * (size_t)image->width + (size_t)left) * 3;
        uint8_t *out = picture->pixels + ((size_t)y * (size_t)picture->width + (size_t)left) * 3;
        for (int i = 0; i < (right - left) * 3; i++)
            out[i] = table[in[i]];
    }
}

cs_status cs_heatmap_brightness(const cs_image *image, const cs_map *map, cs_image **picture, cs_error *error) {
    int width = edge(map->cols, map->cell_width, image->width);
    int height = edge(map->rows, map->cell_height, image->height);
    cs_status status = cs_image_create(width, height, picture, error);
    if (status != CS_OK) return status;
    for (int row = 0; row < map->rows; row++)
        for (int col = 0; col < map->cols; col++)
            dim_cell(image, map, row, col, *picture);
    return CS_OK;
}
