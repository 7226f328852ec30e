#include <math.h>
#include <stdio.h>

#include "report/plot.h"

static const cs_rgb PAPER = {255, 255, 255}, FAINT = {238, 238, 238}, GRID = {216, 216, 216}, INK = {60, 60, 60};

static double across(double recall) {
    return CS_PLOT_LEFT + recall * CS_PLOT_SIDE;
}

static double up(double precision) {
    return CS_PLOT_BOTTOM - precision * CS_PLOT_SIDE;
}

static void stroke_line(const cs_plot *plot, double x0, double y0, double x1, double y1) {
    cairo_move_to(plot->cairo, x0, y0);
    cairo_line_to(plot->cairo, x1, y1);
    cairo_stroke(plot->cairo);
}

/* Tenths; every second one is stronger. */
static void draw_grid(const cs_plot *plot) {
    cairo_set_line_width(plot->cairo, 1.5);
    for (int pass = 1; pass >= 0; pass--) {
        cs_plot_color(plot, pass ? FAINT : GRID);
        for (int tenth = pass; tenth <= 10; tenth += 2) {
            stroke_line(plot, across(tenth / 10.0), up(0), across(tenth / 10.0), up(1));
            stroke_line(plot, across(0), up(tenth / 10.0), across(1), up(tenth / 10.0));
        }
    }
}

/* Two digits without printf(), whose decimal point is the locale's. */
static void draw_scales(const cs_plot *plot) {
    for (int fifth = 0; fifth <= 5; fifth++) {
        char text[] = {(char)('0' + fifth / 5), '.', (char)('0' + fifth % 5 * 2), '\0'};
        cs_plot_text(plot, text, across(fifth / 5.0), CS_PLOT_BOTTOM + 33, 0.5);
        cs_plot_text(plot, text, CS_PLOT_LEFT - 14, up(fifth / 5.0) + 7, 1);
    }
}

static void draw_names(const cs_plot *plot) {
    cs_plot_text(plot, "recall", across(0.5), CS_PLOT_BOTTOM + 70, 0.5);
    cairo_save(plot->cairo);
    cairo_translate(plot->cairo, 38, up(0.5));
    cairo_rotate(plot->cairo, -acos(-1) / 2);
    cs_plot_text(plot, "precision", 0, 0, 0.5);
    cairo_restore(plot->cairo);
}

void cs_plot_axes(const cs_plot *plot) {
    cs_plot_color(plot, PAPER);
    cairo_paint(plot->cairo);
    draw_grid(plot);
    cs_plot_color(plot, INK);
    cairo_set_line_width(plot->cairo, 2);
    stroke_line(plot, across(0), up(0), across(1), up(0));
    stroke_line(plot, across(0), up(0), across(0), up(1));
    draw_scales(plot);
    draw_names(plot);
}
