/* Searching: pgvector's index proposes, exact cosines decide. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/hits.h"
#include "store/postgres.h"

/* How many candidates the index keeps at hand while it searches: what pgvector takes at most. Texts lie far from all
 * photographs, which is hard for a graph; docs/search.md shows what fewer would miss. */
enum { CANDIDATES = 1000 };

/* Where photographs have several rows, many of the best rows are of one of them, and for several queries different rows
 * are the best: then more are looked at. */
enum { ROWS_FACTOR = 4, QUERIES_FACTOR = 4 };

/* From this version on pgvector goes on where its first candidates do not suffice. */
enum { ITERATIVE_SCAN = 800 };

static const char DOING[] = "searching";

typedef struct search {
    const cs_query *queries; /* [n] */
    size_t n;
    const cs_search_options *options;
    int several;         /* non-zero: photographs may have several rows */
    char *indexed;       /* what the index knows of a row, as SQL; NULL: there is no index */
    int64_t *candidates; /* [found], rising, once each */
    size_t found;
    cs_hits *hits;
} search;

/* ---- Candidates ---- */

/* What the index is of is an expression, which the planner has to find again in the query: cs_pg_finish() wrote it. */
static const char SET_UP[] =
    "SELECT several, (SELECT coalesce(pg_get_expr(indexprs, indrelid), 'embedding') FROM pg_index "
    "WHERE indexrelid = to_regclass('embedding_hnsw') AND indisvalid), set_config('jit', 'off', true) FROM meta";

static const char SET_WIDTH[] = "SELECT set_config('hnsw.ef_search', $1::int4::text, true)";

static const char GO_ON[] = "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true)";

/* Candidates by rising distance in the index's eyes; with a prefix only photographs that begin so. */
static void write_proposal(const search *s, cs_strbuf *sql) {
    cs_strbuf_puts(sql, "SELECT e.photograph FROM embedding e");
    if (*s->options->prefix)
        cs_strbuf_puts(sql, " JOIN photograph p ON p.id = e.photograph WHERE substr(p.path, 1, $4::int4) = $3::bytea");
    cs_strbuf_printf(sql, " ORDER BY (%s) <#> $1::vector LIMIT $2::int8", s->indexed);
}

static cs_status set_up(cs_postgres *pg, search *s, cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query(pg, SET_UP, NULL, &result, DOING, error);
    if (status == CS_OK) {
        const char *indexed = cs_pg_get_text(result, 0, 1);
        s->several = cs_pg_get_bool(result, 0, 0);
        free(s->indexed);
        s->indexed = indexed ? cs_strdup(indexed) : NULL;
        if (indexed && !s->indexed) status = cs_fail_memory(error, DOING);
    }
    PQclear(result);
    return status;
}

/* How many rows the index is asked for: some more than needed, as its own sums are rounded otherwise. */
static size_t rows_wanted(const search *s) {
    size_t rows = 10 + 2 * (s->options->top < INT32_MAX ? s->options->top : INT32_MAX);
    if (!s->several) return rows;
    return rows * ROWS_FACTOR * (s->n > 1 ? QUERIES_FACTOR : 1);
}

static cs_status set_width(cs_postgres *pg, cs_error *error) {
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add32(&arguments, CANDIDATES);
    cs_status status = cs_pg_run_once(pg, SET_WIDTH, &arguments, DOING, error);
    if (status == CS_OK && pg->vector_version >= ITERATIVE_SCAN) status = cs_pg_run(pg, GO_ON, NULL, DOING, error);
    return status;
}

static cs_status add_candidates(search *s, const PGresult *result, cs_error *error) {
    size_t rows = (size_t)PQntuples(result);
    int64_t *candidates = cs_realloc(s->candidates, s->found + rows + 1, sizeof *candidates);
    if (!candidates) return cs_fail_memory(error, "candidates");
    s->candidates = candidates;
    for (size_t row = 0; row < rows; row++)
        candidates[s->found++] = cs_pg_get64(result, (int)row, 0);
    return CS_OK;
}

static void add_prefix(const search *s, cs_pg_arguments *arguments) {
    cs_pg_add_text(arguments, s->options->prefix);
    cs_pg_add32(arguments, (int32_t)strlen(s->options->prefix));
}

static cs_status propose(cs_postgres *pg, search *s, const float *embedding, cs_error *error) {
    cs_strbuf sql = CS_STRBUF_EMPTY;
    cs_pg_arguments arguments;
    PGresult *result = NULL;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_vector(&arguments, embedding, pg->store.model.dim);
    cs_pg_add64(&arguments, (int64_t)rows_wanted(s));
    if (*s->options->prefix) add_prefix(s, &arguments);
    write_proposal(s, &sql);
    cs_status status =
        sql.failed ? cs_fail_memory(error, DOING) : cs_pg_query(pg, sql.data, &arguments, &result, DOING, error);
    if (status == CS_OK) status = add_candidates(s, result, error);
    PQclear(result);
    cs_pg_arguments_free(&arguments);
    cs_strbuf_free(&sql);
    return status;
}

/* The weighted sum of all queries: its product with a row is what the row scores, but for a factor. */
static void add_up(const search *s, int dim, float *sum) {
    double most = 0;
    for (size_t i = 0; i < s->n; i++)
        if (fabs((double)s->queries[i].weight) > most) most = fabs((double)s->queries[i].weight);
    for (int d = 0; d < dim; d++) {
        double value = 0;
        for (size_t i = 0; i < s->n; i++)
            value += (double)s->queries[i].weight / most * (double)s->queries[i].embedding[d];
        sum[d] = (float)value;
    }
}

static cs_status propose_by_all(cs_postgres *pg, search *s, cs_error *error) {
    int dim = pg->store.model.dim;
    float *sum = cs_alloc((size_t)dim, sizeof *sum);
    if (!sum) return cs_fail_memory(error, DOING);
    add_up(s, dim, sum);
    cs_status status = propose(pg, s, sum, error);
    free(sum);
    return status;
}

static int by_number(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void keep_one_of_each(search *s) {
    size_t kept = 0;
    if (s->found > 1) qsort(s->candidates, s->found, sizeof *s->candidates, by_number);
    for (size_t i = 0; i < s->found; i++)
        if (i == 0 || s->candidates[i] != s->candidates[kept - 1]) s->candidates[kept++] = s->candidates[i];
    s->found = kept;
}

/* What fits all queries; and, as one photograph may have a row for each, what fits each positive one.
 * (A photograph is unwanted for what it has, but never wanted for what it lacks.) */
static cs_status collect(cs_postgres *pg, search *s, cs_error *error) {
    cs_status status = set_width(pg, error);
    if (status == CS_OK) status = propose_by_all(pg, s, error);
    for (size_t i = 0; s->several && s->n > 1 && i < s->n && status == CS_OK; i++)
        if (s->queries[i].weight > 0) status = propose(pg, s, s->queries[i].embedding, error);
    keep_one_of_each(s);
    return status;
}

/* ---- Exact cosines ---- */

/* For each query its highest cosine within a photograph; of the photographs the best ones, and whoever is as good as
 * the last of them; of those what a hit shows. The order is that of cs_hits_score(), computed in the same steps. "+ 0"
 * keeps the index, which knows nothing of photographs, out of looking for the box. Arguments: how many, the sum of
 * positive weights, embedding and weight of each query, then the candidates, or a prefix and its length. */
enum { FIRST_QUERY = 3 };

static void write_scope(const search *s, int exact, cs_strbuf *sql) {
    size_t next = FIRST_QUERY + 2 * s->n;
    if (!exact)
        cs_strbuf_printf(sql, " WHERE e.photograph = ANY($%zu::int8[])", next);
    else if (*s->options->prefix)
        cs_strbuf_printf(sql,
                         " JOIN photograph p ON p.id = e.photograph WHERE substr(p.path, 1, $%zu::int4) = $%zu::bytea",
                         next + 1, next);
}

static void write_statement(const search *s, int exact, cs_strbuf *sql) {
    cs_strbuf_puts(sql, "WITH fit AS (SELECT e.photograph");
    for (size_t i = 0; i < s->n; i++)
        cs_strbuf_printf(sql, ", max(-(e.embedding <#> $%zu::vector)) AS c%zu", FIRST_QUERY + 2 * i, i);
    cs_strbuf_puts(sql, " FROM embedding e");
    write_scope(s, exact, sql);
    cs_strbuf_puts(sql, " GROUP BY e.photograph), best AS MATERIALIZED (SELECT * FROM fit ORDER BY ((0::float8");
    for (size_t i = 0; i < s->n; i++)
        cs_strbuf_printf(sql, " + $%zu::float8 * c%zu", FIRST_QUERY + 2 * i + 1, i);
    cs_strbuf_puts(sql, ") / $2::float8)::real DESC FETCH FIRST ($1::int8) ROWS WITH TIES) "
                        "SELECT p.path, p.width, p.height, b.x, b.y, b.width, b.height");
    for (size_t i = 0; i < s->n; i++)
        cs_strbuf_printf(sql, ", c%zu", i);
    cs_strbuf_printf(sql,
                     " FROM best JOIN photograph p ON p.id = best.photograph CROSS JOIN LATERAL "
                     "(SELECT x, y, width, height FROM embedding e WHERE e.photograph = best.photograph "
                     "ORDER BY (e.embedding <#> $%d::vector) + 0, ordinal LIMIT 1) b",
                     FIRST_QUERY);
}

static void add_arguments(cs_postgres *pg, const search *s, int exact, cs_pg_arguments *arguments) {
    size_t top = s->options->top;
    double positive = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->queries[i].weight > 0) positive += (double)s->queries[i].weight;
    cs_pg_add64(arguments, top < INT64_MAX ? (int64_t)top : INT64_MAX);
    cs_pg_add_double(arguments, positive);
    for (size_t i = 0; i < s->n; i++) {
        cs_pg_add_vector(arguments, s->queries[i].embedding, pg->store.model.dim);
        cs_pg_add_double(arguments, (double)s->queries[i].weight);
    }
    if (!exact)
        cs_pg_add_array64(arguments, s->candidates, s->found);
    else if (*s->options->prefix)
        add_prefix(s, arguments);
}

static cs_status add_hits(search *s, const PGresult *result, cs_error *error) {
    float *cosines = cs_alloc(s->n, sizeof *cosines);
    cs_status status = cosines ? cs_hits_create(s->queries, s->n, &s->hits, error) : cs_fail_memory(error, "hits");
    for (int row = 0; row < PQntuples(result) && status == CS_OK; row++) {
        for (size_t i = 0; i < s->n; i++)
            cosines[i] = (float)cs_pg_get_double(result, row, 7 + (int)i);
        cs_hit hit = {.path = cs_pg_get_text(result, row, 0),
                      .width = cs_pg_get32(result, row, 1),
                      .height = cs_pg_get32(result, row, 2),
                      .cosines = cosines,
                      .box = {cs_pg_get32(result, row, 3), cs_pg_get32(result, row, 4), cs_pg_get32(result, row, 5),
                              cs_pg_get32(result, row, 6)}};
        status = cs_hits_add(s->hits, &hit, error);
    }
    free(cosines);
    return status;
}

static cs_status decide(cs_postgres *pg, search *s, int exact, cs_error *error) {
    cs_strbuf sql = CS_STRBUF_EMPTY;
    cs_pg_arguments arguments;
    PGresult *result = NULL;
    cs_pg_arguments_start(&arguments);
    write_statement(s, exact, &sql);
    add_arguments(pg, s, exact, &arguments);
    cs_status status =
        sql.failed ? cs_fail_memory(error, DOING) : cs_pg_query(pg, sql.data, &arguments, &result, DOING, error);
    if (status == CS_OK) status = add_hits(s, result, error);
    PQclear(result);
    cs_pg_arguments_free(&arguments);
    cs_strbuf_free(&sql);
    return status;
}

/* Where the index proposes fewer photographs than are wanted, because there are no more or because it gave up, all are
 * compared. */
static cs_status run_search(cs_postgres *pg, void *context, cs_error *error) {
    search *s = context;
    s->found = 0;
    cs_hits_free(s->hits);
    s->hits = NULL;
    cs_status status = set_up(pg, s, error);
    int exact = s->options->exact || !s->indexed;
    if (status == CS_OK && !exact) {
        status = collect(pg, s, error);
        exact = s->found < s->options->top;
    }
    return status == CS_OK ? decide(pg, s, exact, error) : status;
}

cs_status cs_pg_search(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                       cs_hits **hits, cs_error *error) {
    search s = {.queries = queries, .n = n, .options = options};
    cs_status status = cs_pg_transaction((cs_postgres *)store, CS_PG_READ, run_search, &s, DOING, error);
    free(s.candidates);
    free(s.indexed);
    if (status != CS_OK) {
        cs_hits_free(s.hits);
        return status;
    }
    cs_hits_rank(s.hits, options);
    *hits = s.hits;
    return CS_OK;
}
