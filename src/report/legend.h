/* The strip below a colour overlay that says what its colours mean. */
#ifndef CS_REPORT_LEGEND_H
#define CS_REPORT_LEGEND_H

#include "report/canvas.h"

/* Height in pixels of the strip for a photograph drawn in width x height. */
int cs_legend_height(int width, int height);

/* Draws the strip over the bottom of the picture, from y = `top` on. */
cs_status cs_legend_draw(cs_image *picture, int top, const cs_rgb colors[CS_COLORMAP_STEPS], cs_error *error);

#endif
