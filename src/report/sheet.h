/* What the parts of a sheet share. */
#ifndef CS_REPORT_SHEET_H
#define CS_REPORT_SHEET_H

#include "report/lettering.h"

/* All in pixels. */
enum {
    CS_SHEET_MARGIN = 40,
    CS_SHEET_BORDER = 1,       /* of a card */
    CS_SHEET_TITLE = 30,       /* letters */
    CS_SHEET_TEXT = 17,        /* letters of the note and of the legend */
    CS_SHEET_LEAST_WIDTH = 640 /* of the page, so that a heading has room */
};

/* Where things are: a heading, and below it a grid of cards, each a mat on which a photograph lies and a line. */
typedef struct cs_sheet_grid {
    size_t columns, rows;
    int side, mat; /* width and height of a mat */
    int letters;   /* size of those in the line */
    int line;      /* height of the line */
    int gap;       /* between cards */
    int width;     /* of the page */
} cs_sheet_grid;

/* The mats have the proportions of the usual photograph among the items. */
cs_status cs_sheet_grid_make(const cs_sheet *sheet, cs_sheet_grid *grid, cs_error *error);

/* Height of the page below the heading, with the margin. */
int cs_sheet_grid_height(const cs_sheet_grid *grid);

/* The card of an item, its top left corner as seen from below the heading's margin. */
cs_rect cs_sheet_card(const cs_sheet_grid *grid, size_t index);

/* The heading on a page of this width: its height, and where `picture` is not NULL it is drawn. */
cs_status cs_sheet_heading(const cs_sheet *sheet, int width, cs_image *picture, int *height, cs_error *error);

typedef struct cs_sheet_letters {
    cs_lettering plain, bold;
} cs_sheet_letters;

cs_status cs_sheet_item_draw(const cs_sheet *sheet, size_t index, const cs_sheet_grid *grid, cs_rect card,
                             const cs_sheet_letters *letters, cs_image *picture, cs_error *error);

/* Text in a rectangle of the picture, from its left edge, over a ground of this colour. */
cs_status cs_sheet_text(const cs_lettering *lettering, const char *text, cs_rect place, cs_rgb ground, cs_rgb ink,
                        cs_image *picture, cs_error *error);

extern const cs_rgb CS_SHEET_PAGE, CS_SHEET_CARD, CS_SHEET_MAT, CS_SHEET_EDGE, CS_SHEET_INK, CS_SHEET_GREY;

#endif
