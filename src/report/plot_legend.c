#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "report/number.h"
#include "report/plot.h"

static const cs_rgb INK = {30, 30, 30};

enum { SAMPLE = 54, GAP = 16, NUMBER = 90 };

static void draw_sample(const cs_plot *plot, const cs_plot_line *line, double y) {
    cs_plot_pen(plot, line);
    cairo_move_to(plot->cairo, CS_PLOT_LEGEND, y - CS_PLOT_LETTERS * 0.35);
    cairo_line_to(plot->cairo, CS_PLOT_LEGEND + SAMPLE, y - CS_PLOT_LETTERS * 0.35);
    cairo_stroke(plot->cairo);
    cs_plot_color(plot, INK);
}

static cs_status draw_row(const cs_plot *plot, const cs_plot_line *line, double y, cs_error *error) {
    cs_strbuf number = CS_STRBUF_EMPTY;
    cs_number_fixed(&number, line->curve->ap, 3);
    if (number.failed) {
        cs_strbuf_free(&number);
        return cs_fail_memory(error, "a legend");
    }
    draw_sample(plot, line, y);
    double x = CS_PLOT_LEGEND + SAMPLE + GAP, end = CS_PLOT_WIDTH - CS_PLOT_MARGIN;
    cs_plot_text(plot, number.data, end, y, 1);
    cs_strbuf_free(&number);
    return cs_plot_label(plot, line->curve->label, x, y, end - NUMBER - x, error);
}

static cs_status draw_rest(const cs_plot *plot, const cs_plot_line *line, size_t count, double y, cs_error *error) {
    cs_strbuf text = CS_STRBUF_EMPTY;
    cs_strbuf_printf(&text, "%zu more", count);
    if (text.failed) {
        cs_strbuf_free(&text);
        return cs_fail_memory(error, "a legend");
    }
    draw_sample(plot, line, y);
    cs_plot_text(plot, text.data, CS_PLOT_LEGEND + SAMPLE + GAP, y, 0);
    cs_strbuf_free(&text);
    return CS_OK;
}

cs_status cs_plot_legend(const cs_plot *plot, cs_error *error) {
    double y = CS_PLOT_TOP + CS_PLOT_LETTERS / 2.0;
    cs_status status = CS_OK;
    cs_plot_color(plot, INK);
    cs_plot_text(plot, "AP", CS_PLOT_WIDTH - CS_PLOT_MARGIN, y, 1);
    for (size_t i = 0; i < plot->count && status == CS_OK; i++) {
        y += CS_PLOT_ROW;
        if (!plot->lines[i].is_listed) return draw_rest(plot, &plot->lines[i], plot->count - i, y, error);
        status = draw_row(plot, &plot->lines[i], y, error);
    }
    return status;
}
