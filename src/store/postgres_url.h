/* The URL of a store in PostgreSQL. */
#ifndef CS_STORE_POSTGRES_URL_H
#define CS_STORE_POSTGRES_URL_H

#include "clipsight_tools.h"

typedef struct cs_pg_url {
    char *shown;               /* the URL without its passwords */
    char *schema;              /* that the tables are in: its parameter "schema", which is ours, else "clipsight" */
    char **keywords, **values; /* [n] and a NULL at the end: what PQconnectStartParams() takes */
    size_t n;
} cs_pg_url;

/* CS_ERR_ARGUMENT where libpq would not take the URL, or where it is not clear where a password in it ends. Messages
 * show nothing that may be part of a password. */
cs_status cs_pg_url_parse(const char *where, cs_pg_url *url, cs_error *error);
void cs_pg_url_free(cs_pg_url *url);

/* "postgresql://user@host:port/database?..." of what was parsed so far. */
cs_status cs_pg_url_show(cs_pg_url *url, cs_error *error);

#endif
