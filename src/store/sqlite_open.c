#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/threads.h"
#include "store/sqlite.h"
#include "store/sqlite_index.h"

static cs_status describe(cs_store *store, cs_store_info *info, cs_error *error) {
    cs_sqlite_state state;
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_status status = cs_sqlite_begin_read(own, error);
    if (status != CS_OK) return status;
    status = cs_sqlite_end_read(own, cs_sqlite_read_state(&own->sqlite, &state, error), error);
    if (status != CS_OK) return status;
    *info = (cs_store_info){.kind = store->backend->kind,
                            .where = store->where,
                            .model = store->model,
                            .photographs = (size_t)state.photographs,
                            .broken = (size_t)state.broken,
                            .rows = (size_t)state.rows,
                            .windows = state.windows};
    return CS_OK;
}

static cs_status set_windows(cs_store *store, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_status status = cs_sqlite_hold(own, error);
    return status == CS_OK ? cs_sql_run(&own->sqlite, CS_SQL_SET_WINDOWS, error, "") : status;
}

static void close_store(cs_store *store) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_sqlite_index_free(own->index);
    cs_sqlite_disconnect(&own->sqlite);
    cs_content_clear(&own->content);
    cs_todo_free(own->todo);
    if (own->lock >= 0) close(own->lock);
    cs_store_clear(store);
    free(own);
}

static const cs_store_backend BACKEND = {.kind = "sqlite",
                                         .describe = describe,
                                         .set_windows = set_windows,
                                         .each = cs_sqlite_each,
                                         .put = cs_sqlite_put,
                                         .touch = cs_sqlite_touch,
                                         .remove = cs_sqlite_remove,
                                         .find_path = cs_sqlite_find_path,
                                         .find_content = cs_sqlite_find_content,
                                         .offer = cs_sqlite_offer,
                                         .take = cs_sqlite_take,
                                         .drop = cs_sqlite_drop,
                                         .finish = cs_sqlite_finish,
                                         .search = cs_sqlite_search,
                                         .close = close_store};

/* The folders above the file. */
static cs_status make_folders(const char *where, cs_error *error) {
    const char *slash = strrchr(where, '/');
    if (!slash || slash == where) return CS_OK;
    char *folder = cs_strdup(where);
    if (!folder) return cs_fail_memory(error, where);
    folder[slash - where] = '\0';
    cs_status status = cs_make_folders(folder, error);
    free(folder);
    return status;
}

/* SQLite would write beside a device, too, and read a pipe. */
static cs_status check_kind(const char *where, const struct stat *info, cs_error *error) {
    if (S_ISREG(info->st_mode)) return CS_OK;
    return cs_fail(error, CS_ERR_IO, "%s: expected a clipsight store, found %s", where,
                   S_ISDIR(info->st_mode) ? "a folder" : "a device or a pipe");
}

/* Leaves a store without tables where there was none. */
static cs_status open_or_make(cs_sqlite_store *store, int create, int *empty, cs_error *error) {
    const char *where = store->base.where;
    struct stat info;
    if (stat(where, &info) == 0) {
        cs_status status = check_kind(where, &info, error);
        return status == CS_OK ? cs_sqlite_open_there(store, empty, error) : status;
    }
    if (!create) return cs_fail(error, CS_ERR_IO, "%s: there is no store here", where);
    *empty = 1;
    cs_status status = make_folders(where, error);
    return status == CS_OK ? cs_sqlite_connect(where, CS_SQLITE_CREATE, &store->sqlite, error) : status;
}

static cs_status read_model(cs_sqlite_store *store, cs_error *error) {
    cs_sqlite *sqlite = &store->sqlite;
    sqlite3_stmt *statement = NULL;
    int answer = sqlite3_prepare_v2(sqlite->db, "SELECT weights_id, dim, model FROM store", -1, &statement, NULL);
    if (answer == SQLITE_OK) answer = sqlite3_step(statement);
    cs_status status;
    if (answer == SQLITE_ROW) {
        cs_store_model model = {(const char *)sqlite3_column_text(statement, 0), sqlite3_column_int(statement, 1),
                                (const char *)sqlite3_column_text(statement, 2)};
        status = cs_store_keep_model(&store->base, &model, error);
    } else if (answer == SQLITE_DONE) {
        status = cs_sqlite_damaged(sqlite, "the table \"store\" is empty", error);
    } else {
        status = cs_sqlite_fail(sqlite, answer, error);
    }
    sqlite3_finalize(statement);
    return status;
}

static cs_status open_file(cs_sqlite_store *store, const cs_store_options *options, cs_error *error) {
    int empty = 0;
    cs_status status = open_or_make(store, options->create, &empty, error);
    if (status == CS_OK && empty)
        status = options->create ? cs_sqlite_create(&store->sqlite, options->model, error)
                                 : cs_fail(error, CS_ERR_FORMAT, "%s: expected a clipsight store, found an empty file",
                                           store->base.where);
    if (status == CS_OK) status = read_model(store, error);
    return status == CS_OK ? cs_store_check_model(&store->base, options->model, error) : status;
}

cs_status cs_sqlite_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error) {
    cs_sqlite_store *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, where);
    made->lock = -1;
    made->base.backend = &BACKEND;
    made->base.threads = cs_threads_resolve(options->threads);
    made->base.where = cs_strdup(where);
    cs_status status = made->base.where ? open_file(made, options, error) : cs_fail_memory(error, where);
    if (status == CS_OK)
        *store = &made->base;
    else
        close_store(&made->base);
    return status;
}
