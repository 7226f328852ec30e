/* Reading JSON step by step, straight from its bytes.
 *
 * A tree of COCO's training annotations (449 MB) would take several gigabytes, nearly all of it outlines that nobody
 * asks for. This reader keeps nothing: what is not wanted is jumped over. */
#ifndef CS_EVAL_COCO_SCAN_H
#define CS_EVAL_COCO_SCAN_H

#include "clipsight.h"

/* Where the reading is. An error sticks: from then on every function does nothing and returns 0 or NULL. */
typedef struct cs_scan {
    const char *begin, *at, *end;
    const char *path; /* of the file, for messages */
    const char *list; /* which list is being read, and which of its items: also for messages; NULL outside */
    size_t index;
    int first; /* the next item is the first of its list or object */
    cs_status status;
    cs_error *error;
} cs_scan;

/* The rest of the document; it must hold one value and nothing behind it. */
cs_scan cs_scan_of(const char *bytes, size_t size, const char *path, cs_error *error);
int cs_scan_finish(cs_scan *scan);

/* Steps into an object ('{') or a list ('['). 0, which is not an error, if the next value is something else. */
int cs_scan_enter(cs_scan *scan, char bracket);

/* True if there is another item (then the reading stands at it); else steps out. `bracket`: '}' or ']'. */
int cs_scan_more(cs_scan *scan, char bracket);

/* A member's name and the colon behind it. True if the name, as it is written, equals one of `names` [count], whose
 * index is then *which; count for any other. */
int cs_scan_key(cs_scan *scan, const char *const *names, size_t count, size_t *which);

/* Values. `what` names the field in messages. A string is new memory, without NULs inside. Integers have no fraction
 * and no exponent. A flag is 0, 1, true or false. */
char *cs_scan_string(cs_scan *scan, const char *what);
int cs_scan_integer(cs_scan *scan, const char *what, int64_t *value);
int cs_scan_number(cs_scan *scan, const char *what, double *value);
int cs_scan_flag(cs_scan *scan, const char *what, int *value);

/* Any value: strings and brackets must match, and brackets nest at most 64 deep; nothing else is checked. */
int cs_scan_skip(cs_scan *scan);

/* Ends the reading with "path:line: list[index]: ..."; returns 0. */
int cs_scan_fail(cs_scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, with "expected <what>, found <the next byte>". */
int cs_scan_expected(cs_scan *scan, const char *what);

#endif
