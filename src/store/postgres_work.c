/* Work that several indexers share: a table of paths, and who has claimed which. A claim holds as long as the claimer's
 * connection, which shows by an advisory lock on the number of its session: the server releases it when the connection
 * ends, however it ends. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/postgres.h"

/* ---- Offering ---- */

enum { PATHS_AT_ONCE = 10000 };

/* Two indexers that offer the same paths in different order would block each other, hence one at a time. */
static const char OFFER_ALONE[] =
    "SELECT pg_advisory_xact_lock(hashtextextended('clipsight/offer', 'work'::regclass::oid::int8))";

/* What another indexer has done since this one looked at the list of photographs. */
#define DONE_MEANWHILE                                                                                                 \
    "EXISTS (SELECT FROM photograph p WHERE sha256(p.path) = sha256(g.path) AND p.put_number > $2::int8 "              \
    "AND p.put_by <> $3::int8)"

static const char OFFER[] = "INSERT INTO work (path) SELECT g.path FROM unnest($1::bytea[]) WITH ORDINALITY "
                            "AS g(path, n) WHERE NOT " DONE_MEANWHILE " ORDER BY g.n ON CONFLICT DO NOTHING";

/* The statement above does not see what is put while it runs, but finds the work ended; so there is a second look, at
 * what it has added. */
static const char TAKE_BACK[] =
    "DELETE FROM work USING unnest($1::bytea[]) AS g(path) WHERE sha256(work.path) = sha256(g.path) "
    "AND work.xmin = pg_current_xact_id()::xid AND " DONE_MEANWHILE;

typedef struct some_paths {
    const char *const *paths;
    size_t n;
} some_paths;

static cs_status offer(cs_postgres *pg, void *context, cs_error *error) {
    static const char doing[] = "offering work";
    const some_paths *given = context;
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_paths(&arguments, given->paths, given->n);
    cs_pg_add64(&arguments, pg->seen < 0 ? INT64_MAX : pg->seen);
    cs_pg_add64(&arguments, pg->session);
    cs_status status = cs_pg_run(pg, OFFER_ALONE, NULL, doing, error);
    if (status == CS_OK) status = cs_pg_run(pg, OFFER, &arguments, doing, error);
    if (status == CS_OK && pg->seen >= 0) status = cs_pg_run(pg, TAKE_BACK, &arguments, doing, error);
    cs_pg_arguments_free(&arguments);
    return status;
}

cs_status cs_pg_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_status status = CS_OK;
    ((cs_postgres *)store)->offered = 1;
    for (size_t done = 0; done < n && status == CS_OK; done += PATHS_AT_ONCE) {
        some_paths part = {paths + done, n - done < PATHS_AT_ONCE ? n - done : PATHS_AT_ONCE};
        status = cs_pg_transaction((cs_postgres *)store, CS_PG_WRITE, offer, &part, "offering work", error);
    }
    return status;
}

/* ---- Taking ---- */

static const char SHOW_LIFE[] = "SELECT pg_advisory_lock($1::int8)";

/* A session whose claim this statement can see took its lock before. If the lock is gone, so is the session, for ever.
 * (The lock of a number of 64 bits shows as two of 32.) */
static const char TAKE[] =
    "WITH next AS (SELECT id FROM work WHERE claim IS NULL OR claim = $1::int8 OR claim = ANY(ARRAY("
    "SELECT DISTINCT claim FROM work WHERE claim IS NOT NULL EXCEPT "
    "SELECT (classid::int8 << 32) | objid::int8 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))) "
    "ORDER BY id LIMIT $2::int8 FOR UPDATE SKIP LOCKED), "
    "taken AS (UPDATE work SET claim = $1::int8 FROM next WHERE work.id = next.id RETURNING work.id, path) "
    "SELECT path FROM taken ORDER BY id";

typedef struct taking {
    size_t most;
    PGresult *result;
} taking;

static cs_status show_life(cs_postgres *pg, cs_error *error) {
    cs_pg_arguments arguments;
    if (pg->claims) return CS_OK;
    cs_pg_arguments_start(&arguments);
    cs_pg_add64(&arguments, pg->session);
    cs_status status = cs_pg_run_once(pg, SHOW_LIFE, &arguments, "taking work", error);
    pg->claims = status == CS_OK;
    return status;
}

static cs_status take(cs_postgres *pg, void *context, cs_error *error) {
    taking *t = context;
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add64(&arguments, pg->session);
    cs_pg_add64(&arguments, t->most < INT64_MAX ? (int64_t)t->most : INT64_MAX);
    PQclear(t->result);
    t->result = NULL;
    cs_status status = show_life(pg, error);
    if (status == CS_OK) status = cs_pg_query(pg, TAKE, &arguments, &t->result, "taking work", error);
    cs_pg_arguments_free(&arguments);
    return status;
}

/* Makes the result the store's own, and points into it. */
static cs_status keep_taken(cs_postgres *pg, PGresult *result, cs_error *error) {
    size_t n = (size_t)PQntuples(result);
    const char **paths = cs_alloc(n, sizeof *paths);
    if (!paths) return cs_fail_memory(error, "taking work");
    for (size_t i = 0; i < n; i++)
        paths[i] = PQgetvalue(result, (int)i, 0);
    free(pg->taken_paths);
    PQclear(pg->taken);
    pg->taken_paths = paths;
    pg->taken = result;
    return CS_OK;
}

cs_status cs_pg_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error) {
    cs_postgres *pg = (cs_postgres *)store;
    taking t = {most, NULL};
    cs_status status = cs_pg_transaction(pg, CS_PG_WRITE, take, &t, "taking work", error);
    if (status == CS_OK) status = keep_taken(pg, t.result, error);
    if (status != CS_OK) {
        PQclear(t.result);
        return status;
    }
    *paths = pg->taken_paths;
    *n = (size_t)PQntuples(pg->taken);
    return CS_OK;
}
