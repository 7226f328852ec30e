/* Stores in one SQLite file; docs/search.md, "The store file", describes the tables. */
#ifndef CS_STORE_SQLITE_H
#define CS_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/backend.h"
#include "store/content.h"
#include "store/todo.h"

/* The statements; sqlite_statements.c has their texts. */
typedef enum cs_sql {
    CS_SQL_BEGIN,
    CS_SQL_BEGIN_WRITE,
    CS_SQL_COMMIT,
    CS_SQL_ROLLBACK,
    CS_SQL_STATE,
    CS_SQL_SET_STATE,
    CS_SQL_SET_WINDOWS,
    CS_SQL_EACH,
    CS_SQL_EACH_FROM,
    CS_SQL_FIND,
    CS_SQL_HASHES,
    CS_SQL_PHOTO,
    CS_SQL_PHOTO_AT,
    CS_SQL_INSERT,
    CS_SQL_UPDATE,
    CS_SQL_TOUCH,
    CS_SQL_DELETE,
    CS_SQL_MOVE,
    CS_SQL_HIT,
    CS_SQL_LAST_ID,
    CS_SQL_IDS,
    CS_SQL_IDS_FROM,
    CS_SQL_BLOCK,
    CS_SQL_BLOCK_VERSION,
    CS_SQL_BLOCKS_SINCE,
    CS_SQL_EMPTY_BLOCK,
    CS_SQL_LAST_BLOCK,
    CS_SQL_SPARSE_BLOCK,
    CS_SQL_PUT_BLOCK,
    CS_SQL_ADD_ROWS,
    CS_SQL_DELETE_ROWS,
    CS_SQL_PAGES,
    CS_SQL_APPLICATION,
    CS_SQL_VERSION,
    CS_SQL_TABLES,
    CS_SQL_FREE_PAGES,
    CS_SQL_COUNT
} cs_sql;

typedef enum cs_sqlite_mode {
    CS_SQLITE_OPEN,   /* a file that is there; for reading only where it may not be written */
    CS_SQLITE_CREATE, /* made where it is not there */
    CS_SQLITE_STILL   /* for reading, and without looking whether somebody writes */
} cs_sqlite_mode;

/* A connection, used by one thread at a time. */
typedef struct cs_sqlite {
    sqlite3 *db;
    const char *where; /* for messages */
    cs_sqlite_mode mode;
    sqlite3_stmt *statements[CS_SQL_COUNT];
} cs_sqlite;

/* ---- sqlite_connect.c ---- */

/* A connection through which nothing has been read yet. `where` has to stay. */
cs_status cs_sqlite_connect(const char *where, cs_sqlite_mode mode, cs_sqlite *sqlite, cs_error *error);

/* Tells it how to work, before anything else is done with it. Reads the file. */
cs_status cs_sqlite_configure(cs_sqlite *sqlite, cs_error *error);
void cs_sqlite_disconnect(cs_sqlite *sqlite);

/* ---- sqlite_error.c ---- */

/* The status for what SQLite answered, with a message of what it said. */
cs_status cs_sqlite_fail(const cs_sqlite *sqlite, int answer, cs_error *error);

/* CS_ERR_FORMAT: the file holds what clipsight would not have written. */
cs_status cs_sqlite_damaged(const cs_sqlite *sqlite, const char *what, cs_error *error);

/* ---- sqlite_statements.c ---- */

/* Runs statements that give nothing back: text as SQL. */
cs_status cs_sqlite_script(cs_sqlite *sqlite, const char *text, cs_error *error);

/* Binds the arguments to the statement's parameters, in order. A letter of `kinds` for each: i sqlite3_int64;
 * t const char * or NULL; b const void *, size_t. Texts and blobs have to stay until the statement is reset. */
cs_status cs_sql_bind(cs_sqlite *sqlite, cs_sql which, cs_error *error, const char *kinds, ...);

/* On to the next row of the statement. *row is zero at its end, and it is reset then and after an error. */
cs_status cs_sql_step(cs_sqlite *sqlite, cs_sql which, int *row, cs_error *error);

/* Ends a statement that has not come to its end. */
void cs_sql_reset(cs_sqlite *sqlite, cs_sql which);

/* Runs a statement that gives nothing back. */
cs_status cs_sql_run(cs_sqlite *sqlite, cs_sql which, cs_error *error, const char *kinds, ...);

/* The first number that a statement without parameters gives; 0 where it gives none. */
cs_status cs_sql_number(cs_sqlite *sqlite, cs_sql which, sqlite3_int64 *value, cs_error *error);

/* Commits if status is CS_OK, else rolls back. Returns status, or why it could not commit. */
cs_status cs_sql_end(cs_sqlite *sqlite, cs_status status, cs_error *error);

/* ---- sqlite_lock.c ---- */

/* *lock is a descriptor to close. Somebody else's lock is waited for, or CS_ERR_IO. */
cs_status cs_sqlite_lock(const cs_sqlite *sqlite, int wait, int *lock, cs_error *error);

/* ---- sqlite_schema.c ---- */

/* The one row of the table `store`. */
typedef struct cs_sqlite_state {
    int windows;
    sqlite3_int64 change; /* grows with every transaction that changes blocks */
    sqlite3_int64 tail;   /* the block that is being filled; 0: none yet */
    sqlite3_int64 photographs, broken, rows;
} cs_sqlite_state;

cs_status cs_sqlite_read_state(cs_sqlite *sqlite, cs_sqlite_state *state, cs_error *error);

/* CS_OK and *empty non-zero: there is nothing in the file yet.
 * Errors: it is no store, or one of a newer clipsight. */
cs_status cs_sqlite_identify(cs_sqlite *sqlite, int *empty, cs_error *error);

/* Makes the tables, unless another process was faster. */
cs_status cs_sqlite_create(cs_sqlite *sqlite, const cs_store_model *model, cs_error *error);

/* ---- sqlite_open.c ---- */

typedef struct cs_sqlite_index cs_sqlite_index; /* sqlite_index.h */

typedef struct cs_sqlite_store {
    cs_store base; /* first */
    cs_sqlite sqlite;
    cs_sqlite_index *index; /* what searches keep; NULL before the first */
    cs_content content;     /* of the photographs up to id content_known */
    sqlite3_int64 content_known;
    cs_todo *todo; /* NULL before the first offer */
    int lock;      /* descriptor of the lock of the indexer; -1: not held */
} cs_sqlite_store;

static inline cs_sqlite_store *cs_sqlite_of(cs_store *store) {
    return (cs_sqlite_store *)store;
}

/* ---- sqlite_read.c ---- */

/* Begins a transaction for reading: until its end the store looks as it is now. */
cs_status cs_sqlite_begin_read(cs_sqlite_store *store, cs_error *error);

/* Ends it. Returns status, or what is wrong with all that was read. */
cs_status cs_sqlite_end_read(cs_sqlite_store *store, cs_status status, cs_error *error);

/* Opens a store that is there, and looks at what it is. A file in a folder where SQLite may not make the files that it
 * needs beside it is read without them, as long as nobody else writes. */
cs_status cs_sqlite_open_there(cs_sqlite_store *store, int *empty, cs_error *error);

/* ---- sqlite_photo.c: reading rows of the table `photograph` ---- */

/* The path in column `column` of the statement's row, with a NUL behind it; free() it. */
cs_status cs_sqlite_path(cs_sqlite *sqlite, cs_sql which, int column, char **path, cs_error *error);

/* The columns of CS_SQL_EACH, CS_SQL_EACH_FROM, CS_SQL_PHOTO and CS_SQL_PHOTO_AT. */
enum {
    CS_PHOTO_PATH,
    CS_PHOTO_BYTES,
    CS_PHOTO_MODIFIED,
    CS_PHOTO_HASH,
    CS_PHOTO_WIDTH,
    CS_PHOTO_HEIGHT,
    CS_PHOTO_PROBLEM,
    CS_PHOTO_ROWS,
    CS_PHOTO_BLOCK,
    CS_PHOTO_SLOT,
    CS_PHOTO_BOXES
};

/* What the row of one of these says, but for boxes and embeddings. photo->path is to be freed. */
cs_status cs_sqlite_read_photo(cs_sqlite *sqlite, cs_sql which, cs_store_photo *photo, cs_error *error);

cs_status cs_sqlite_each(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context, cs_error *error);

cs_status cs_sqlite_find_path(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error);

/* Takes what the row of a statement says. */
typedef cs_status (*cs_sqlite_take_row)(cs_sqlite *sqlite, cs_sql which, void *context, cs_error *error);

/* Takes every row of the paths that begin with the prefix: of `between`, a statement of the paths from its first
 * argument to before its second one, or of `from`, one without such an end. */
cs_status cs_sqlite_each_below(cs_sqlite *sqlite, const char *prefix, cs_sql between, cs_sql from,
                               cs_sqlite_take_row take, void *context, cs_error *error);

/* ---- sqlite_content.c ---- */

cs_status cs_sqlite_find_content(cs_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error);

/* Photograph `id` is this one from now on. */
void cs_sqlite_note_content(cs_sqlite_store *store, const cs_store_photo *photo, sqlite3_int64 id);

/* ---- sqlite_put.c, sqlite_finish.c ---- */

cs_status cs_sqlite_put(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);
cs_status cs_sqlite_touch(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);
cs_status cs_sqlite_remove(cs_store *store, const char *const *paths, size_t n, cs_error *error);
cs_status cs_sqlite_finish(cs_store *store, cs_error *error);

/* ---- sqlite_todo.c ---- */

/* Takes the lock of the indexer, unless the store has it already, until the store is closed. Errors: another process
 * has it. */
cs_status cs_sqlite_hold(cs_sqlite_store *store, cs_error *error);

cs_status cs_sqlite_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error);
cs_status cs_sqlite_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error);
cs_status cs_sqlite_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error);

/* ---- sqlite_search.c ---- */

cs_status cs_sqlite_search(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                           cs_hits **hits, cs_error *error);

#endif
