/* Values in PostgreSQL's binary format, as arguments of a query or in a COPY, and out of a result. */
#ifndef CS_STORE_POSTGRES_BYTES_H
#define CS_STORE_POSTGRES_BYTES_H

#include <libpq-fe.h>

#include "base/strbuf.h"
#include "clipsight_tools.h"

/* A number, most significant byte first. */
void cs_pg_write16(cs_strbuf *bytes, int16_t number);
void cs_pg_write32(cs_strbuf *bytes, int32_t number);

/* The value of a field or an array's element: its length, then itself. */
void cs_pg_field(cs_strbuf *bytes, const void *value, size_t length);
void cs_pg_field_null(cs_strbuf *bytes);
void cs_pg_field32(cs_strbuf *bytes, int32_t number);
void cs_pg_field64(cs_strbuf *bytes, int64_t number);
void cs_pg_field_vector(cs_strbuf *bytes, const float *vector, int dim);

/* A query's arguments; more than most of them is a mistake of the caller. A failed append shows in bytes.failed. */
enum { CS_PG_ARGUMENTS_MOST = 1024 };
typedef struct cs_pg_arguments {
    cs_strbuf bytes; /* of all of them */
    int n;
    size_t ends[CS_PG_ARGUMENTS_MOST]; /* where each one ends in `bytes` */
} cs_pg_arguments;

void cs_pg_arguments_start(cs_pg_arguments *arguments);
void cs_pg_arguments_free(cs_pg_arguments *arguments);

/* Each adds one; its number, as in "$1", is `n` afterwards. Texts are bytes, too. */
void cs_pg_add_bytes(cs_pg_arguments *arguments, const void *bytes, size_t length);
void cs_pg_add_text(cs_pg_arguments *arguments, const char *text);
void cs_pg_add32(cs_pg_arguments *arguments, int32_t number);
void cs_pg_add64(cs_pg_arguments *arguments, int64_t number);
void cs_pg_add_double(cs_pg_arguments *arguments, double number);
void cs_pg_add_vector(cs_pg_arguments *arguments, const float *vector, int dim);
void cs_pg_add_paths(cs_pg_arguments *arguments, const char *const *paths, size_t n);
void cs_pg_add_array64(cs_pg_arguments *arguments, const int64_t *numbers, size_t n);

/* Types, by the numbers that every PostgreSQL has for them. */
enum { CS_PG_BYTEA = 17, CS_PG_INT8 = 20, CS_PG_INT4 = 23 };

/* Adds an array with one element of this type for each photograph, which `write` makes with cs_pg_field...(). */
void cs_pg_add_column(cs_pg_arguments *arguments, int type, const cs_store_photo *photos, size_t n,
                      void (*write)(cs_strbuf *bytes, const cs_store_photo *photo));

/* The paths of photographs; and three arrays: their paths, and their files' sizes and times. */
void cs_pg_add_photo_paths(cs_pg_arguments *arguments, const cs_store_photo *photos, size_t n);
void cs_pg_add_files(cs_pg_arguments *arguments, const cs_store_photo *photos, size_t n);

/* Fields of a result in binary format; NULL reads as 0. A value of bytes ends with a NUL, which libpq adds. */
int32_t cs_pg_get32(const PGresult *result, int row, int column);
int64_t cs_pg_get64(const PGresult *result, int row, int column);
double cs_pg_get_double(const PGresult *result, int row, int column);
int cs_pg_get_bool(const PGresult *result, int row, int column);
const char *cs_pg_get_text(const PGresult *result, int row, int column); /* NULL for NULL */

/* The numbers of a vector, [dim]; non-zero where the field holds one of that many. */
int cs_pg_get_vector(const PGresult *result, int row, int column, float *vector, int dim);

#endif
