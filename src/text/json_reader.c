#include "text/json_reader.h"

#include <string.h>
#include <utf8proc.h>

#include "text/unicode.h"

static int is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void skip_space(cs_json_reader *r) {
    while (r->position < r->end && is_space(r->text[r->position]))
        r->position++;
}

int cs_json_accept(cs_json_reader *r, char expected) {
    skip_space(r);
    if (r->position >= r->end || r->text[r->position] != expected) return 0;
    r->position++;
    return 1;
}

/* Four hexadecimal digits, or -1. */
static int32_t read_hex(cs_json_reader *r) {
    int32_t value = 0;
    if (r->end - r->position < 4) return -1;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = memchr(digits, r->text[r->position + (size_t)i] | 0x20, 16);
        if (!digit) return -1;
        value = value << 4 | (int32_t)(digit - digits);
    }
    r->position += 4;
    return value;
}

static int is_surrogate(int32_t unit, int32_t first) {
    return unit >= first && unit < first + 0x400;
}

/* What follows "\u": one unit, or two with another "\u" between. NUL is no part of any token. */
static int read_unicode(cs_json_reader *r) {
    int32_t code = read_hex(r);
    if (is_surrogate(code, 0xd800)) {
        if (r->end - r->position < 2 || memcmp(r->text + r->position, "\\u", 2) != 0) return 0;
        r->position += 2;
        int32_t low = read_hex(r);
        if (!is_surrogate(low, 0xdc00)) return 0;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code <= 0 || is_surrogate(code, 0xdc00)) return 0;
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(code, bytes);
    cs_strbuf_append(&r->string, (const char *)bytes, (size_t)n);
    return 1;
}

/* What follows a backslash. */
static int read_escape(cs_json_reader *r) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (r->position >= r->end) return 0;
    char letter = r->text[r->position++];
    if (letter == 'u') return read_unicode(r);
    const char *known = memchr(letters, letter, 8);
    if (known) cs_strbuf_append(&r->string, &meanings[known - letters], 1);
    return known != NULL;
}

/* Consumes plain characters up to a quote or a backslash. */
static int read_plain(cs_json_reader *r) {
    size_t start = r->position;
    while (r->position < r->end && r->text[r->position] != '"' && r->text[r->position] != '\\') {
        if ((unsigned char)r->text[r->position] < 0x20) return 0;
        r->position++;
    }
    size_t length = r->position - start;
    if (cs_utf8_check(r->text + start, length, "", NULL) != CS_OK) return 0;
    cs_strbuf_append(&r->string, r->text + start, length);
    return 1;
}

int cs_json_read_string(cs_json_reader *r) {
    if (!cs_json_accept(r, '"')) return 0;
    r->string.length = 0;
    while (read_plain(r) && r->position < r->end) {
        if (r->text[r->position++] == '"') return !r->string.failed;
        if (!read_escape(r)) return 0;
    }
    return 0;
}

int cs_json_read_integer(cs_json_reader *r, int64_t *value) {
    int negative = cs_json_accept(r, '-');
    size_t start = r->position;
    int64_t number = 0;
    while (r->position < r->end && r->text[r->position] >= '0' && r->text[r->position] <= '9') {
        if (number > INT64_MAX / 10 - 1) return 0;
        number = 10 * number + (r->text[r->position++] - '0');
    }
    *value = negative ? -number : number;
    return r->position > start && (r->text[start] != '0' || r->position == start + 1);
}

int cs_json_at_end(cs_json_reader *r) {
    skip_space(r);
    return r->position == r->end;
}

int cs_json_line(const cs_json_reader *r) {
    int line = 1;
    for (size_t i = 0; i < r->position; i++)
        if (r->text[i] == '\n') line++;
    return line;
}
