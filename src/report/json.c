#include "report/json.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "report/number.h"
#include "report/text.h"

json_t *cs_json_text(const char *text) {
    char *clean = cs_text_clean(text);
    json_t *value = clean ? json_string(clean) : NULL;
    free(clean);
    return value;
}

json_t *cs_json_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *cs_json_box(const cs_detection *box) {
    return json_pack("[o, o, o, o]", cs_json_number(cs_number_pixels(box->x)), cs_json_number(cs_number_pixels(box->y)),
                     cs_json_number(cs_number_pixels(box->width)), cs_json_number(cs_number_pixels(box->height)));
}

json_t *cs_json_detection(const char *label, const cs_detection *box) {
    return json_pack("{s:o, s:o, s:o}", "label", cs_json_text(label), "score",
                     cs_json_number(cs_number_shortest(box->score)), "box", cs_json_box(box));
}

void cs_json_add(json_t **array, json_t *value) {
    if (json_array_append_new(*array, value) == 0) return;
    json_decref(*array);
    *array = NULL;
}

static int append(const char *bytes, size_t size, void *text) {
    cs_strbuf_append(text, bytes, size);
    return 0;
}

cs_status cs_json_finish(json_t *root, char **text, cs_error *error) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    /* Nine digits bring a float back exactly. */
    size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(9);
    int written = root && json_dump_callback(root, append, &buffer, flags) == 0;
    json_decref(root);
    if (!written) {
        cs_strbuf_free(&buffer);
        return cs_fail_memory(error, "a JSON report");
    }
    cs_strbuf_puts(&buffer, "\n");
    return cs_strbuf_take(&buffer, text, error);
}
