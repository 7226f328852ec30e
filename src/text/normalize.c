#include "text/normalize.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/error.h"
#include "text/nfc.h"
#include "text/unicode.h"

static void append_code(cs_strbuf *out, int32_t code) {
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(code, bytes);
    cs_strbuf_append(out, (const char *)bytes, (size_t)n);
}

static void append_lower(cs_strbuf *out, int32_t code) {
    int32_t lower[2];
    size_t n = cs_char_lower(code, lower);
    for (size_t i = 0; i < n; i++)
        append_code(out, lower[i]);
}

cs_status cs_normalize(const char *text, size_t length, cs_strbuf *out, cs_error *error) {
    int32_t *points;
    size_t count;
    cs_status status = cs_nfc(text, length, &points, &count, error);
    if (status != CS_OK) return status;
    int in_space = 0;
    for (size_t i = 0; i < count; i++) {
        int space = cs_char_classify(points[i]) == CS_CHAR_SPACE;
        if (!space) append_lower(out, points[i]);
        if (space && !in_space) append_code(out, ' ');
        in_space = space;
    }
    free(points);
    return out->failed ? cs_fail_memory(error, "a normalised prompt") : CS_OK;
}
