#include "media.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t type_length(const char *text) {
    return strcspn(text, "; \t,");
}

static int is_type(const char *text, size_t length, const char *type) {
    return strlen(type) == length && strncasecmp(text, type, length) == 0;
}

media_kind media_kind_of(const char *content_type) {
    static const char *const photographs[] = {"image/jpeg", "image/png", "image/webp", "application/octet-stream"};
    if (!content_type) return MEDIA_OTHER;
    size_t length = type_length(content_type);
    for (size_t i = 0; i < sizeof photographs / sizeof *photographs; i++)
        if (is_type(content_type, length, photographs[i])) return MEDIA_PHOTOGRAPH;
    if (is_type(content_type, length, "multipart/form-data")) return MEDIA_MULTIPART;
    return is_type(content_type, length, "application/x-www-form-urlencoded") ? MEDIA_URLENCODED : MEDIA_OTHER;
}

int media_boundary(const char *content_type, char *room, unsigned size) {
    const char *at = strcasestr(content_type, "boundary=");
    if (!at) return 0;
    at += strlen("boundary=");
    int quoted = *at == '"';
    size_t length = quoted ? strcspn(++at, "\"") : strcspn(at, "; \t");
    if (length == 0 || length >= size) return 0;
    memcpy(room, at, length);
    room[length] = '\0';
    return 1;
}

/* The q of one element; 1 where it has none. */
static double weight(const char *element, size_t length) {
    for (const char *at = element; at + 2 < element + length; at++) {
        if (*at != ';') continue;
        const char *name = at + 1 + strspn(at + 1, " \t");
        if ((name[0] == 'q' || name[0] == 'Q') && name[1] == '=') return strtod(name + 2, NULL);
    }
    return 1;
}

/* The part of the type that a range such as image/ with a star names. */
static int in_range(const char *element, size_t length, const char *type) {
    return length > 2 && element[length - 1] == '*' && element[length - 2] == '/' &&
           strncasecmp(element, type, length - 1) == 0;
}

double media_accepted(const char *accept, const char *type, double by_star) {
    double best = 0;
    if (!accept) return by_star;
    for (const char *at = accept + strspn(accept, " \t,"); *at;) {
        size_t whole = strcspn(at, ","), length = type_length(at);
        double q = weight(at, whole);
        if (is_type(at, length, type)) return q;
        if (in_range(at, length, type) && q > best) best = q;
        if (is_type(at, length, "*/*") && q * by_star > best) best = q * by_star;
        at += whole;
        at += strspn(at, " \t,");
    }
    return best;
}
