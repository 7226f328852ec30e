#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/hits.h"
#include "store/scan.h"
#include "store/sqlite.h"
#include "store/sqlite_index.h"
#include "store/sqlite_scan.h"

/* Ids come one after the other; more bits than this are a damaged file's. */
#define IDS_MOST ((sqlite3_int64)1 << 36)

/* A bit for each id up to the highest. */
static cs_status make_bits(cs_sqlite *sqlite, cs_scan *scan, uint8_t **bits, cs_error *error) {
    sqlite3_int64 last = 0;
    cs_status status = cs_sql_number(sqlite, CS_SQL_LAST_ID, &last, error);
    if (status != CS_OK) return status;
    if (last < 0 || last > IDS_MOST) return cs_sqlite_damaged(sqlite, "a photograph's id", error);
    *bits = cs_alloc_zero((size_t)last / 8 + 1, 1);
    if (!*bits) return cs_fail_memory(error, "a search");
    scan->wanted = *bits;
    scan->wanted_end = last + 1;
    return CS_OK;
}

/* The scan's bits, to be set. */
typedef struct wanted {
    uint8_t *bits;
    sqlite3_int64 end;
} wanted;

static cs_status want_row(cs_sqlite *sqlite, cs_sql which, void *context, cs_error *error) {
    const wanted *w = context;
    sqlite3_int64 id = sqlite3_column_int64(sqlite->statements[which], 0);
    (void)error;
    if (id > 0 && id < w->end) w->bits[id / 8] |= (uint8_t)(1 << id % 8);
    return CS_OK;
}

/* Notes in *bits which photographs' paths begin with the prefix. */
static cs_status want_prefix(cs_sqlite *sqlite, const char *prefix, cs_scan *scan, uint8_t **bits, cs_error *error) {
    if (!*prefix) return CS_OK;
    cs_status status = make_bits(sqlite, scan, bits, error);
    if (status != CS_OK) return status;
    wanted w = {*bits, scan->wanted_end};
    return cs_sqlite_each_below(sqlite, prefix, CS_SQL_IDS, CS_SQL_IDS_FROM, want_row, &w, error);
}

/* Looks up what the store knows of a candidate, and adds it. */
static cs_status add_hit(cs_sqlite *sqlite, const cs_candidate *candidate, cs_hits *hits, cs_error *error) {
    int row = 0;
    char *path = NULL;
    cs_hit hit = {.cosines = candidate->cosines};
    cs_status status = cs_sql_bind(sqlite, CS_SQL_HIT, error, "i", (sqlite3_int64)candidate->id);
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_HIT, &row, error);
    if (status != CS_OK) return status;
    if (!row) return cs_sqlite_damaged(sqlite, "a photograph is missing", error);
    sqlite3_stmt *statement = sqlite->statements[CS_SQL_HIT];
    const cs_rect *boxes = sqlite3_column_blob(statement, 3);
    size_t count = (size_t)sqlite3_column_bytes(statement, 3) / sizeof *boxes;
    if (candidate->row < count)
        memcpy(&hit.box, boxes + candidate->row, sizeof hit.box);
    else
        status = cs_sqlite_damaged(sqlite, "a photograph's boxes", error);
    hit.width = sqlite3_column_int(statement, 1);
    hit.height = sqlite3_column_int(statement, 2);
    if (status == CS_OK) status = cs_sqlite_path(sqlite, CS_SQL_HIT, 0, &path, error);
    hit.path = path;
    if (status == CS_OK) status = cs_hits_add(hits, &hit, error);
    free(path);
    cs_sql_reset(sqlite, CS_SQL_HIT);
    return status;
}

static cs_status collect(cs_sqlite *sqlite, cs_top *top, const cs_search_options *options, cs_hits *hits,
                         cs_error *error) {
    cs_status status = CS_OK;
    cs_top_settle(top);
    for (size_t i = 0; i < top->count && status == CS_OK; i++)
        status = add_hit(sqlite, cs_top_get(top, i), hits, error);
    if (status == CS_OK) cs_hits_rank(hits, options);
    return status;
}

static cs_status refresh(cs_sqlite_store *store, cs_error *error) {
    cs_status status = CS_OK;
    if (!store->index) status = cs_sqlite_index_create(&store->index, error);
    if (status == CS_OK) status = cs_sqlite_index_refresh(store->index, &store->sqlite, error);
    if (status == CS_OK) cs_sqlite_index_keep(store->index, store->base.model.dim);
    return status;
}

/* Within a transaction, so that the whole search sees the store as it was at one moment. */
static cs_status search(cs_sqlite_store *store, cs_scan *scan, const cs_search_options *options, cs_hits *hits,
                        cs_error *error) {
    uint8_t *bits = NULL;
    cs_top top;
    cs_status status = refresh(store, error);
    if (status != CS_OK) return status;
    cs_top_init(&top, options->top, scan->n);
    status = want_prefix(&store->sqlite, options->prefix, scan, &bits, error);
    if (status == CS_OK) status = cs_sqlite_scan(store, scan, options, &top, error);
    if (status == CS_OK) status = collect(&store->sqlite, &top, options, hits, error);
    if (status == CS_OK) store->index->searches++;
    cs_top_free(&top);
    free(bits);
    return status;
}

cs_status cs_sqlite_search(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                           cs_hits **hits, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_hits *found = NULL;
    cs_scan scan;
    cs_status status = cs_scan_init(&scan, queries, n, store->model.dim, error);
    if (status == CS_OK) status = cs_hits_create(queries, n, &found, error);
    if (status == CS_OK) status = cs_sqlite_begin_read(own, error);
    if (status == CS_OK) status = cs_sqlite_end_read(own, search(own, &scan, options, found, error), error);
    cs_scan_clear(&scan);
    if (status == CS_OK)
        *hits = found;
    else
        cs_hits_free(found);
    return status;
}
