/* What every test program may use. Include this instead of cmocka.h. */
#ifndef CS_TESTS_SUPPORT_H
#define CS_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clipsight.h"

/* Fails the test with the error's message unless the status is CS_OK. */
#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        cs_status status_ = (call);                                                                                    \
        if (status_ != CS_OK) fail_msg("%s: %s", #call, error.message);                                                \
    } while (0)

/* The call must fail with this status and a message that holds `part`. Needs a cs_error named `error` in scope. */
#define assert_fails(call, expected_status, part)                                                                      \
    do {                                                                                                               \
        error.message[0] = '\0';                                                                                       \
        cs_status status_ = (call);                                                                                    \
        if (status_ != (expected_status) || !strstr(error.message, (part)))                                            \
            fail_msg("%s: got %s, \"%s\"", #call, cs_status_name(status_), error.message);                             \
    } while (0)

/* Path of a committed test file below tests/data; a static buffer that the next call overwrites. */
const char *test_data(const char *name);

/* Path of a file below ../shared/data, or NULL (after saying so) where it is absent: the test then calls skip(). */
const char *shared_data(const char *name);

/* Makes the n-th allocation from now on (0 is the next) and all after it fail; negative: none fails.
 * fail_only_one != 0: only that one fails. Allocations of shared libraries are not counted. */
void fail_allocation(long n, int fail_only_one);

/* How many allocations were made since the last call of fail_allocation(). */
long allocations_made(void);

/* Runs the action with each of its allocations failing, alone and with all that follow. It must make more than `least`,
 * and each time fail with CS_ERR_MEMORY and a message in *error that says so. */
void fail_every_allocation(cs_status (*action)(void), long least, cs_error *error);

/* The same with an action that may do without some of what it asks for: returns how often it succeeded nevertheless. It
 * must be refused as often as it allocates or more, though. What it makes once and keeps it should have made before.
 * `name` is for people. */
long fail_each_allocation(const char *name, cs_status (*action)(void *context, cs_error *error), void *context);

/* A new folder for the test's files, removed with all in it by remove_folder(). */
char *make_folder(void);
void remove_folder(char *folder);

/* A file of these bytes, instead of what was there. */
void write_file(const char *path, const void *bytes, size_t size);

/* The same with a text, in a folder. */
void write_text(const char *folder, const char *name, const char *text);

#endif
