/* All or nothing, and of one model only. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres.h"

enum { TRIES = 5 };

/* Two statements in one journey. Reading the model also keeps the table from being dropped, and made anew for another
 * model, before the transaction ends. */
static PGresult *send_begin(cs_postgres *pg, cs_pg_mode mode) {
    static const char *const statements[] = {
        [CS_PG_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT dim, weights_id FROM meta",
        [CS_PG_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT dim, weights_id FROM meta",
        [CS_PG_MAKE] = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT"};
    return PQexec(pg->connection, statements[mode]);
}

/* Whether the tables are still those of the model that the store was opened with. */
static cs_status check_model(cs_postgres *pg, const PGresult *result, cs_error *error) {
    const cs_store_model *own = &pg->store.model;
    const char *dim = cs_pg_get_text(result, 0, 0), *weights_id = cs_pg_get_text(result, 0, 1);
    if (!dim || !weights_id) return cs_fail(error, CS_ERR_FORMAT, "%.150s: the table meta is empty", pg->store.where);
    if (atoi(dim) == own->dim && strcmp(weights_id, own->weights_id) == 0) return CS_OK;
    return cs_fail(
        error, CS_ERR_ARGUMENT,
        "%.150s: was made anew since it was opened; it held embeddings of the weights %.70s (%d numbers each), "
        "and now holds those of %.70s (%s)",
        pg->store.where, own->weights_id, own->dim, weights_id, dim);
}

/* A connection may have died since the last call without anybody having noticed; as nothing was done yet, that does no
 * harm. */
static cs_status begin(cs_postgres *pg, cs_pg_mode mode, const char *doing, cs_error *error) {
    PGresult *result = NULL;
    cs_status status = CS_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        PQclear(result);
        if (PQstatus(pg->connection) != CONNECTION_OK) status = cs_pg_connect(pg, error);
        if (status != CS_OK) return status;
        result = send_begin(pg, mode);
        if (PQstatus(pg->connection) == CONNECTION_OK) break;
    }
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = cs_pg_fail(pg, result, doing, error);
    else if (mode != CS_PG_MAKE)
        status = check_model(pg, result, error);
    PQclear(result);
    return status;
}

/* The server answers COMMIT of a transaction that had failed with ROLLBACK, which is no error to libpq. */
static cs_status commit(cs_postgres *pg, const char *doing, cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query(pg, "COMMIT", NULL, &result, doing, error);
    if (status == CS_OK && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = cs_fail(error, CS_ERR_IO, "%.150s: %s: the server took the transaction back", pg->store.where, doing);
    PQclear(result);
    return status;
}

static void roll_back(cs_postgres *pg) {
    if (PQtransactionStatus(pg->connection) != PQTRANS_IDLE) PQclear(PQexec(pg->connection, "ROLLBACK"));
}

static cs_status attempt(cs_postgres *pg, cs_pg_mode mode, cs_pg_work work, void *context, const char *doing,
                         cs_error *error) {
    memset(pg->state, 0, sizeof pg->state);
    pg->handed_out = 0;
    cs_status status = begin(pg, mode, doing, error);
    if (status == CS_OK) status = work(pg, context, error);
    if (status == CS_OK) status = commit(pg, doing, error);
    if (status != CS_OK) roll_back(pg);
    return status;
}

/* Deadlocks and conflicts of transactions, which a second try resolves; on a standby also conflicts with what it is to
 * do after its primary. */
static int is_worth_another(const cs_postgres *pg) {
    if (pg->handed_out) return 0;
    return strcmp(pg->state, "40P01") == 0 || strcmp(pg->state, "40001") == 0;
}

cs_status cs_pg_transaction(cs_postgres *pg, cs_pg_mode mode, cs_pg_work work, void *context, const char *doing,
                            cs_error *error) {
    cs_status status = CS_ERR_INTERNAL;
    for (int i = 0; i < TRIES; i++) {
        status = attempt(pg, mode, work, context, doing, error);
        if (status == CS_OK || !is_worth_another(pg)) break;
    }
    return status;
}
