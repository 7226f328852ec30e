#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/sheet.h"

enum { USUAL_WIDTH = 1640, LEAST_SIDE = 220, MOST_SIDE = 900 };

/* As square as may be; up to three photographs stand in a row. */
static size_t columns_for(size_t count) {
    if (count <= 3) return count > 0 ? count : 1;
    size_t columns = 2;
    while (columns * columns < count)
        columns++;
    return columns;
}

static int gap_for(size_t columns) {
    return columns > 6 ? 14 : 22;
}

int cs_sheet_side(size_t count) {
    size_t columns = columns_for(count);
    int side = (USUAL_WIDTH - ((int)columns - 1) * gap_for(columns)) / (int)columns;
    return side < LEAST_SIDE ? LEAST_SIDE : side > MOST_SIDE ? MOST_SIDE : side;
}

static double shape_of(const cs_sheet_item *item) {
    return item->image ? (double)cs_image_height(item->image) / cs_image_width(item->image) : 0.75;
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Height over width: the median's, so that most photographs fill their mats, between that of 4 : 3 and that of the
 * square for which photographs are made smaller. */
static cs_status usual_shape(const cs_sheet *sheet, double *shape, cs_error *error) {
    double *shapes = cs_alloc(sheet->count, sizeof *shapes);
    if (!shapes) return cs_fail_memory(error, "a sheet");
    for (size_t i = 0; i < sheet->count; i++)
        shapes[i] = shape_of(&sheet->items[i]);
    qsort(shapes, sheet->count, sizeof *shapes, compare);
    double middle = sheet->count > 0 ? shapes[sheet->count / 2] : 0.75;
    *shape = fmin(fmax(middle, 0.6), 1);
    free(shapes);
    return CS_OK;
}

static int between(int value, int least, int most) {
    return value < least ? least : value > most ? most : value;
}

/* No wider than the largest photograph: small ones are shown as they are, and would be lost on a large mat. */
static int side_for(const cs_sheet *sheet) {
    int most = LEAST_SIDE;
    for (size_t i = 0; i < sheet->count; i++) {
        const cs_image *image = sheet->items[i].image;
        int width = image ? cs_image_width(image) : 0, height = image ? cs_image_height(image) : 0;
        most = most > width ? most : width;
        most = most > height ? most : height;
    }
    int side = cs_sheet_side(sheet->count);
    return side < most ? side : most;
}

cs_status cs_sheet_grid_make(const cs_sheet *sheet, cs_sheet_grid *grid, cs_error *error) {
    double shape;
    cs_status status = usual_shape(sheet, &shape, error);
    if (status != CS_OK) return status;
    size_t columns = columns_for(sheet->count);
    int side = side_for(sheet), letters = between(side / 20, 12, 17), gap = gap_for(columns);
    int cards = (int)columns * (side + 2 * CS_SHEET_BORDER + gap) - gap;
    *grid = (cs_sheet_grid){.columns = columns,
                            .rows = (sheet->count + columns - 1) / columns,
                            .side = side,
                            .mat = (int)lround(side * shape),
                            .letters = letters,
                            .line = letters * 5 / 2,
                            .gap = gap,
                            .width = between(cards + 2 * CS_SHEET_MARGIN, CS_SHEET_LEAST_WIDTH, 1 << 24)};
    return CS_OK;
}

static int card_height(const cs_sheet_grid *grid) {
    return grid->mat + grid->line + 2 * CS_SHEET_BORDER;
}

int cs_sheet_grid_height(const cs_sheet_grid *grid) {
    if (grid->rows == 0) return 0;
    return (int)grid->rows * (card_height(grid) + grid->gap) - grid->gap + CS_SHEET_MARGIN;
}

cs_rect cs_sheet_card(const cs_sheet_grid *grid, size_t index) {
    int column = (int)(index % grid->columns), row = (int)(index / grid->columns);
    int width = grid->side + 2 * CS_SHEET_BORDER, height = card_height(grid);
    return (cs_rect){CS_SHEET_MARGIN + column * (width + grid->gap), row * (height + grid->gap), width, height};
}
