#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/image.h"
#include "report/plot.h"

static const cs_rgb BLACK = {20, 20, 20}, GREY = {205, 205, 205};

/* Means in the caller's order, then the others by falling AP. */
static int compare(const void *left, const void *right) {
    const cs_plot_line *a = left, *b = right;
    int a_thin = a->curve->style == CS_CURVE_THIN, b_thin = b->curve->style == CS_CURVE_THIN;
    if (a_thin != b_thin) return a_thin - b_thin;
    if (a_thin && a->curve->ap != b->curve->ap) return a->curve->ap > b->curve->ap ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* Steps of the golden angle: rows of the legend that are neighbours differ. Dark enough for white paper. */
static cs_rgb line_color(size_t index) {
    static const double lightness[] = {0.60, 0.47, 0.70};
    return cs_color_lch(lightness[index % 3], 0.17, fmod(255 + 137.50776405 * (double)(index % 100000), 360));
}

/* The legend's last row counts what has no row of its own. */
static void style_lines(cs_plot *plot) {
    size_t rows = plot->count <= CS_PLOT_ROWS ? plot->count : CS_PLOT_ROWS - 1;
    for (size_t i = 0; i < plot->count; i++) {
        cs_plot_line *line = &plot->lines[i];
        line->is_listed = i < rows;
        line->color = !line->is_listed ? GREY : line->curve->style == CS_CURVE_THIN ? line_color(i) : BLACK;
    }
}

static cs_status order_lines(cs_plot *plot, const cs_curve *curves, size_t count, cs_error *error) {
    plot->lines = cs_alloc(count, sizeof *plot->lines);
    if (!plot->lines) return cs_fail_memory(error, "a plot");
    for (size_t i = 0; i < count; i++)
        if (!isnan(curves[i].precision[0]) && !isnan(curves[i].ap))
            plot->lines[plot->count++] = (cs_plot_line){.curve = &curves[i], .place = i};
    qsort(plot->lines, plot->count, sizeof *plot->lines, compare);
    style_lines(plot);
    return CS_OK;
}

void cs_plot_pen(const cs_plot *plot, const cs_plot_line *line) {
    static const double dash[] = {12, 7};
    int thin = line->curve->style == CS_CURVE_THIN;
    cs_plot_color(plot, line->color);
    cairo_set_line_width(plot->cairo, thin ? 2.5 : 5);
    cairo_set_dash(plot->cairo, dash, line->curve->style == CS_CURVE_DASHED ? 2 : 0, 0);
}

/* Where no higher recall was reached the line falls to the bottom and ends, rather than run along the axis. */
static void draw_curve(const cs_plot *plot, const cs_plot_line *line) {
    const float *precision = line->curve->precision;
    cs_plot_pen(plot, line);
    cairo_new_path(plot->cairo); /* text leaves a point */
    for (int i = 0; i < CS_CURVE_POINTS; i++) {
        double x = CS_PLOT_LEFT + i * (double)CS_PLOT_SIDE / (CS_CURVE_POINTS - 1);
        double y = CS_PLOT_BOTTOM - fmin(fmax(precision[i], 0), 1) * CS_PLOT_SIDE;
        cairo_line_to(plot->cairo, x, y);
        if (!(precision[i] > 0)) break;
    }
    cairo_stroke(plot->cairo);
}

/* The means come first in the legend and last on the paper: they lie over the others. */
static cs_status draw(const cs_plot *plot, cs_error *error) {
    cairo_select_font_face(plot->cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(plot->cairo, CS_PLOT_LETTERS);
    cs_plot_axes(plot);
    cs_status status =
        cs_plot_label(plot, plot->title, CS_PLOT_LEFT, 52, CS_PLOT_WIDTH - CS_PLOT_LEFT - CS_PLOT_MARGIN, error);
    cairo_set_line_join(plot->cairo, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = plot->count; i-- > 0;)
        draw_curve(plot, &plot->lines[i]);
    return status == CS_OK ? cs_plot_legend(plot, error) : status;
}

/* cairo's RGB24 holds a pixel as a 32-bit number, red in the third byte from below, whatever the machine's order. */
static void copy_pixels(cairo_surface_t *surface, cs_image *picture) {
    const unsigned char *source = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    uint8_t *out = picture->pixels;
    for (size_t y = 0; y < (size_t)picture->height; y++) {
        for (size_t x = 0; x < (size_t)picture->width; x++, out += 3) {
            uint32_t pixel;
            memcpy(&pixel, source + y * stride + x * 4, 4);
            out[0] = (uint8_t)(pixel >> 16);
            out[1] = (uint8_t)(pixel >> 8);
            out[2] = (uint8_t)pixel;
        }
    }
}

static cs_status cairo_result(cairo_t *cairo, cs_error *error) {
    cairo_status_t status = cairo_status(cairo);
    if (status == CAIRO_STATUS_SUCCESS) return CS_OK;
    if (status == CAIRO_STATUS_NO_MEMORY) return cs_fail_memory(error, "a plot");
    return cs_fail(error, CS_ERR_INTERNAL, "cairo cannot draw a plot: %s", cairo_status_to_string(status));
}

static cs_status render(cs_plot *plot, cs_image *picture, cs_error *error) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
    plot->cairo = cairo_create(surface);
    cs_status status = draw(plot, error);
    cairo_surface_flush(surface);
    if (status == CS_OK) status = cairo_result(plot->cairo, error);
    if (status == CS_OK) copy_pixels(surface, picture);
    cairo_destroy(plot->cairo);
    cairo_surface_destroy(surface);
    return status;
}

static cs_status check(const char *title, const cs_curve *curves, size_t count, cs_image **picture, cs_error *error) {
    if (!title || (count > 0 && !curves) || !picture)
        return cs_fail(error, CS_ERR_ARGUMENT, "a plot needs a title, curves and room for the picture");
    for (size_t i = 0; i < count; i++)
        if (!curves[i].label || !curves[i].precision)
            return cs_fail(error, CS_ERR_ARGUMENT, "curve %zu: expected a label and precisions", i);
    return CS_OK;
}

cs_status cs_draw_curves(const char *title, const cs_curve *curves, size_t count, cs_image **picture, cs_error *error) {
    cs_plot plot = {.title = title};
    cs_image *made = NULL;
    cs_status status = check(title, curves, count, picture, error);
    if (status == CS_OK) status = order_lines(&plot, curves, count, error);
    if (status == CS_OK) status = cs_image_create(CS_PLOT_WIDTH, CS_PLOT_HEIGHT, &made, error);
    if (status == CS_OK) status = render(&plot, made, error);
    free(plot.lines);
    if (status == CS_OK)
        *picture = made;
    else
        cs_image_close(made);
    return status;
}
