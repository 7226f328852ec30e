#include "store/postgres_bytes.h"

#include <string.h>

void cs_pg_write16(cs_strbuf *bytes, int16_t number) {
    uint16_t bits = (uint16_t)number;
    char out[2] = {(char)(bits >> 8), (char)bits};
    cs_strbuf_append(bytes, out, sizeof out);
}

void cs_pg_write32(cs_strbuf *bytes, int32_t number) {
    uint32_t bits = __builtin_bswap32((uint32_t)number);
    char out[4];
    memcpy(out, &bits, sizeof out);
    cs_strbuf_append(bytes, out, sizeof out);
}

static void write64(cs_strbuf *bytes, int64_t number) {
    cs_pg_write32(bytes, (int32_t)((uint64_t)number >> 32));
    cs_pg_write32(bytes, (int32_t)(uint32_t)(uint64_t)number);
}

void cs_pg_field(cs_strbuf *bytes, const void *value, size_t length) {
    cs_pg_write32(bytes, (int32_t)length);
    cs_strbuf_append(bytes, value, length);
}

void cs_pg_field_null(cs_strbuf *bytes) {
    cs_pg_write32(bytes, -1);
}

void cs_pg_field32(cs_strbuf *bytes, int32_t number) {
    cs_pg_write32(bytes, 4);
    cs_pg_write32(bytes, number);
}

void cs_pg_field64(cs_strbuf *bytes, int64_t number) {
    cs_pg_write32(bytes, 8);
    write64(bytes, number);
}

/* pgvector's own form: how many numbers, two bytes that are 0, the numbers. */
static void write_vector(cs_strbuf *bytes, const float *vector, int dim) {
    cs_pg_write16(bytes, (int16_t)dim);
    cs_pg_write16(bytes, 0);
    for (int i = 0; i < dim; i++) {
        int32_t bits;
        memcpy(&bits, &vector[i], sizeof bits);
        cs_pg_write32(bytes, bits);
    }
}

void cs_pg_field_vector(cs_strbuf *bytes, const float *vector, int dim) {
    cs_pg_write32(bytes, 4 + 4 * dim);
    write_vector(bytes, vector, dim);
}

/* ---- Arguments ---- */

void cs_pg_arguments_start(cs_pg_arguments *arguments) {
    arguments->bytes = (cs_strbuf)CS_STRBUF_EMPTY;
    arguments->n = 0;
}

void cs_pg_arguments_free(cs_pg_arguments *arguments) {
    cs_strbuf_free(&arguments->bytes);
}

/* What was appended since the last one is an argument. */
static void end_argument(cs_pg_arguments *arguments) {
    arguments->ends[arguments->n++] = arguments->bytes.length;
}

void cs_pg_add_bytes(cs_pg_arguments *arguments, const void *bytes, size_t length) {
    cs_strbuf_append(&arguments->bytes, bytes, length);
    end_argument(arguments);
}

void cs_pg_add_text(cs_pg_arguments *arguments, const char *text) {
    cs_pg_add_bytes(arguments, text, strlen(text));
}

void cs_pg_add32(cs_pg_arguments *arguments, int32_t number) {
    cs_pg_write32(&arguments->bytes, number);
    end_argument(arguments);
}

void cs_pg_add64(cs_pg_arguments *arguments, int64_t number) {
    write64(&arguments->bytes, number);
    end_argument(arguments);
}

void cs_pg_add_double(cs_pg_arguments *arguments, double number) {
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    cs_pg_add64(arguments, bits);
}

void cs_pg_add_vector(cs_pg_arguments *arguments, const float *vector, int dim) {
    write_vector(&arguments->bytes, vector, dim);
    end_argument(arguments);
}

/* An array of n elements, which are to follow: dimensions, whether there may be NULLs, type, length, first index. */
static void start_array(cs_strbuf *bytes, int type, size_t n) {
    cs_pg_write32(bytes, n > 0);
    cs_pg_write32(bytes, 1);
    cs_pg_write32(bytes, type);
    if (n == 0) return;
    cs_pg_write32(bytes, (int32_t)n);
    cs_pg_write32(bytes, 1);
}

void cs_pg_add_paths(cs_pg_arguments *arguments, const char *const *paths, size_t n) {
    start_array(&arguments->bytes, CS_PG_BYTEA, n);
    for (size_t i = 0; i < n; i++)
        cs_pg_field(&arguments->bytes, paths[i], strlen(paths[i]));
    end_argument(arguments);
}

void cs_pg_add_array64(cs_pg_arguments *arguments, const int64_t *numbers, size_t n) {
    start_array(&arguments->bytes, CS_PG_INT8, n);
    for (size_t i = 0; i < n; i++)
        cs_pg_field64(&arguments->bytes, numbers[i]);
    end_argument(arguments);
}

void cs_pg_add_column(cs_pg_arguments *arguments, int type, const cs_store_photo *photos, size_t n,
                      void (*write)(cs_strbuf *bytes, const cs_store_photo *photo)) {
    start_array(&arguments->bytes, type, n);
    for (size_t i = 0; i < n; i++)
        write(&arguments->bytes, &photos[i]);
    end_argument(arguments);
}

static void write_path(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field(bytes, photo->path, strlen(photo->path));
}

static void write_bytes(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field64(bytes, (int64_t)photo->bytes);
}

static void write_modified(cs_strbuf *bytes, const cs_store_photo *photo) {
    cs_pg_field64(bytes, photo->modified);
}

void cs_pg_add_photo_paths(cs_pg_arguments *arguments, const cs_store_photo *photos, size_t n) {
    cs_pg_add_column(arguments, CS_PG_BYTEA, photos, n, write_path);
}

void cs_pg_add_files(cs_pg_arguments *arguments, const cs_store_photo *photos, size_t n) {
    cs_pg_add_photo_paths(arguments, photos, n);
    cs_pg_add_column(arguments, CS_PG_INT8, photos, n, write_bytes);
    cs_pg_add_column(arguments, CS_PG_INT8, photos, n, write_modified);
}
