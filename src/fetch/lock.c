#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "fetch/depot.h"
#include "fetch/pause.h"
#include "fetch/tree.h"

static const double POLL_SECONDS = 0.2;

cs_status cs_depot_lock(const cs_depot *depot, int wait, int (*poll)(void *context), void *context, int *lock,
                        cs_error *error) {
    cs_status status = cs_make_folders(depot->locks, error);
    if (status != CS_OK) return status;
    /* The file stays: whoever deleted it could delete one that somebody has just locked. */
    int file = open(depot->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", depot->lock, strerror(errno));
    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            status = cs_fail(error, CS_ERR_IO, "%s: cannot lock: %s", depot->lock, strerror(errno));
        else if (!wait)
            status = cs_fail(error, CS_ERR_IO, "%s: somebody is fetching this model", depot->folder);
        else if (cs_pause(POLL_SECONDS, poll, context))
            status = cs_fail(error, CS_ERR_CANCELLED, "stopped while waiting for another pull of the same model");
        if (status != CS_OK) {
            close(file);
            return status;
        }
    }
    *lock = file;
    return CS_OK;
}

void cs_depot_unlock(int lock) {
    close(lock);
}
