/* Texts in JSON. */
#ifndef CLI_JSON_TEXT_H
#define CLI_JSON_TEXT_H

/* The text in quotes, with U+FFFD for every byte that is no UTF-8. The caller frees it. */
char *json_text(const char *text);

#endif
