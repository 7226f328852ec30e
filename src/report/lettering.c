#include "report/lettering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "report/text.h"

static cs_status cairo_failure(cairo_status_t status, cs_error *error) {
    if (status == CAIRO_STATUS_NO_MEMORY) return cs_fail_memory(error, "lettering");
    return cs_fail(error, CS_ERR_INTERNAL, "cairo cannot draw text: %s", cairo_status_to_string(status));
}

static cairo_scaled_font_t *make_font(double size, cairo_font_weight_t weight) {
    cairo_font_face_t *face = cairo_toy_font_face_create("DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, weight);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_matrix_t scale, identity;
    cairo_matrix_init_scale(&scale, size, size);
    cairo_matrix_init_identity(&identity);
    cairo_scaled_font_t *font = cairo_scaled_font_create(face, &scale, &identity, options);
    cairo_font_options_destroy(options);
    cairo_font_face_destroy(face);
    return font;
}

static cs_status open_font(double size, cairo_font_weight_t weight, cs_lettering *lettering, cs_error *error) {
    lettering->font = make_font(size, weight);
    cairo_status_t status = cairo_scaled_font_status(lettering->font);
    if (status != CAIRO_STATUS_SUCCESS) {
        cs_lettering_close(lettering);
        return cairo_failure(status, error);
    }
    cairo_font_extents_t extents;
    cairo_scaled_font_extents(lettering->font, &extents);
    lettering->ascent = extents.ascent;
    lettering->descent = extents.descent;
    return CS_OK;
}

cs_status cs_lettering_open(double size, cs_lettering *lettering, cs_error *error) {
    return open_font(size, CAIRO_FONT_WEIGHT_BOLD, lettering, error);
}

cs_status cs_lettering_open_light(double size, cs_lettering *lettering, cs_error *error) {
    return open_font(size, CAIRO_FONT_WEIGHT_NORMAL, lettering, error);
}

void cs_lettering_close(cs_lettering *lettering) {
    cairo_scaled_font_destroy(lettering->font);
    lettering->font = NULL;
}

double cs_lettering_width(const cs_lettering *lettering, const char *text) {
    cairo_text_extents_t extents;
    cairo_scaled_font_text_extents(lettering->font, text, &extents);
    return extents.x_advance;
}

/* Where the last `columns` of a label of `all` columns begin. */
static const char *end_of(const char *label, size_t all, size_t columns) {
    return label + cs_text_prefix(label, columns < all ? all - columns : 0);
}

/* A label of `all` columns with no more than `columns` of it left: its beginning or, of a name, both its ends, with an
 * ellipsis for what is missing; then the tail. */
static char *shortened(const char *label, size_t all, size_t columns, int both_ends, const char *tail) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    char *text = NULL;
    size_t behind = both_ends && columns < all ? columns / 2 : 0;
    size_t kept = cs_text_prefix(label, columns - behind);
    cs_strbuf_append(&buffer, label, kept);
    if (label[kept]) cs_strbuf_puts(&buffer, "\u2026");
    if (behind > 0) cs_strbuf_puts(&buffer, end_of(label, all, behind));
    cs_strbuf_puts(&buffer, tail);
    cs_strbuf_take(&buffer, &text, NULL);
    return text;
}

static char *fit(const cs_lettering *lettering, const char *label, int both_ends, const char *tail, double limit) {
    /* No picture shows more; and measuring takes time for every letter. */
    enum { MOST_COLUMNS = 256 };
    size_t all = cs_text_columns(label), least = 0, most = all > MOST_COLUMNS ? MOST_COLUMNS : all;
    char *text = shortened(label, all, most, both_ends, tail);
    if (!text || cs_lettering_width(lettering, text) <= limit) return text;
    free(text);
    while (most - least > 1) {
        size_t middle = (least + most) / 2;
        text = shortened(label, all, middle, both_ends, tail);
        if (!text) return NULL;
        if (cs_lettering_width(lettering, text) <= limit)
            least = middle;
        else
            most = middle;
        free(text);
    }
    return shortened(label, all, least, both_ends, tail);
}

char *cs_lettering_fit(const cs_lettering *lettering, const char *label, const char *tail, double limit) {
    return fit(lettering, label, 0, tail, limit);
}

char *cs_lettering_fit_name(const cs_lettering *lettering, const char *name, double limit) {
    return fit(lettering, name, 1, "", limit);
}

static void set_color(cairo_t *cairo, cs_rgb color) {
    cairo_set_source_rgb(cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0);
}

static void paint(const cs_lettering *lettering, const cs_sign *sign, cs_rect place, cairo_t *cairo) {
    set_color(cairo, sign->ground);
    cairo_paint(cairo);
    set_color(cairo, sign->ink);
    cairo_set_scaled_font(cairo, lettering->font);
    cairo_move_to(cairo, sign->x, round((place.height + lettering->ascent - lettering->descent) / 2));
    cairo_show_text(cairo, sign->text);
}

/* cairo's RGB24 holds a pixel as a 32-bit number, red in the third byte from below, whatever the machine's order. */
static void copy_pixels(cairo_surface_t *surface, cs_rect place, cs_image *picture) {
    const unsigned char *source = cairo_image_surface_get_data(surface);
    size_t source_stride = (size_t)cairo_image_surface_get_stride(surface);
    for (int y = 0; y < place.height; y++) {
        uint8_t *out = picture->pixels + ((size_t)(place.y + y) * (size_t)picture->width + (size_t)place.x) * 3;
        for (int x = 0; x < place.width; x++, out += 3) {
            uint32_t pixel;
            memcpy(&pixel, source + (size_t)y * source_stride + (size_t)x * 4, 4);
            out[0] = (uint8_t)(pixel >> 16);
            out[1] = (uint8_t)(pixel >> 8);
            out[2] = (uint8_t)pixel;
        }
    }
}

cs_status cs_lettering_draw(const cs_lettering *lettering, const cs_sign *sign, cs_rect place, cs_image *picture,
                            cs_error *error) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, place.width, place.height);
    cairo_t *cairo = cairo_create(surface);
    paint(lettering, sign, place, cairo);
    cairo_surface_flush(surface);
    cairo_status_t status = cairo_status(cairo);
    if (status == CAIRO_STATUS_SUCCESS) copy_pixels(surface, place, picture);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ? CS_OK : cairo_failure(status, error);
}
