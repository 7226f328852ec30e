#include "text/tokenizer.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "text/parts.h"

/* CLIP's tokenizer.json has 3.6 MB. */
#define FILE_LIMIT ((size_t)64 << 20)

static cs_status open_json(const char *path, cs_tokenizer *tokenizer, cs_error *error) {
    char *data;
    size_t size;
    cs_status status = cs_file_read(path, FILE_LIMIT, &data, &size, error);
    if (status != CS_OK) return status;
    status = cs_load_json(data, size, path, tokenizer, error);
    free(data);
    return status;
}

static cs_status open_files(const char *vocabulary, const char *merges, cs_tokenizer *tokenizer, cs_error *error) {
    char *vocabulary_data = NULL, *merges_data = NULL;
    size_t vocabulary_size = 0, merges_size = 0;
    cs_status status = cs_file_read(merges, FILE_LIMIT, &merges_data, &merges_size, error);
    if (status == CS_OK && cs_file_exists(vocabulary))
        status = cs_file_read(vocabulary, FILE_LIMIT, &vocabulary_data, &vocabulary_size, error);
    if (status == CS_OK)
        status = cs_load_files(vocabulary_data, vocabulary_size, vocabulary, merges_data, merges_size, merges,
                               tokenizer, error);
    free(vocabulary_data);
    free(merges_data);
    return status;
}

static cs_status open_folder(const char *folder, cs_tokenizer *tokenizer, cs_error *error) {
    cs_status status;
    char *json = cs_path_join(folder, "tokenizer.json");
    char *vocabulary = cs_path_join(folder, "vocab.json");
    char *merges = cs_path_join(folder, "merges.txt");
    if (!json || !vocabulary || !merges)
        status = cs_fail_memory(error, folder);
    else if (cs_file_exists(json))
        status = open_json(json, tokenizer, error);
    else if (cs_file_exists(merges))
        status = open_files(vocabulary, merges, tokenizer, error);
    else
        status = cs_fail(error, CS_ERR_IO, "%s: expected tokenizer.json, or vocab.json and merges.txt", folder);
    free(json);
    free(vocabulary);
    free(merges);
    return status;
}

cs_status cs_tokenizer_open(const char *folder, cs_tokenizer **tokenizer, cs_error *error) {
    *tokenizer = NULL;
    cs_tokenizer *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a tokenizer");
    cs_status status = open_folder(folder, made, error);
    if (status != CS_OK) {
        cs_tokenizer_close(made);
        return status;
    }
    *tokenizer = made;
    return CS_OK;
}

void cs_tokenizer_clear(cs_tokenizer *tokenizer) {
    cs_merges_free(&tokenizer->merges);
    cs_specials_free(&tokenizer->raw);
    cs_specials_free(&tokenizer->normalized);
}

void cs_tokenizer_close(cs_tokenizer *tokenizer) {
    if (!tokenizer) return;
    cs_tokenizer_clear(tokenizer);
    free(tokenizer);
}

size_t cs_tokenizer_vocabulary_size(const cs_tokenizer *tokenizer) {
    return tokenizer->vocabulary_size;
}

int32_t cs_tokenizer_start(const cs_tokenizer *tokenizer) {
    return tokenizer->start;
}

int32_t cs_tokenizer_end(const cs_tokenizer *tokenizer) {
    return tokenizer->end;
}
