/* What the parts of a precision-recall plot share. */
#ifndef CS_REPORT_PLOT_H
#define CS_REPORT_PLOT_H

#include <cairo.h>

#include "clipsight.h"
#include "report/color.h"

/* All in pixels. The plot stands on the left, the legend on the right of it. */
enum {
    CS_PLOT_WIDTH = 1440,
    CS_PLOT_HEIGHT = 1000,
    CS_PLOT_LEFT = 110,
    CS_PLOT_TOP = 90,
    CS_PLOT_SIDE = 800, /* of the square in which the curves are */
    CS_PLOT_RIGHT = CS_PLOT_LEFT + CS_PLOT_SIDE,
    CS_PLOT_BOTTOM = CS_PLOT_TOP + CS_PLOT_SIDE,
    CS_PLOT_LEGEND = CS_PLOT_RIGHT + 60,
    CS_PLOT_MARGIN = 50,
    CS_PLOT_LETTERS = 21,
    CS_PLOT_ROW = 31 /* of the legend */
};

/* A curve with what its place in the legend gives it. */
typedef struct cs_plot_line {
    const cs_curve *curve;
    size_t place; /* in the list of the caller, to keep the order of equals */
    cs_rgb color;
    int is_listed; /* else the legend only counts it */
} cs_plot_line;

typedef struct cs_plot {
    cairo_t *cairo;
    const char *title;
    cs_plot_line *lines; /* [count], means first, then by falling AP */
    size_t count;
} cs_plot;

/* How many rows the legend has. */
enum { CS_PLOT_ROWS = CS_PLOT_SIDE / CS_PLOT_ROW - 1 };

void cs_plot_color(const cs_plot *plot, cs_rgb color);

/* Text with its base line at y and x at its left end (align 0), middle (0.5) or right end (1). */
void cs_plot_text(const cs_plot *plot, const char *text, double x, double y, double align);

/* `label`, which may be any bytes, cut to `limit` pixels. CS_ERR_MEMORY where memory is short. */
cs_status cs_plot_label(const cs_plot *plot, const char *label, double x, double y, double limit, cs_error *error);

/* Sets colour, thickness and dashes for a line. */
void cs_plot_pen(const cs_plot *plot, const cs_plot_line *line);

/* Ground, grid, scales and names of the axes. */
void cs_plot_axes(const cs_plot *plot);

cs_status cs_plot_legend(const cs_plot *plot, cs_error *error);

#endif
