/* Photographs into the tables: one statement for all of them, one COPY for all their embeddings. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/postgres.h"

static const char DOING[] = "storing photographs";

/* Of a path that is given twice the last one counts. Rows are locked by rising path, so that two indexers that put the
 * same ones wait for each other instead of blocking each other. Gives the id of each one that was stored, and which one
 * it is, counted from 1. */
static const char STORE_PHOTOGRAPHS[] =
    "WITH given AS (SELECT DISTINCT ON (path) * FROM unnest($1::bytea[], $2::int8[], $3::int8[], $4::bytea[], "
    "$5::int4[], $6::int4[], $7::bytea[], $8::int4[]) WITH ORDINALITY "
    "AS g(path, bytes, modified, hash, width, height, problem, embeddings, n) ORDER BY path, n DESC), "
    "stored AS (INSERT INTO photograph AS p (path, bytes, modified, hash, width, height, problem, embeddings, "
    "put_number, put_by) SELECT path, bytes, modified, hash, width, height, problem, embeddings, "
    "(SELECT nextval('put_number')), $9::int8 FROM given ORDER BY path "
    "ON CONFLICT (sha256(path)) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified, "
    "hash = excluded.hash, width = excluded.width, height = excluded.height, problem = excluded.problem, "
    "embeddings = excluded.embeddings, put_number = excluded.put_number, put_by = excluded.put_by "
    "RETURNING p.id, p.path) "
    "SELECT stored.id, given.n FROM stored JOIN given USING (path)";

static const char FORGET_EMBEDDINGS[] = "DELETE FROM embedding WHERE photograph = ANY($1::int8[])";

static const char COPY_EMBEDDINGS[] = "COPY embedding (photograph, ordinal, x, y, width, height, embedding) "
                                      "FROM STDIN (FORMAT binary)";

typedef struct put {
    const cs_store_photo *photos; /* [n] */
    size_t n;
    int several;  /* one of them has more than one row */
    int64_t *ids; /* [n], 0 for one that another one with its path replaces */
} put;

static void write_hash(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field(bytes, photo->hash, sizeof photo->hash);
}

static void write_width(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field32(bytes, photo->width);
}

static void write_height(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field32(bytes, photo->height);
}

static void write_problem(cs_strbuf *bytes, const cs_store_photo *photo) {
    if (photo->problem)
        cs_pg_field(bytes, photo->problem, strlen(photo->problem));
    else
        cs_pg_field_null(bytes);
}

static void write_rows(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field32(bytes, (int32_t)photo->rows);
}

static cs_status store_photographs(cs_postgres *pg, const put *p, cs_error *error) {
    cs_pg_arguments arguments;
    PGresult *result;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_files(&arguments, p->photos, p->n);
    cs_pg_add_column(&arguments, CS_PG_BYTEA, p->photos, p->n, write_hash);
    cs_pg_add_column(&arguments, CS_PG_INT4, p->photos, p->n, write_width);
    cs_pg_add_column(&arguments, CS_PG_INT4, p->photos, p->n, write_height);
    cs_pg_add_column(&arguments, CS_PG_BYTEA, p->photos, p->n, write_problem);
    cs_pg_add_column(&arguments, CS_PG_INT4, p->photos, p->n, write_rows);
    cs_pg_add64(&arguments, pg->session);
    cs_status status = cs_pg_query_once(pg, STORE_PHOTOGRAPHS, &arguments, &result, DOING, error);
    for (int row = 0; row < PQntuples(result); row++) {
        int64_t number = cs_pg_get64(result, row, 1);
        if (number >= 1 && (uint64_t)number <= p->n) p->ids[number - 1] = cs_pg_get64(result, row, 0);
    }
    PQclear(result);
    return status;
}

static cs_status forget_embeddings(cs_postgres *pg, const put *p, cs_error *error) {
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_array64(&arguments, p->ids, p->n);
    return cs_pg_run_once(pg, FORGET_EMBEDDINGS, &arguments, DOING, error);
}

static cs_status end_work(cs_postgres *pg, const put *p, cs_error *error) {
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_photo_paths(&arguments, p->photos, p->n);
    return cs_pg_run_once(pg, CS_PG_END_WORK, &arguments, DOING, error);
}

/* ---- COPY ---- */

static void write_header(cs_strbuf *bytes) {
    static const char signature[11] = "PGCOPY\n\377\r\n";
    cs_strbuf_append(bytes, signature, sizeof signature);
    cs_pg_write32(bytes, 0); /* flags */
    cs_pg_write32(bytes, 0); /* length of what a later version may add to the header */
}

static void write_embedding(cs_strbuf *bytes, const cs_store_photo *photo, int64_t id, size_t row, int dim) {
    const cs_rect *box = &photo->boxes[row];
    cs_pg_write16(bytes, 7);
    cs_pg_field64(bytes, id);
    cs_pg_field32(bytes, (int32_t)row);
    cs_pg_field32(bytes, box->x);
    cs_pg_field32(bytes, box->y);
    cs_pg_field32(bytes, box->width);
    cs_pg_field32(bytes, box->height);
    cs_pg_field_vector(bytes, photo->embeddings + row * (size_t)dim, dim);
}

/* Hands over what is in the buffer, and empties it. */
static cs_status send(cs_postgres *pg, cs_strbuf *bytes, cs_error *error) {
    if (bytes->failed) return cs_fail_memory(error, DOING);
    if (PQputCopyData(pg->connection, bytes->data, (int)bytes->length) != 1) return cs_pg_fail(pg, NULL, DOING, error);
    bytes->length = 0;
    return CS_OK;
}

static cs_status send_embeddings(cs_postgres *pg, const put *p, cs_strbuf *bytes, cs_error *error) {
    enum { ENOUGH = 1 << 16 };
    cs_status status = CS_OK;
    write_header(bytes);
    for (size_t i = 0; i < p->n; i++) {
        for (size_t row = 0; p->ids[i] && row < p->photos[i].rows && status == CS_OK; row++) {
            write_embedding(bytes, &p->photos[i], p->ids[i], row, pg->store.model.dim);
            if (bytes->length >= ENOUGH || bytes->failed) status = send(pg, bytes, error);
        }
    }
    cs_pg_write16(bytes, -1);
    return status == CS_OK ? send(pg, bytes, error) : status;
}

/* The server's verdict; the connection leaves COPY with the last result. */
static cs_status end_copy(cs_postgres *pg, const char *reason, cs_error *error) {
    cs_status status = CS_OK;
    if (PQputCopyEnd(pg->connection, reason) != 1) status = cs_pg_fail(pg, NULL, DOING, error);
    for (PGresult *result = PQgetResult(pg->connection); result; result = PQgetResult(pg->connection)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status == CS_OK)
            status = cs_pg_fail(pg, result, DOING, error);
        PQclear(result);
        if (PQstatus(pg->connection) != CONNECTION_OK) break;
    }
    return status;
}

static cs_status copy_embeddings(cs_postgres *pg, const put *p, cs_error *error) {
    cs_strbuf bytes = CS_STRBUF_EMPTY;
    cs_status status = cs_pg_run(pg, COPY_EMBEDDINGS, NULL, DOING, error);
    if (status != CS_OK) return status;
    status = send_embeddings(pg, p, &bytes, error);
    cs_strbuf_free(&bytes);
    if (status == CS_OK) return end_copy(pg, NULL, error);
    end_copy(pg, "the sender failed", NULL);
    return status;
}

/* ---- The whole of it ---- */

/* Searching for several things at once has to know. */
static cs_status note_several(cs_postgres *pg, cs_error *error) {
    return cs_pg_run(pg, "UPDATE meta SET several = true WHERE NOT several", NULL, DOING, error);
}

static int has_several(const put *p) {
    for (size_t i = 0; i < p->n; i++)
        if (p->photos[i].rows > 1) return 1;
    return 0;
}

static cs_status put_all(cs_postgres *pg, void *context, cs_error *error) {
    put *p = context;
    memset(p->ids, 0, p->n * sizeof *p->ids);
    cs_status status = p->several && !pg->several ? note_several(pg, error) : CS_OK;
    if (status == CS_OK) status = store_photographs(pg, p, error);
    if (status == CS_OK) status = forget_embeddings(pg, p, error);
    if (status == CS_OK) status = copy_embeddings(pg, p, error);
    return status == CS_OK ? end_work(pg, p, error) : status;
}

cs_status cs_pg_put(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error) {
    cs_postgres *pg = (cs_postgres *)store;
    put p = {.photos = photos, .n = n, .ids = cs_alloc(n, sizeof *p.ids)};
    if (!p.ids) return cs_fail_memory(error, DOING);
    p.several = has_several(&p);
    cs_status status = cs_pg_transaction(pg, CS_PG_WRITE, put_all, &p, DOING, error);
    if (status == CS_OK && p.several) pg->several = 1;
    free(p.ids);
    return status;
}
