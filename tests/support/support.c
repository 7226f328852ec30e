#include "support/support.h"

#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *string);
FILE *__real_open_memstream(char **text, size_t *size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *string);
FILE *__wrap_open_memstream(char **text, size_t *size);

/* The server's threads allocate at the same time. */
static atomic_long fail_at = -1;
static atomic_long made;
static atomic_int only_one;

/* Counts an allocation; true if it is to fail. */
static int fails(void) {
    long number = made++, at = fail_at;
    if (at < 0) return 0;
    return only_one ? number == at : number >= at;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
    return fails() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *string) {
    return fails() ? NULL : __real_strdup(string);
}

/* What the stream itself allocates later is the C library's own, and does not fail here. */
FILE *__wrap_open_memstream(char **text, size_t *size) {
    return fails() ? NULL : __real_open_memstream(text, size);
}

void fail_allocation(long n, int fail_only_one) {
    fail_at = -1;
    made = 0;
    only_one = fail_only_one;
    fail_at = n;
}

long allocations_made(void) {
    return made;
}

static const char *below(const char *variable, const char *middle, const char *name, char *buffer, size_t size) {
    const char *root = getenv(variable);
    snprintf(buffer, size, "%s%s/%s", root ? root : ".", middle, name);
    return buffer;
}

const char *test_data(const char *name) {
    static char path[4096];
    return below("CLIPSIGHT_TEST_DATA", "", name, path, sizeof path);
}

const char *shared_data(const char *name) {
    static char path[4096];
    below("CLIPSIGHT_SHARED", "/data", name, path, sizeof path);
    if (access(path, R_OK) == 0) return path;
    print_message("SKIPPED: needs %s, which is not here\n", name);
    return NULL;
}

char *make_folder(void) {
    char *folder = strdup("/tmp/clipsight-test-XXXXXX");
    if (!folder || !mkdtemp(folder)) fail_msg("cannot make a temporary folder");
    return folder;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

void remove_folder(char *folder) {
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}

void write_file(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    if (!file) fail_msg("%s: cannot write", path);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void write_text(const char *folder, const char *name, const char *text) {
    char path[4096];
    assert_in_range(snprintf(path, sizeof path, "%s/%s", folder, name), 1, sizeof path - 1);
    write_file(path, text, strlen(text));
}

static void fail_one_by_one(cs_status (*action)(void), long total, int alone, cs_error *error) {
    for (long i = 0; i < total; i++) {
        error->message[0] = '\0';
        fail_allocation(i, alone);
        cs_status status = action();
        fail_allocation(-1, 0);
        if (status != CS_ERR_MEMORY || !strstr(error->message, "memory"))
            fail_msg("allocation %ld of %ld: %s, \"%s\"", i, total, cs_status_name(status), error->message);
    }
}

void fail_every_allocation(cs_status (*action)(void), long least, cs_error *error) {
    fail_allocation(-1, 0);
    cs_status status = action();
    if (status != CS_OK) fail_msg("%s", error->message);
    long total = allocations_made();
    assert_true(total > least);
    for (int alone = 0; alone < 2; alone++)
        fail_one_by_one(action, total, alone, error);
}

long fail_each_allocation(const char *name, cs_status (*action)(void *context, cs_error *error), void *context) {
    cs_error error;
    fail_allocation(-1, 0);
    assert_ok(action(context, &error));
    long count = allocations_made(), refusals = 0;
    for (long n = 0; n < count; n++) {
        for (int alone = 0; alone < 2; alone++) {
            error.message[0] = '\0';
            fail_allocation(n, alone);
            cs_status status = action(context, &error);
            fail_allocation(-1, 0);
            if (status == CS_OK) continue;
            if (status != CS_ERR_MEMORY || !strstr(error.message, "memory"))
                fail_msg("%s: allocation %ld of %ld: %s, \"%s\"", name, n, count, cs_status_name(status),
                         error.message);
            refusals++;
        }
    }
    print_message("%s: %ld allocations, %ld refusals for want of memory\n", name, count, refusals);
    assert_true(count > 0 && refusals >= count);
    return 2 * count - refusals;
}
