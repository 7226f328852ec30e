#include "fetch/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"

static char *with_ending(const char *path, const char *ending) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    cs_strbuf_printf(&buffer, "%s%s", path, ending);
    char *text = NULL;
    return cs_strbuf_take(&buffer, &text, NULL) == CS_OK ? text : NULL;
}

static cs_status io_error(const char *path, const char *what, cs_error *error) {
    return cs_fail(error, CS_ERR_IO, "%s: cannot %s: %s", path, what, strerror(errno));
}

static void read_etag(cs_part *part) {
    char *text = NULL;
    size_t size;
    if (cs_file_read(part->etag_path, sizeof part->etag - 1, &text, &size, NULL) == CS_OK && strlen(text) == size)
        memcpy(part->etag, text, size + 1);
    free(text);
}

static cs_status open_file(cs_part *part, cs_error *error) {
    part->file = open(part->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (part->file < 0) return io_error(part->path, "open", error);
    off_t end = lseek(part->file, 0, SEEK_END);
    if (end < 0) return io_error(part->path, "read its size", error);
    part->size = (uint64_t)end;
    if (part->size > 0) read_etag(part);
    return CS_OK;
}

cs_status cs_part_open(const char *folder, const char *name, cs_part *part, cs_error *error) {
    *part = (cs_part){.file = -1, .final = cs_path_join(folder, name)};
    if (part->final) {
        part->path = with_ending(part->final, ".part");
        part->etag_path = with_ending(part->final, ".etag");
    }
    cs_status status = part->path && part->etag_path ? open_file(part, error) : cs_fail_memory(error, name);
    if (status != CS_OK) cs_part_close(part);
    return status;
}

/* The ETag is on the disk before the first byte that belongs to it. */
static cs_status write_etag(const cs_part *part, cs_error *error) {
    cs_output output;
    if (part->etag[0] == '\0') return CS_OK;
    cs_status status = cs_output_open(part->etag_path, &output, error);
    if (status != CS_OK) return status;
    fputs(part->etag, output.file);
    return cs_output_commit(&output, error);
}

cs_status cs_part_restart(cs_part *part, const char *etag, cs_error *error) {
    if (unlink(part->etag_path) != 0 && errno != ENOENT) return io_error(part->etag_path, "remove", error);
    if (ftruncate(part->file, 0) != 0 || lseek(part->file, 0, SEEK_SET) != 0)
        return io_error(part->path, "empty", error);
    part->size = 0;
    snprintf(part->etag, sizeof part->etag, "%s", etag);
    return write_etag(part, error);
}

cs_status cs_part_append(cs_part *part, const char *data, size_t size, cs_error *error) {
    while (size > 0) {
        ssize_t done = write(part->file, data, size);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return io_error(part->path, "write", error);
        data += done;
        size -= (size_t)done;
        part->size += (uint64_t)done;
    }
    return CS_OK;
}

cs_status cs_part_finish(cs_part *part, cs_error *error) {
    /* a name must not outlive, in a crash of the system, what it stands for */
    if (fsync(part->file) != 0) return io_error(part->path, "write", error);
    if (rename(part->path, part->final) != 0) return io_error(part->final, "write", error);
    unlink(part->etag_path);
    return CS_OK;
}

void cs_part_close(cs_part *part) {
    if (part->file >= 0) close(part->file);
    free(part->final);
    free(part->path);
    free(part->etag_path);
    *part = (cs_part){.file = -1};
}
