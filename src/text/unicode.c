#include "text/unicode.h"

#include <utf8proc.h>

#include "base/error.h"
#include "text/newer_unicode.h"

/* Unicode's White_Space, which U+180E left in version 6.3. */
static int is_space(int32_t code) {
    if (code <= 0x20) return code == 0x20 || (code >= 0x09 && code <= 0x0d);
    if (code >= 0x2000 && code <= 0x200a) return 1;
    switch (code) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
        return 1;
    }
    return 0;
}

cs_char_class cs_char_classify(int32_t code) {
    if (is_space(code)) return CS_CHAR_SPACE;
    for (size_t i = 0; i < cs_newer_classes_count && code >= cs_newer_classes[i].first; i++)
        if (code <= cs_newer_classes[i].last) return cs_newer_classes[i].class;
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return CS_CHAR_LETTER;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return CS_CHAR_NUMBER;
    default:
        return CS_CHAR_OTHER;
    }
}

size_t cs_char_lower(int32_t code, int32_t lower[2]) {
    lower[0] = 0x69;
    lower[1] = 0x307;
    if (code == 0x130) return 2; /* the only code point whose full lower case is longer than its simple one */
    lower[0] = utf8proc_tolower(code);
    for (size_t i = 0; i < cs_newer_lower_count && code >= cs_newer_lower[i].first; i++)
        if (code <= cs_newer_lower[i].last) lower[0] = code + cs_newer_lower[i].offset;
    return 1;
}

int cs_char_stands_alone(int32_t code) {
    for (size_t i = 0; i < cs_newer_alone_count && code >= cs_newer_alone[i].first; i++)
        if (code <= cs_newer_alone[i].last) return 1;
    return 0;
}

size_t cs_utf8_read(const char *text, size_t length, int32_t *code) {
    if (length == 0) return 0;
    utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, code);
    return bytes > 0 ? (size_t)bytes : 0;
}

cs_status cs_utf8_check(const char *text, size_t length, const char *name, cs_error *error) {
    int32_t code;
    for (size_t at = 0; at < length;) {
        size_t bytes = cs_utf8_read(text + at, length - at, &code);
        if (bytes == 0) return cs_fail(error, CS_ERR_FORMAT, "%s: invalid UTF-8 at byte %zu", name, at);
        at += bytes;
    }
    return CS_OK;
}
