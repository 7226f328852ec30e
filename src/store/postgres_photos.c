/* Photographs out of the tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/postgres.h"

/* ---- Listing ---- */

enum { ROWS_AT_ONCE = 5000 };

static const char LAST_PUT[] = "SELECT coalesce(max(put_number), 0) FROM photograph";

static const char OPEN_LIST[] =
    "DECLARE list NO SCROLL CURSOR FOR SELECT path, bytes, modified, hash, width, height, problem, embeddings "
    "FROM photograph WHERE $2::int4 = 0 OR substr(path, 1, $2::int4) = $1::bytea ORDER BY path";

typedef struct listing {
    const char *prefix;
    cs_store_photo_fn call;
    void *context;
    int is_first; /* since an offer */
} listing;

static cs_store_photo read_photo(const PGresult *result, int row) {
    cs_store_photo photo = {.path = cs_pg_get_text(result, row, 0),
                            .bytes = (uint64_t)cs_pg_get64(result, row, 1),
                            .modified = cs_pg_get64(result, row, 2),
                            .width = cs_pg_get32(result, row, 4),
                            .height = cs_pg_get32(result, row, 5),
                            .problem = cs_pg_get_text(result, row, 6),
                            .rows = (size_t)cs_pg_get32(result, row, 7)};
    if (PQgetlength(result, row, 3) == sizeof photo.hash)
        memcpy(photo.hash, PQgetvalue(result, row, 3), sizeof photo.hash);
    return photo;
}

/* Notes how far the list goes, as its transaction sees it: what others put later, cs_pg_offer() passes over. */
static cs_status note_last_put(cs_postgres *pg, const listing *list, cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query(pg, LAST_PUT, NULL, &result, "listing photographs", error);
    if (status == CS_OK && list->is_first) {
        pg->seen = cs_pg_get64(result, 0, 0);
        pg->offered = 0;
    }
    PQclear(result);
    return status;
}

static cs_status hand_out(cs_postgres *pg, const listing *list, const PGresult *result, cs_error *error) {
    for (int row = 0; row < PQntuples(result); row++) {
        cs_store_photo photo = read_photo(result, row);
        pg->handed_out = 1;
        if (list->call(list->context, &photo)) return cs_fail(error, CS_ERR_CANCELLED, "listing was stopped");
    }
    return CS_OK;
}

static cs_status list_photos(cs_postgres *pg, void *context, cs_error *error) {
    static const char doing[] = "listing photographs";
    char fetch[40];
    const listing *list = context;
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_text(&arguments, list->prefix);
    cs_pg_add32(&arguments, (int32_t)strlen(list->prefix));
    cs_status status = note_last_put(pg, list, error);
    if (status == CS_OK) status = cs_pg_run(pg, OPEN_LIST, &arguments, doing, error);
    cs_pg_arguments_free(&arguments);
    snprintf(fetch, sizeof fetch, "FETCH %d FROM list", ROWS_AT_ONCE);
    for (int rows = ROWS_AT_ONCE; status == CS_OK && rows == ROWS_AT_ONCE;) {
        PGresult *result;
        status = cs_pg_query(pg, fetch, NULL, &result, doing, error);
        rows = PQntuples(result);
        if (status == CS_OK) status = hand_out(pg, list, result, error);
        PQclear(result);
    }
    return status;
}

cs_status cs_pg_each(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context, cs_error *error) {
    cs_postgres *pg = (cs_postgres *)store;
    listing list = {prefix, call, context, pg->seen < 0 || pg->offered};
    return cs_pg_transaction(pg, CS_PG_READ, list_photos, &list, "listing photographs", error);
}

/* ---- Finding one ---- */

typedef struct finding finding;
struct finding {
    const char *sql;  /* with one argument, bytes: */
    const void *what; /* [size] */
    size_t size;
    cs_status (*copy)(cs_postgres *pg, const PGresult *result, finding *f, cs_error *error); /* into `found` */
    cs_store_photo *found;                                                                   /* NULL: none */
};

static cs_status find(cs_postgres *pg, void *context, cs_error *error) {
    finding *f = context;
    cs_pg_arguments arguments;
    PGresult *result;
    cs_store_photo_free(f->found);
    f->found = NULL;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_bytes(&arguments, f->what, f->size);
    cs_status status = cs_pg_query_once(pg, f->sql, &arguments, &result, "looking for a photograph", error);
    if (status == CS_OK && PQntuples(result) > 0) status = f->copy(pg, result, f, error);
    PQclear(result);
    return status;
}

static cs_status run_finding(cs_store *store, finding *f, cs_store_photo **photo, cs_error *error) {
    cs_status status = cs_pg_transaction((cs_postgres *)store, CS_PG_READ, find, f, "looking for a photograph", error);
    if (status == CS_OK)
        *photo = f->found;
    else
        cs_store_photo_free(f->found);
    return status;
}

static const char FIND_PATH[] = "SELECT path, bytes, modified, hash, width, height, problem, embeddings "
                                "FROM photograph WHERE sha256(path) = sha256($1::bytea)";

static cs_status copy_row(cs_postgres *pg, const PGresult *result, finding *f, cs_error *error) {
    cs_store_photo photo = read_photo(result, 0);
    return cs_store_photo_copy(&photo, pg->store.model.dim, &f->found, error);
}

cs_status cs_pg_find_path(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error) {
    finding f = {FIND_PATH, path, strlen(path), copy_row, NULL};
    return run_finding(store, &f, photo, error);
}

static const char FIND_CONTENT[] =
    "SELECT p.path, p.bytes, p.modified, p.hash, p.width, p.height, p.problem, p.embeddings, e.x, e.y, e.width, "
    "e.height, e.embedding FROM photograph p JOIN embedding e ON e.photograph = p.id WHERE p.id = (SELECT id FROM "
    "photograph WHERE hash = $1::bytea AND problem IS NULL ORDER BY id LIMIT 1) ORDER BY e.ordinal";

/* One row of the result is one embedding with all of its photograph. */
static cs_status copy_rows(cs_postgres *pg, const PGresult *result, finding *f, cs_error *error) {
    int n = PQntuples(result), dim = pg->store.model.dim;
    cs_store_photo photo = read_photo(result, 0);
    cs_rect *boxes = cs_alloc((size_t)n, sizeof *boxes);
    float *embeddings = cs_alloc((size_t)n * (size_t)dim, sizeof *embeddings);
    cs_status status = boxes && embeddings ? CS_OK : cs_fail_memory(error, photo.path);
    for (int i = 0; i < n && status == CS_OK; i++) {
        boxes[i] = (cs_rect){cs_pg_get32(result, i, 8), cs_pg_get32(result, i, 9), cs_pg_get32(result, i, 10),
                             cs_pg_get32(result, i, 11)};
        if (!cs_pg_get_vector(result, i, 12, embeddings + (size_t)i * (size_t)dim, dim))
            status = cs_fail(error, CS_ERR_FORMAT, "%.150s: expected embeddings of %d numbers", pg->store.where, dim);
    }
    photo.rows = (size_t)n;
    photo.boxes = boxes;
    photo.embeddings = embeddings;
    if (status == CS_OK) status = cs_store_photo_copy(&photo, dim, &f->found, error);
    free(boxes);
    free(embeddings);
    return status;
}

cs_status cs_pg_find_content(cs_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error) {
    finding f = {FIND_CONTENT, hash, 32, copy_rows, NULL};
    return run_finding(store, &f, photo, error);
}
