/* Reads JSON token by token, straight from the file. jansson makes every value an object of its own, which takes five
 * times as long as all the rest for the 150,000 strings of a tokenizer.json; so it only gets what remains once the two
 * long lists are cut out (json_cut.h). */
#ifndef CS_TEXT_JSON_READER_H
#define CS_TEXT_JSON_READER_H

#include "base/strbuf.h"

/* Start from {text, end, position, CS_STRBUF_EMPTY}; free the string at last. */
typedef struct cs_json_reader {
    const char *text;
    size_t end, position; /* offsets in the text */
    cs_strbuf string;     /* the last one read, decoded */
} cs_json_reader;

/* Consumes `expected` if it comes next (behind white space). */
int cs_json_accept(cs_json_reader *reader, char expected);

/* Consumes a string without control characters; 0 if none comes next, it is damaged, or memory is short
 * (string.failed). */
int cs_json_read_string(cs_json_reader *reader);

/* Consumes an integer; 0 if none comes next. */
int cs_json_read_integer(cs_json_reader *reader, int64_t *value);

/* True where only white space follows. */
int cs_json_at_end(cs_json_reader *reader);

/* The line of the text that is being read, from 1. */
int cs_json_line(const cs_json_reader *reader);

#endif
