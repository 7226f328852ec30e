/* One indexer at a time: it holds a lock on a file beside the store, which goes with the process however that ends. Not
 * on the store itself: SQLite's own locks there are lost when any other descriptor of the file is closed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "store/sqlite.h"

static cs_status take_lock(cs_sqlite_store *store, const char *name, cs_error *error) {
    /* the file stays: whoever deleted it could delete one that somebody has just locked */
    int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", name, strerror(errno));
    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        int reason = errno;
        close(file);
        if (reason == EWOULDBLOCK)
            return cs_fail(error, CS_ERR_IO, "%s: another process is indexing into it", store->base.where);
        return cs_fail(error, CS_ERR_IO, "%s: cannot lock: %s", name, strerror(reason));
    }
    store->lock = file;
    return CS_OK;
}

static cs_status lock_store(cs_sqlite_store *store, cs_error *error) {
    char *name;
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    if (sqlite3_db_readonly(store->sqlite.db, "main"))
        return cs_fail(error, CS_ERR_IO, "%s: may only be read", store->base.where);
    /* SQLite's name for it: the same whichever link it was opened by */
    cs_strbuf_printf(&buffer, "%s-lock", sqlite3_db_filename(store->sqlite.db, "main"));
    cs_status status = cs_strbuf_take(&buffer, &name, error);
    if (status != CS_OK) return status;
    status = take_lock(store, name, error);
    free(name);
    return status;
}

cs_status cs_sqlite_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_status status = own->lock < 0 ? lock_store(own, error) : CS_OK;
    if (status == CS_OK && !own->todo) status = cs_todo_create(&own->todo, error);
    return status == CS_OK ? cs_todo_offer(own->todo, paths, n, error) : status;
}

cs_status cs_sqlite_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error) {
    cs_todo *todo = cs_sqlite_of(store)->todo;
    *n = 0;
    return todo ? cs_todo_take(todo, most, paths, n, error) : CS_OK;
}

cs_status cs_sqlite_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_todo *todo = cs_sqlite_of(store)->todo;
    (void)error;
    for (size_t i = 0; todo && i < n; i++)
        cs_todo_done(todo, paths[i]);
    return CS_OK;
}
