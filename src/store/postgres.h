/* Stores in PostgreSQL with pgvector; docs/search.md, "PostgreSQL", describes the tables. */
#ifndef CS_STORE_POSTGRES_H
#define CS_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/backend.h"
#include "store/postgres_bytes.h"
#include "store/postgres_url.h"

typedef struct cs_postgres {
    cs_store store; /* first, so that a cs_store * is a cs_postgres * */
    cs_pg_url url;
    PGconn *connection; /* NULL where the last attempt to make one failed */
    int has_tables;     /* of a store, when the connection was made */
    int vector_version; /* of pgvector: 802 for 0.8.2; 0: the database does not have it */
    int64_t session;    /* a number that no other connection has had: claims on work are noted under it */
    int claims;         /* non-zero: other connections can see that this one lives */
    int several;        /* non-zero: this session has noted that photographs may have several rows */
    int64_t seen;       /* the last put that cs_store_each() saw, in the first call since an offer; -1: none yet */
    int offered;        /* since then */
    char state[6];      /* the SQLSTATE of the last failure; "" where the server sent none */
    int handed_out;     /* the transaction's work gave the caller something: it cannot be done once more */
    PGresult *taken;    /* what taken_paths points into */
    const char **taken_paths;
} cs_postgres;

/* ---- postgres_connect.c ---- */

/* Makes a connection, in place of one that was lost. */
cs_status cs_pg_connect(cs_postgres *pg, cs_error *error);

/* Finds out what there is in the database, and sets the session up; part of the above. */
cs_status cs_pg_look_around(cs_postgres *pg, cs_error *error);

/* From now on the tables and what belongs to the extension are found by their names alone. */
cs_status cs_pg_set_path(cs_postgres *pg, cs_error *error);

/* ---- postgres_schema.c ---- */

/* Makes the extension, the schema and the tables, as far as they are missing. */
cs_status cs_pg_create(cs_postgres *pg, const cs_store_model *model, cs_error *error);

/* Whose embeddings the tables hold, into store.model. CS_ERR_UNSUPPORTED: a newer clipsight made them. */
cs_status cs_pg_read_model(cs_postgres *pg, cs_error *error);

/* ---- postgres_error.c ---- */

/* To be returned after a failure of the server or the connection: notes the SQLSTATE, and says what happened while
 * `doing` ("storing photographs"). result may be NULL; it is not freed. */
cs_status cs_pg_fail(cs_postgres *pg, const PGresult *result, const char *doing, cs_error *error);

/* Whether the last failure was that the role may not do what was asked. */
int cs_pg_may_not(const cs_postgres *pg);

/* A message of several lines as one in `line`, which is returned. */
const char *cs_pg_one_line(const char *message, char *line, size_t size);

/* ---- postgres_query.c ---- */

/* Runs one statement (arguments: NULL for none). *result is in binary format, and NULL after a failure; PQclear() takes
 * both. */
cs_status cs_pg_query(cs_postgres *pg, const char *sql, const cs_pg_arguments *arguments, PGresult **result,
                      const char *doing, cs_error *error);

/* The same where nobody wants the result. */
cs_status cs_pg_run(cs_postgres *pg, const char *sql, const cs_pg_arguments *arguments, const char *doing,
                    cs_error *error);

/* These free the arguments, which may be NULL here, too. */
cs_status cs_pg_query_once(cs_postgres *pg, const char *sql, cs_pg_arguments *arguments, PGresult **result,
                           const char *doing, cs_error *error);
cs_status cs_pg_run_once(cs_postgres *pg, const char *sql, cs_pg_arguments *arguments, const char *doing,
                         cs_error *error);

/* The answer to a statement that gives one row with a boolean. */
cs_status cs_pg_ask_once(cs_postgres *pg, const char *sql, cs_pg_arguments *arguments, int *yes, const char *doing,
                         cs_error *error);

/* ---- postgres_transaction.c ---- */

typedef enum cs_pg_mode {
    CS_PG_READ,
    CS_PG_WRITE,
    CS_PG_MAKE /* writing where there is no store yet */
} cs_pg_mode;
typedef cs_status (*cs_pg_work)(cs_postgres *pg, void *context, cs_error *error);

/* Runs `work` in a transaction, after a look whether the store is still that of store.model. Commits if it returns
 * CS_OK. A lost connection is made anew before it, but not within; where the server breaks the transaction off for
 * another one's sake, even when it is to commit, `work` is called again, unless it has set handed_out. So it begins by
 * dropping what an earlier call of it found. */
cs_status cs_pg_transaction(cs_postgres *pg, cs_pg_mode mode, cs_pg_work work, void *context, const char *doing,
                            cs_error *error);

/* ---- The backend's functions ---- */

/* Ends the work on the paths of $1. */
#define CS_PG_END_WORK "DELETE FROM work WHERE sha256(path) IN (SELECT sha256(g) FROM unnest($1::bytea[]) g)"

cs_status cs_pg_describe(cs_store *store, cs_store_info *info, cs_error *error);
cs_status cs_pg_set_windows(cs_store *store, cs_error *error);
cs_status cs_pg_each(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context, cs_error *error);
cs_status cs_pg_put(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);
cs_status cs_pg_touch(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);
cs_status cs_pg_remove(cs_store *store, const char *const *paths, size_t n, cs_error *error);
cs_status cs_pg_find_path(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error);
cs_status cs_pg_find_content(cs_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error);
cs_status cs_pg_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error);
cs_status cs_pg_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error);
cs_status cs_pg_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error);
cs_status cs_pg_finish(cs_store *store, cs_error *error);
cs_status cs_pg_search(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                       cs_hits **hits, cs_error *error);

/* pgvector's index takes no longer vectors. */
enum { CS_PG_INDEX_DIM_MOST = 2000 };

#endif
