/* Relevance maps as small pictures made of characters. */
#include "report/columns.h"
#include "report/formats.h"

/* Of characters, each with a space: what a terminal has room for. */
enum { MOST_COLUMNS = 38 };

/* Index of the highest cell, or -1 where no cell is above zero. */
static int highest_cell(const cs_map *map) {
    int best = -1;
    for (int i = 0; i < map->rows * map->cols; i++)
        if (map->cells[i] > (best < 0 ? 0.0F : map->cells[best])) best = i;
    return best;
}

/* Tenths of the score as a digit; '.' under 0.1; never a 10. */
static char cell_digit(float cell) {
    if (!(cell >= 0.1F)) return '.';
    return cell >= 0.9F ? '9' : (char)('0' + (int)(cell * 10));
}

/* The character for side x side cells from (left, top) on: that of their highest. */
static char block_digit(const cs_map *map, int left, int top, int side, int highest) {
    float most = 0;
    for (int y = top; y < top + side && y < map->rows; y++)
        for (int x = left; x < left + side && x < map->cols; x++) {
            int cell = y * map->cols + x;
            if (cell == highest) return '#';
            if (map->cells[cell] > most) most = map->cells[cell];
        }
    return cell_digit(most);
}

static void append_picture(cs_strbuf *table, const cs_map *map, int side, int highest) {
    for (int y = 0; y < map->rows; y += side) {
        cs_strbuf_puts(table, "   ");
        for (int x = 0; x < map->cols; x += side)
            cs_strbuf_printf(table, " %c", block_digit(map, x, y, side, highest));
        cs_strbuf_puts(table, "\n");
    }
}

/* A patch has one side; the cells of a dense map need not be square, nor end between pixels. */
static void append_cell_size(cs_strbuf *table, const cs_map *map) {
    if (map->patch > 0)
        cs_strbuf_printf(table, "%d", map->patch);
    else
        cs_strbuf_printf(table, "%.1f x %.1f", (double)map->cell_width, (double)map->cell_height);
}

static void append_map(cs_strbuf *table, const char *label, const cs_map *map) {
    int highest = highest_cell(map), side = (map->cols + MOST_COLUMNS - 1) / MOST_COLUMNS;
    cs_strbuf_printf(table, "  %s: %d x %d cells of ", label, map->cols, map->rows);
    append_cell_size(table, map);
    cs_strbuf_puts(table, " pixels, ");
    if (highest < 0) {
        cs_strbuf_puts(table, "no cell stands out\n");
        return;
    }
    if (side > 1) cs_strbuf_printf(table, "%d x %d in one character, ", side, side);
    int row = highest / map->cols, col = highest % map->cols;
    cs_strbuf_printf(table, "highest (#) at x %.0f y %.0f\n", col * (double)map->cell_width,
                     row * (double)map->cell_height);
    append_picture(table, map, side, highest);
}

cs_status cs_table_maps(const cs_relevance *relevance, char **text, cs_error *error) {
    cs_labels labels;
    cs_status status = cs_labels_create(relevance->prompts, &labels, error);
    if (status != CS_OK) return status;
    cs_strbuf table = CS_STRBUF_EMPTY;
    cs_photo_line(&table, relevance->photo);
    for (size_t i = 0; i < labels.count; i++) {
        cs_map map = cs_maps_get(relevance->maps, i);
        append_map(&table, labels.items[i], &map);
    }
    cs_labels_destroy(&labels);
    return cs_strbuf_take(&table, text, error);
}
