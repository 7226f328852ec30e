#include "replacement.h"

#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "memory.h"
#include "path_resolved.h"
#include "say.h"

replacement replacement_by(const char *path, const char *what) {
    replacement by = {.path = path, .what = what};
    by.is_file = path && stat(path, &by.info) == 0 && S_ISREG(by.info.st_mode);
    return by;
}

static int has_same_name(const char *one, const char *other) {
    char *first = path_resolved(one), *second = path_resolved(other);
    int same = strcmp(first, second) == 0;
    free(first);
    free(second);
    return same;
}

static int is_file_of(const replacement *by, const char *path) {
    struct stat info;
    return by->is_file && stat(path, &info) == 0 && info.st_dev == by->info.st_dev && info.st_ino == by->info.st_ino;
}

int replacement_is_same(const replacement *by, const char *path) {
    return by->path && (is_file_of(by, path) || has_same_name(by->path, path));
}

/* SQLite keeps its files beside the store itself, not beside a link to it. */
cs_status replacement_check_store(const replacement *by, const char *where, cs_error *error) {
    static const char *const FILES[] = {"", "-wal", "-shm", "-journal", "-lock"};
    char *real = by->path ? realpath(where, NULL) : NULL;
    int same = replacement_is_same(by, where);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES && by->path && !same; i++) {
        char *file = text_format("%s%s", real ? real : where, FILES[i]);
        same = replacement_is_same(by, file);
        free(file);
    }
    free(real);
    if (!same) return CS_OK;
    return set_error(error, CS_ERR_ARGUMENT, "%s: is a file of the store, which the %s would replace", by->path,
                     by->what);
}

static cs_status refuse(const replacement *by, cs_error *error) {
    return set_error(error, CS_ERR_ARGUMENT, "%s: is a photograph, which the %s would replace", by->path, by->what);
}

/* Looking at the files of a large store takes minutes, so those that have neither the name nor the size are not. */
static int is_photo(const replacement *by, const char *path, uint64_t bytes) {
    if (!by->is_file) return 0;
    if ((uint64_t)by->info.st_size != bytes && strcmp(path_name(path), path_name(by->path)) != 0) return 0;
    return is_file_of(by, path);
}

cs_status replacement_check_photo(const replacement *by, const char *path, uint64_t bytes, cs_error *error) {
    return is_photo(by, path, bytes) ? refuse(by, error) : CS_OK;
}

typedef struct search_for_file {
    const replacement *by;
    int is_found;
} search_for_file;

static int look_at(void *context, const cs_store_photo *photo) {
    search_for_file *search = context;
    search->is_found = is_photo(search->by, photo->path, photo->bytes);
    return search->is_found || interrupt_signal();
}

/* A photograph below a linked folder has more than one path, so that none can simply be looked up. */
cs_status replacement_check_photos(const replacement *by, cs_store *store, cs_error *error) {
    search_for_file search = {by, 0};
    cs_status status = by->is_file ? cs_store_each(store, NULL, look_at, &search, error) : CS_OK;
    return search.is_found ? refuse(by, error) : status;
}
