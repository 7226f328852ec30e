#include <stdlib.h>

#include "base/error.h"
#include "report/lettering.h"
#include "report/plot.h"
#include "report/text.h"

void cs_plot_color(const cs_plot *plot, cs_rgb color) {
    cairo_set_source_rgb(plot->cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0);
}

void cs_plot_text(const cs_plot *plot, const char *text, double x, double y, double align) {
    cairo_text_extents_t extents;
    cairo_text_extents(plot->cairo, text, &extents);
    cairo_move_to(plot->cairo, x - align * extents.x_advance, y);
    cairo_show_text(plot->cairo, text);
}

cs_status cs_plot_label(const cs_plot *plot, const char *label, double x, double y, double limit, cs_error *error) {
    cs_lettering lettering = {.font = cairo_get_scaled_font(plot->cairo)}; /* stays cairo's */
    char *clean = cs_text_visible(label);
    char *text = clean ? cs_lettering_fit(&lettering, clean, "", limit) : NULL;
    if (text) cs_plot_text(plot, text, x, y, 0);
    free(clean);
    if (!text) return cs_fail_memory(error, "a label");
    free(text);
    return CS_OK;
}
