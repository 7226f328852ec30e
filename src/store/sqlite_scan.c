/* Threads take block after block. What is not in memory they read through connections of their own, as SQLite's are for
 * one thread at a time. Such a connection may see a later moment than the store's own: a block that has changed in
 * between is left for that one, which comes last. */
#include "store/sqlite_scan.h"

#include <omp.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/sqlite_blocks.h"
#include "store/sqlite_index.h"

/* Fewer blocks than this for each thread are read sooner than a connection is opened. */
enum { BLOCKS_PER_THREAD = 8 };

/* What one thread has for itself. */
typedef struct scanner {
    cs_scan_worker worker;
    cs_sqlite *sqlite; /* NULL: it may not read */
    int is_main;       /* sqlite is the store's own connection, in a transaction */
    int began;         /* there is a transaction on it */
    float *rows;       /* room for a block that is not kept */
    size_t room;
    cs_status status;
    cs_error error;
} scanner;

/* What all of them share. */
typedef struct shared {
    cs_sqlite_store *store;
    const cs_scan *scan;
    char *left; /* a flag per block: for the store's own connection */
} shared;

static int is_kept(const cs_known_block *block) {
    return block->kept && block->kept_version == block->version;
}

static size_t blocks_to_read(const cs_sqlite_index *index) {
    size_t count = 0;
    for (size_t i = 0; i < index->count; i++)
        count += index->blocks[i].used > 0 && !is_kept(&index->blocks[i]);
    return count;
}

/* Opens the thread's connection, unless it is open. */
static cs_status connect_reader(const shared *s, cs_sqlite *sqlite) {
    if (sqlite->db) return CS_OK;
    cs_status status = cs_sqlite_connect(s->store->base.where, s->store->sqlite.mode, sqlite, NULL);
    if (status == CS_OK) status = cs_sqlite_configure(sqlite, NULL);
    if (status != CS_OK) cs_sqlite_disconnect(sqlite);
    return status;
}

/* Begins to read by the thread's connection. Where that fails, all is left for the store's own. */
static void begin_reading(const shared *s, scanner *self) {
    cs_sqlite *sqlite = self->sqlite;
    if (self->began || !sqlite) return;
    cs_status status = connect_reader(s, sqlite);
    if (status == CS_OK) status = cs_sql_run(sqlite, CS_SQL_BEGIN, NULL, "");
    self->began = status == CS_OK;
    if (status != CS_OK) self->sqlite = NULL;
}

static int sees_the_same(scanner *self, size_t i, const cs_known_block *block) {
    int row = 0;
    if (!self->sqlite) return 0;
    cs_status status = cs_sql_bind(self->sqlite, CS_SQL_BLOCK_VERSION, NULL, "i", (sqlite3_int64)i + 1);
    if (status == CS_OK) status = cs_sql_step(self->sqlite, CS_SQL_BLOCK_VERSION, &row, NULL);
    if (status != CS_OK || !row) return 0;
    sqlite3_int64 version = sqlite3_column_int64(self->sqlite->statements[CS_SQL_BLOCK_VERSION], 0);
    cs_sql_reset(self->sqlite, CS_SQL_BLOCK_VERSION);
    return version == block->version;
}

static float *room_for(scanner *self, size_t rows, int dim) {
    if (rows > self->room) {
        free(self->rows);
        self->rows = cs_alloc_aligned(rows, (size_t)dim * sizeof *self->rows);
        self->room = self->rows ? rows : 0;
    }
    return self->rows;
}

/* *rows is NULL where the block is left. */
static cs_status read_block(const shared *s, scanner *self, size_t i, const float **rows, cs_error *error) {
    cs_known_block *block = &s->store->index->blocks[i];
    int dim = s->scan->dim;
    *rows = NULL;
    begin_reading(s, self);
    if (!self->is_main && !sees_the_same(self, i, block)) {
        s->left[i] = 1;
        return CS_OK;
    }
    float *to = block->kept ? block->kept : room_for(self, (size_t)block->used, dim);
    if (!to) return cs_fail_memory(error, "a search");
    block->kept_version = 0;
    cs_status status = cs_vectors_read(self->sqlite, (sqlite3_int64)i + 1, dim, 0, (size_t)block->used, to, error);
    if (status != CS_OK) return status;
    if (block->kept) block->kept_version = block->version;
    *rows = to;
    return CS_OK;
}

static void look_at(const shared *s, scanner *self, size_t i) {
    const cs_known_block *block = &s->store->index->blocks[i];
    const float *rows = block->kept;
    if (self->status != CS_OK || !cs_scan_wants_any(s->scan, block->owners, block->used)) return;
    if (!is_kept(block)) self->status = read_block(s, self, i, &rows, &self->error);
    if (self->status == CS_OK && rows)
        self->status = cs_scan_block(s->scan, &self->worker, block->owners, rows, block->used, &self->error);
}

static void look_at_all(const shared *s, scanner *scanners, int threads) {
    size_t count = s->store->index->count;
#pragma omp parallel num_threads(threads)
    {
        scanner *self = &scanners[omp_get_thread_num()];
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < count; i++)
            look_at(s, self, i);
        if (self->began && !self->is_main) cs_sql_end(self->sqlite, CS_OK, NULL);
    }
    for (size_t i = 0; i < count; i++)
        if (s->left[i]) look_at(s, &scanners[0], i);
}

/* Connections for so many threads but the first. */
static cs_status prepare_readers(cs_sqlite_index *index, int threads, cs_error *error) {
    int wanted = threads - 1;
    if (wanted <= index->reader_count) return CS_OK;
    cs_sqlite *readers = cs_realloc(index->readers, (size_t)wanted, sizeof *readers);
    if (!readers) return cs_fail_memory(error, "a search");
    for (int i = index->reader_count; i < wanted; i++)
        readers[i] = (cs_sqlite){.db = NULL};
    index->readers = readers;
    index->reader_count = wanted;
    return CS_OK;
}

static cs_status prepare(const shared *s, scanner *scanners, int threads, const cs_search_options *options,
                         cs_error *error) {
    cs_sqlite_index *index = s->store->index;
    cs_status status = CS_OK;
    int readers = blocks_to_read(index) >= (size_t)threads * BLOCKS_PER_THREAD;
    if (readers) status = prepare_readers(index, threads, error);
    for (int t = 0; t < threads && status == CS_OK; t++) {
        status = cs_scan_worker_init(&scanners[t].worker, s->scan, options, error);
        scanners[t].is_main = scanners[t].began = t == 0;
        if (t == 0) scanners[t].sqlite = &s->store->sqlite;
        if (t > 0 && readers) scanners[t].sqlite = &index->readers[t - 1];
    }
    return status;
}

static cs_status gather(scanner *scanners, int threads, cs_top *top, cs_error *error) {
    for (int t = 0; t < threads; t++) {
        if (scanners[t].status != CS_OK) return cs_fail(error, scanners[t].status, "%s", scanners[t].error.message);
        if (!cs_top_merge(top, &scanners[t].worker.top)) return cs_fail_memory(error, "a search");
    }
    return CS_OK;
}

cs_status cs_sqlite_scan(cs_sqlite_store *store, const cs_scan *scan, const cs_search_options *options, cs_top *top,
                         cs_error *error) {
    const cs_sqlite_index *index = store->index;
    int threads = (size_t)store->base.threads < index->count ? store->base.threads : (int)index->count;
    if (threads == 0) return CS_OK;
    scanner *scanners = cs_alloc_zero((size_t)threads, sizeof *scanners);
    shared s = {store, scan, cs_alloc_zero(index->count, 1)};
    cs_status status = scanners && s.left ? CS_OK : cs_fail_memory(error, "a search");
    if (status == CS_OK) status = prepare(&s, scanners, threads, options, error);
    if (status == CS_OK) look_at_all(&s, scanners, threads);
    if (status == CS_OK) status = gather(scanners, threads, top, error);
    for (int t = 0; scanners && t < threads; t++) {
        cs_scan_worker_clear(&scanners[t].worker);
        free(scanners[t].rows);
    }
    free(scanners);
    free(s.left);
    return status;
}
