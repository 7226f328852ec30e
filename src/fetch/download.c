#include "fetch/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "fetch/part.h"

typedef struct download {
    cs_part part;
    const cs_planned_file *file;
    int resumed; /* bytes of an earlier connection are in it */
    cs_download_fn report;
    void *context;
} download;

static void tell(const download *self) {
    if (self->report) self->report(self->context, self->part.size);
}

/* Without a hash only the ETag can tell that the rest belongs to what is there. */
static cs_status on_resume(void *context, uint64_t *offset, const char **etag, cs_error *error) {
    download *self = context;
    int is_safe = self->file->digest.kind != CS_DIGEST_NONE || self->part.etag[0] != '\0';
    if (self->part.size > 0 && (!is_safe || self->part.size >= self->file->size)) {
        cs_status status = cs_part_restart(&self->part, "", error);
        if (status != CS_OK) return status;
    }
    *offset = self->part.size;
    *etag = self->part.etag;
    tell(self);
    return CS_OK;
}

/* "bytes 100-199/200" must begin where our part ends. */
static cs_status check_range(const download *self, const cs_http_reply *reply, cs_error *error) {
    unsigned long long first = 0;
    int is_range = sscanf(reply->content_range, "bytes %llu-", &first) == 1;
    if (is_range && first == self->part.size) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: asked for the bytes from %llu on, the server sends '%s'",
                   self->file->name, (unsigned long long)self->part.size, reply->content_range);
}

static cs_status on_begin(void *context, const cs_http_reply *reply, cs_error *error) {
    download *self = context;
    if (reply->code != 206) {
        self->resumed = 0;
        return cs_part_restart(&self->part, reply->etag, error);
    }
    self->resumed = 1;
    return check_range(self, reply, error);
}

static cs_status on_bytes(void *context, const char *data, size_t size, cs_error *error) {
    download *self = context;
    if (size > self->file->size - self->part.size)
        return cs_fail(error, CS_ERR_FORMAT, "%s: longer than the %llu bytes that the endpoint's list says",
                       self->file->name, (unsigned long long)self->file->size);
    cs_status status = cs_part_append(&self->part, data, size, error);
    if (status == CS_OK) tell(self);
    return status;
}

static int on_complete(void *context) {
    const download *self = context;
    return self->part.size == self->file->size;
}

static cs_status check_digest(const download *self, const char *path, cs_error *error) {
    cs_digest found;
    if (self->file->digest.kind == CS_DIGEST_NONE) return CS_OK;
    cs_status status = cs_digest_file(self->file->digest.kind, path, &found, error);
    if (status != CS_OK || strcmp(found.hex, self->file->digest.hex) == 0) return status;
    return cs_fail(error, CS_ERR_FORMAT, "%s: damaged on the way: its hash is %s, the endpoint's list says %s",
                   self->file->name, found.hex, self->file->digest.hex);
}

/* A part that was put together from several connections may be at odds with itself; one that came in one go and is
 * wrong is the server's word. */
static cs_status fetch_and_check(cs_http *http, const char *url, download *self, cs_error *error) {
    const cs_http_body body = {self, on_resume, on_begin, on_bytes, on_complete};
    self->resumed = self->part.size > 0;
    for (int second = 0;; second = 1) {
        cs_status status = CS_OK;
        if (self->part.size != self->file->size) status = cs_http_get(http, url, self->file->name, &body, error);
        if (status != CS_OK) return status;
        status = check_digest(self, self->part.path, error);
        if (status != CS_ERR_FORMAT) return status;
        cs_status restarted = cs_part_restart(&self->part, "", NULL);
        if (restarted != CS_OK || second || !self->resumed) return status;
    }
}

cs_status cs_download(cs_http *http, const char *url, const char *folder, const cs_planned_file *file,
                      cs_download_fn report, void *context, cs_error *error) {
    download self = {.file = file, .report = report, .context = context};
    if (cs_download_is_done(folder, file)) return CS_OK;
    cs_status status = cs_part_open(folder, file->name, &self.part, error);
    if (status != CS_OK) return status;
    status = fetch_and_check(http, url, &self, error);
    if (status == CS_OK) status = cs_part_finish(&self.part, error);
    cs_part_close(&self.part);
    return status;
}

int cs_download_is_done(const char *folder, const cs_planned_file *file) {
    char *path = cs_path_join(folder, file->name);
    struct stat info;
    cs_digest found;
    /* without a hash the size alone says little: fetch it again */
    int done = path && file->digest.kind != CS_DIGEST_NONE && stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
               (uint64_t)info.st_size == file->size && cs_digest_file(file->digest.kind, path, &found, NULL) == CS_OK &&
               strcmp(found.hex, file->digest.hex) == 0;
    free(path);
    return done;
}
