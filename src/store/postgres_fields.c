/* Out of results in PostgreSQL's binary format. */
#include <string.h>

#include "store/postgres_bytes.h"

static uint32_t read32(const char *bytes) {
    uint32_t bits;
    memcpy(&bits, bytes, sizeof bits);
    return __builtin_bswap32(bits);
}

/* The field's bytes where it has so many, else NULL. */
static const char *field(const PGresult *result, int row, int column, int length) {
    if (row >= PQntuples(result) || PQgetlength(result, row, column) != length) return NULL;
    return PQgetvalue(result, row, column);
}

int32_t cs_pg_get32(const PGresult *result, int row, int column) {
    const char *bytes = field(result, row, column, 4);
    return bytes ? (int32_t)read32(bytes) : 0;
}

int64_t cs_pg_get64(const PGresult *result, int row, int column) {
    const char *bytes = field(result, row, column, 8);
    return bytes ? (int64_t)((uint64_t)read32(bytes) << 32 | read32(bytes + 4)) : 0;
}

double cs_pg_get_double(const PGresult *result, int row, int column) {
    int64_t bits = cs_pg_get64(result, row, column);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

int cs_pg_get_bool(const PGresult *result, int row, int column) {
    const char *bytes = field(result, row, column, 1);
    return bytes && bytes[0] != 0;
}

const char *cs_pg_get_text(const PGresult *result, int row, int column) {
    if (row >= PQntuples(result) || PQgetisnull(result, row, column)) return NULL;
    return PQgetvalue(result, row, column);
}

int cs_pg_get_vector(const PGresult *result, int row, int column, float *vector, int dim) {
    const char *bytes = field(result, row, column, 4 + 4 * dim);
    if (!bytes) return 0;
    for (int i = 0; i < dim; i++) {
        uint32_t bits = read32(bytes + 4 + 4 * (size_t)i);
        memcpy(&vector[i], &bits, sizeof bits);
    }
    return 1;
}
