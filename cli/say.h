/* What the command says on stderr, and its exit statuses. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "clipsight.h"

enum { STATUS_OK = 0, STATUS_FAILURE = 1, STATUS_USAGE = 2 };

/* "clipsight: MESSAGE" on stderr, on one line whatever the names in it. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same about a photograph: "clipsight: PATH: MESSAGE". The library does not know the path in all of its messages;
 * it stands there once, whether or not the message begins with it. */
void complain_of(const char *path, const char *message);

/* The part of the message behind "PATH: ", or all of it where it does not begin so. */
const char *message_behind(const char *path, const char *message);

/* The message and where to read more; `command` is NULL before a subcommand is known. Returns STATUS_USAGE. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills an error like the library does, and returns its code. */
cs_status set_error(cs_error *error, cs_status code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
