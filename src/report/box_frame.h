/* A box's line in a picture: a coloured band inside its edges, between two thin ones of black or white. */
#ifndef CS_REPORT_BOX_FRAME_H
#define CS_REPORT_BOX_FRAME_H

#include "report/canvas.h"
#include "report/style.h"

/* The box in whole pixels of a picture of this size, at least so large that its line can be drawn. */
cs_rect cs_box_frame_place(const cs_detection *box, int width, int height, const cs_style *style);

/* Draws the line in the colour of the prompt. */
void cs_box_frame_draw(cs_image *picture, cs_rect place, size_t prompt, const cs_style *style);

#endif
