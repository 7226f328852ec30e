/* PASCAL VOC's annotation file with a <score> added. Corners are whole pixels counted from 1, both inside the box
 * (The PASCAL Visual Object Classes Challenge 2007 Development Kit, section 4.1). */
#include "report/formats.h"
#include "report/number.h"
#include "report/text.h"

#include <math.h>
#include <string.h>

/* Appends one code point. XML 1.0 has no way to say most control characters; line ends and tabs would be changed by
 * a reader unless they are written as numbers. */
static void append_escaped(cs_strbuf *xml, int32_t code_point) {
    if (code_point == '&')
        cs_strbuf_puts(xml, "&amp;");
    else if (code_point == '<')
        cs_strbuf_puts(xml, "&lt;");
    else if (code_point == '>')
        cs_strbuf_puts(xml, "&gt;");
    else if (code_point == '\t' || code_point == '\n' || code_point == '\r')
        cs_strbuf_printf(xml, "&#%d;", (int)code_point);
    else if (code_point < 0x20 || code_point == 0xFFFE || code_point == 0xFFFF)
        cs_text_append(xml, CS_TEXT_REPLACEMENT);
    else
        cs_text_append(xml, code_point);
}

static void append_element(cs_strbuf *xml, const char *name, const char *text) {
    cs_strbuf_printf(xml, "<%s>", name);
    while (*text)
        append_escaped(xml, cs_text_next(&text));
    cs_strbuf_printf(xml, "</%s>\n", name);
}

/* First pixel, counted from 1, of a stretch that begins at the edge `from`. */
static double first_pixel(double from, int limit) {
    return fmin(floor(from + 0.5) + 1, limit);
}

/* Last pixel of a stretch that ends at the edge `to`: at least the first. */
static double last_pixel(double from, double to, int limit) {
    return fmin(fmax(floor(to + 0.5), first_pixel(from, limit)), limit);
}

static void append_corners(cs_strbuf *xml, const cs_edges *box, int width, int height) {
    cs_strbuf_puts(xml, "\t\t<bndbox>\n");
    cs_strbuf_printf(xml, "\t\t\t<xmin>%.0f</xmin>\n", first_pixel(box->left, width));
    cs_strbuf_printf(xml, "\t\t\t<ymin>%.0f</ymin>\n", first_pixel(box->top, height));
    cs_strbuf_printf(xml, "\t\t\t<xmax>%.0f</xmax>\n", last_pixel(box->left, box->right, width));
    cs_strbuf_printf(xml, "\t\t\t<ymax>%.0f</ymax>\n", last_pixel(box->top, box->bottom, height));
    cs_strbuf_puts(xml, "\t\t</bndbox>\n");
}

static void append_object(cs_strbuf *xml, const cs_found *found, const cs_detection *box) {
    cs_edges edges = cs_box_edges(box, found->photo->width, found->photo->height);
    cs_strbuf_puts(xml, "\t<object>\n\t\t");
    append_element(xml, "name", cs_prompts_label(found->prompts, box->prompt));
    cs_strbuf_puts(xml, "\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n");
    cs_strbuf_puts(xml, "\t\t<score>");
    cs_number_exact(xml, cs_number_shortest(box->score));
    cs_strbuf_puts(xml, "</score>\n");
    append_corners(xml, &edges, found->photo->width, found->photo->height);
    cs_strbuf_puts(xml, "\t</object>\n");
}

static void append_photo(cs_strbuf *xml, const cs_photo *photo) {
    const char *slash = strrchr(photo->path, '/');
    cs_strbuf_puts(xml, "\t");
    append_element(xml, "filename", slash ? slash + 1 : photo->path);
    cs_strbuf_puts(xml, "\t");
    append_element(xml, "path", photo->path);
    cs_strbuf_printf(xml, "\t<size>\n\t\t<width>%d</width>\n\t\t<height>%d</height>\n\t\t<depth>3</depth>\n\t</size>\n",
                     photo->width, photo->height);
    cs_strbuf_puts(xml, "\t<segmented>0</segmented>\n");
}

cs_status cs_voc_detections(const cs_found *found, char **text, cs_error *error) {
    cs_strbuf xml = CS_STRBUF_EMPTY;
    cs_strbuf_puts(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<annotation>\n");
    append_photo(&xml, found->photo);
    for (size_t i = 0; i < found->count; i++)
        append_object(&xml, found, &found->boxes[i]);
    cs_strbuf_puts(&xml, "</annotation>\n");
    return cs_strbuf_take(&xml, text, error);
}
