/* Names for photographs that give nothing away: 32 random hexadecimal digits each. Only what was found has one, and
 * only the last few thousand keep theirs. */
#ifndef SERVER_HANDLES_H
#define SERVER_HANDLES_H

enum { HANDLE_DIGITS = 32, HANDLES_KEPT = 4096 };

typedef struct handle_table handle_table;

/* NULL where memory is short. */
handle_table *handles_create(void);
void handles_destroy(handle_table *table);

/* The handle of a path: the one that it has, else a new one, for which the oldest may give way. Valid until the next
 * call. NULL where memory or the system's random numbers are short. */
const char *handles_give(handle_table *table, const char *path);

/* The path whose handle these digits are; NULL: none. Valid until the next call of handles_give(). */
const char *handles_find(const handle_table *table, const char *digits);

#endif
