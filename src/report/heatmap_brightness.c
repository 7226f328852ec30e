#include "report/heatmap.h"

/* The grid's extent in pixels; less where the photograph ends earlier. */
static int covered(int patches, int patch, int limit) {
    int64_t extent = (int64_t)patches * patch;
    return extent < limit ? (int)extent : limit;
}

/* table[v] = round(v * score), for all brightnesses v. */
static void fill_table(float score, uint8_t table[256]) {
    for (int value = 0; value < 256; value++)
        table[value] = (uint8_t)(value * (double)score + 0.5);
}

/* Fills the patch in row `row`, column `col` of the grid. */
static void dim_patch(const cs_image *image, const cs_map *map, int row, int col, cs_image *picture) {
    uint8_t table[256];
    fill_table(cs_heatmap_score(map->cells[(size_t)row * (size_t)map->cols + (size_t)col]), table);
    int top = row * map->patch, left = col * map->patch;
    int bottom = picture->height - top < map->patch ? picture->height : top + map->patch;
    int right = picture->width - left < map->patch ? picture->width : left + map->patch;
    for (int y = top; y < bottom; y++) {
        const uint8_t *in = image->pixels + ((size_t)y * (size_t)image->width + (size_t)left) * 3;
        uint8_t *out = picture->pixels + ((size_t)y * (size_t)picture->width + (size_t)left) * 3;
        for (int i = 0; i < (right - left) * 3; i++)
            out[i] = table[in[i]];
    }
}

cs_status cs_heatmap_brightness(const cs_image *image, const cs_map *map, cs_image **picture, cs_error *error) {
    int width = covered(map->cols, map->patch, image->width);
    int height = covered(map->rows, map->patch, image->height);
    cs_status status = cs_image_create(width, height, picture, error);
    if (status != CS_OK) return status;
    for (int row = 0; row < map->rows && (int64_t)row * map->patch < height; row++)
        for (int col = 0; col < map->cols && (int64_t)col * map->patch < width; col++)
            dim_patch(image, map, row, col, *picture);
    return CS_OK;
}
