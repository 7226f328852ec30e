/* One file of a model: fetched into the staging folder, going on with what is there, and checked. */
#ifndef CS_FETCH_DOWNLOAD_H
#define CS_FETCH_DOWNLOAD_H

#include "fetch/http.h"
#include "fetch/plan.h"

/* What is told of a file under way. */
typedef void (*cs_download_fn)(void *context, uint64_t bytes);

/* Leaves folder/file->name, of the planned size and hash, or an error and folder/file->name.part to go on with. Does
 * nothing where the file is there already and as planned. report(context, n): n bytes of it are here now. */
cs_status cs_download(cs_http *http, const char *url, const char *folder, const cs_planned_file *file,
                      cs_download_fn report, void *context, cs_error *error);

/* True if folder/file->name is as planned. */
int cs_download_is_done(const char *folder, const cs_planned_file *file);

#endif
