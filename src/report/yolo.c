/* YOLO's label lines with a score behind: the class and the box's centre and size relative to the photograph. */
#include "report/formats.h"
#include "report/number.h"

static void append_ratio(cs_strbuf *yolo, double part, int whole) {
    cs_strbuf_puts(yolo, " ");
    cs_number_fixed(yolo, part / whole, 6);
}

cs_status cs_yolo_detections(const cs_found *found, char **text, cs_error *error) {
    cs_strbuf yolo = CS_STRBUF_EMPTY;
    int width = found->photo->width, height = found->photo->height;
    for (size_t i = 0; i < found->count; i++) {
        cs_edges box = cs_box_edges(&found->boxes[i], width, height);
        cs_strbuf_printf(&yolo, "%zu", found->boxes[i].prompt);
        append_ratio(&yolo, (box.left + box.right) / 2, width);
        append_ratio(&yolo, (box.top + box.bottom) / 2, height);
        append_ratio(&yolo, box.right - box.left, width);
        append_ratio(&yolo, box.bottom - box.top, height);
        append_ratio(&yolo, found->boxes[i].score, 1);
        cs_strbuf_puts(&yolo, "\n");
    }
    return cs_strbuf_take(&yolo, text, error);
}
