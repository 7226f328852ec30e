/* Filling a caller's cs_error. */
#ifndef CS_BASE_ERROR_H
#define CS_BASE_ERROR_H

#include "clipsight.h"

/* Writes code and message into `error` (which may be NULL) and returns the code, so that a function can end with
 * `return cs_fail(error, CS_ERR_FORMAT, "%s: ...", path, ...)`. */
cs_status cs_fail(cs_error *error, cs_status code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The message for a failed allocation of whatever `what` names. */
cs_status cs_fail_memory(cs_error *error, const char *what);

#endif
