/* The store that is searched in, shared by all requests. Every function may be called by any thread. */
#ifndef SERVER_CATALOG_H
#define SERVER_CATALOG_H

#include "clipsight_tools.h"
#include "handles.h"
#include "server.h"

typedef struct web_catalog web_catalog;

/* Opens the store of the options, which has to be one of their model's embeddings. */
cs_status catalog_open(const server_options *options, web_catalog **catalog, cs_error *error);
void catalog_close(web_catalog *catalog);

/* How many photographs there were when it was last searched. Waits for nobody. */
size_t catalog_size(web_catalog *catalog);

/* As cs_store_search(). A connection that broke is made once more. What is wrong with the store is said on standard
 * error, and `error` says only that something is. */
cs_status catalog_search(web_catalog *catalog, const cs_query *queries, size_t n, const cs_search_options *options,
                         cs_hits **hits, cs_error *error);

/* The handle by which a client may ask for this photograph, copied. Returns 0 where memory is short. */
int catalog_handle(web_catalog *catalog, const char *path, char handle[HANDLE_DIGITS + 1]);

/* The path that a handle stands for, if that photograph is in the store now; free() it. NULL: there is none such. */
char *catalog_path(web_catalog *catalog, const char *handle);

#endif
