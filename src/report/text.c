#include "report/text.h"

#include <string.h>
#include <utf8proc.h>

int32_t cs_text_next(const char **text) {
    utf8proc_int32_t code_point;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)*text, -1, &code_point);
    if (used <= 0) {
        *text += 1;
        return CS_TEXT_REPLACEMENT;
    }
    *text += used;
    return code_point;
}

void cs_text_append(cs_strbuf *text, int32_t code_point) {
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char(code_point, bytes);
    cs_strbuf_append(text, (const char *)bytes, (size_t)length);
}

/* Changes the direction of the text around it (UAX 9), with which a label could disguise what follows. */
static int turns_direction(int32_t code_point) {
    return code_point == 0x61C || code_point == 0x200E || code_point == 0x200F ||
           (code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069);
}

static int is_hidden(int32_t code_point) {
    utf8proc_category_t category = utf8proc_category(code_point);
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
           turns_direction(code_point);
}

static void append_visible(cs_strbuf *text, int32_t code_point) {
    if (!is_hidden(code_point))
        cs_text_append(text, code_point);
    else if (code_point == '\n')
        cs_strbuf_puts(text, "\\n");
    else if (code_point == '\t')
        cs_strbuf_puts(text, "\\t");
    else if (code_point == '\r')
        cs_strbuf_puts(text, "\\r");
    else if (code_point < 0x80)
        cs_strbuf_printf(text, "\\x%02x", (unsigned)code_point);
    else
        cs_strbuf_printf(text, "\\u{%x}", (unsigned)code_point);
}

static char *map_text(const char *text, void (*append)(cs_strbuf *, int32_t)) {
    cs_strbuf result = CS_STRBUF_EMPTY;
    char *string = NULL;
    while (*text)
        append(&result, cs_text_next(&text));
    cs_strbuf_take(&result, &string, NULL);
    return string;
}

char *cs_text_clean(const char *text) {
    return map_text(text, cs_text_append);
}

char *cs_text_visible(const char *text) {
    return map_text(text, append_visible);
}

/* Steps over one grapheme cluster and returns its width: that of its widest code point. */
static size_t next_cluster(const char **text) {
    utf8proc_int32_t state = 0;
    int32_t previous = cs_text_next(text);
    int width = utf8proc_charwidth(previous);
    while (**text) {
        const char *after = *text;
        int32_t code_point = cs_text_next(&after);
        if (utf8proc_grapheme_break_stateful(previous, code_point, &state)) break;
        int own = utf8proc_charwidth(code_point);
        if (own > width) width = own;
        previous = code_point;
        *text = after;
    }
    return (size_t)width;
}

size_t cs_text_columns(const char *text) {
    size_t columns = 0;
    while (*text)
        columns += next_cluster(&text);
    return columns;
}

size_t cs_text_prefix(const char *text, size_t columns) {
    const char *end = text;
    for (size_t used = 0; *end;) {
        const char *after = end;
        used += next_cluster(&after);
        if (used > columns) break;
        end = after;
    }
    return (size_t)(end - text);
}
