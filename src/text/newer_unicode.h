/* Where the versions of Unicode 14 to 17 disagree with the reference; see unicode.h. The tables are sorted, and are
 * written by tests/references/make_text.py --tables. */
#ifndef CS_TEXT_NEWER_UNICODE_H
#define CS_TEXT_NEWER_UNICODE_H

#include "text/unicode.h"

/* Code points first..last are of this class. */
typedef struct cs_class_range {
    int32_t first, last;
    cs_char_class class;
} cs_class_range;

/* Code points first..last have their lower case `offset` further on. */
typedef struct cs_lower_range {
    int32_t first, last, offset;
} cs_lower_range;

/* Code points first..last stand alone in NFC. */
typedef struct cs_alone_range {
    int32_t first, last;
} cs_alone_range;

extern const cs_class_range cs_newer_classes[];
extern const size_t cs_newer_classes_count;
extern const cs_lower_range cs_newer_lower[];
extern const size_t cs_newer_lower_count;
extern const cs_alone_range cs_newer_alone[];
extern const size_t cs_newer_alone_count;

#endif
