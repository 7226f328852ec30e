/* A lock on a file beside the store, which goes with the process however that ends. Not on the store itself: SQLite's
 * own locks there are lost when any other descriptor of the file is closed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "store/sqlite.h"

static cs_status lock_file(const cs_sqlite *sqlite, const char *name, int wait, int *lock, cs_error *error) {
    /* the file stays: whoever deleted it could delete one that somebody has just locked */
    int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", name, strerror(errno));
    while (flock(file, LOCK_EX | (wait ? 0 : LOCK_NB)) != 0) {
        if (errno == EINTR) continue;
        int reason = errno;
        close(file);
        if (reason == EWOULDBLOCK)
            return cs_fail(error, CS_ERR_IO, "%s: another process is indexing into it", sqlite->where);
        return cs_fail(error, CS_ERR_IO, "%s: cannot lock: %s", name, strerror(reason));
    }
    *lock = file;
    return CS_OK;
}

cs_status cs_sqlite_lock(const cs_sqlite *sqlite, int wait, int *lock, cs_error *error) {
    char *name;
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    if (sqlite3_db_readonly(sqlite->db, "main"))
        return cs_fail(error, CS_ERR_IO, "%s: may only be read", sqlite->where);
    /* SQLite's name for it: the same whichever link it was opened by */
    cs_strbuf_printf(&buffer, "%s-lock", sqlite3_db_filename(sqlite->db, "main"));
    cs_status status = cs_strbuf_take(&buffer, &name, error);
    if (status != CS_OK) return status;
    status = lock_file(sqlite, name, wait, lock, error);
    free(name);
    return status;
}
