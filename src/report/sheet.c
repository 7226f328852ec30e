#include "report/sheet.h"

#include "base/error.h"

const cs_rgb CS_SHEET_PAGE = {246, 246, 244}, CS_SHEET_CARD = {255, 255, 255}, CS_SHEET_MAT = {237, 237, 234},
             CS_SHEET_EDGE = {221, 221, 217}, CS_SHEET_INK = {30, 30, 32}, CS_SHEET_GREY = {110, 110, 114};

cs_status cs_sheet_text(const cs_lettering *lettering, const char *text, cs_rect place, cs_rgb ground, cs_rgb ink,
                        cs_image *picture, cs_error *error) {
    const cs_sign sign = {text, 0, ground, ink};
    cs_rect inside = cs_rect_intersect(place, (cs_rect){0, 0, picture->width, picture->height});
    if (inside.width == 0 || inside.height == 0) return CS_OK;
    return cs_lettering_draw(lettering, &sign, inside, picture, error);
}

static cs_status check_item(const cs_sheet *sheet, size_t index, cs_error *error) {
    const cs_sheet_item *item = &sheet->items[index];
    size_t prompts = sheet->prompts ? cs_prompts_count(sheet->prompts) : 0;
    if (!item->caption) return cs_fail(error, CS_ERR_ARGUMENT, "photograph %zu of a sheet: expected a caption", index);
    size_t boxes = item->detections ? cs_detections_count(item->detections) : 0;
    for (size_t i = 0; i < boxes; i++) {
        size_t prompt = cs_detections_get(item->detections)[i].prompt;
        if (prompt >= prompts)
            return cs_fail(error, CS_ERR_ARGUMENT, "photograph %zu of a sheet: a box of prompt %zu; there are %zu",
                           index, prompt, prompts);
    }
    return CS_OK;
}

static cs_status check(const cs_sheet *sheet, cs_image **picture, cs_error *error) {
    if (!sheet || !picture || !sheet->title || (sheet->count > 0 && !sheet->items))
        return cs_fail(error, CS_ERR_ARGUMENT, "a sheet needs a title, photographs and room for the picture");
    if (sheet->count > CS_SHEET_MOST)
        return cs_fail(error, CS_ERR_LIMIT, "expected at most %d photographs on a sheet, got %zu", CS_SHEET_MOST,
                       sheet->count);
    cs_status status = CS_OK;
    for (size_t i = 0; i < sheet->count && status == CS_OK; i++)
        status = check_item(sheet, i, error);
    return status;
}

static cs_status draw_items(const cs_sheet *sheet, const cs_sheet_grid *grid, int top, cs_image *picture,
                            cs_error *error) {
    cs_sheet_letters letters;
    cs_status status = cs_lettering_open_light(grid->letters, &letters.plain, error);
    if (status != CS_OK) return status;
    status = cs_lettering_open(grid->letters, &letters.bold, error);
    for (size_t i = 0; i < sheet->count && status == CS_OK; i++) {
        cs_rect card = cs_sheet_card(grid, i);
        card.y += top;
        status = cs_sheet_item_draw(sheet, i, grid, card, &letters, picture, error);
    }
    cs_lettering_close(&letters.bold);
    cs_lettering_close(&letters.plain);
    return status;
}

static cs_status draw(const cs_sheet *sheet, const cs_sheet_grid *grid, cs_image *picture, cs_error *error) {
    int top = 0;
    cs_canvas_fill(picture, (cs_rect){0, 0, picture->width, picture->height}, CS_SHEET_PAGE);
    cs_status status = cs_sheet_heading(sheet, grid->width, picture, &top, error);
    return status == CS_OK ? draw_items(sheet, grid, top, picture, error) : status;
}

cs_status cs_draw_sheet(const cs_sheet *sheet, cs_image **picture, cs_error *error) {
    cs_sheet_grid grid;
    cs_image *made = NULL;
    int top = 0;
    cs_status status = check(sheet, picture, error);
    if (status == CS_OK) status = cs_sheet_grid_make(sheet, &grid, error);
    if (status == CS_OK) status = cs_sheet_heading(sheet, grid.width, NULL, &top, error);
    if (status == CS_OK) status = cs_image_create(grid.width, top + cs_sheet_grid_height(&grid), &made, error);
    if (status == CS_OK) status = draw(sheet, &grid, made, error);
    if (status == CS_OK)
        *picture = made;
    else
        cs_image_close(made);
    return status;
}
