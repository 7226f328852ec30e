/* libFuzzer entry: the first byte chooses between a tokenizer.json, a merges.txt, a vocab.json and a prompt. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CONTEXT 77

static const char merges_text[] = "#version: 0.2\nt h\nth e</w>\na n\nan d</w>\nc a\nca t</w>\n";

static void check_prompt(const cs_tokenizer *tokenizer, const char *text, size_t length) {
    int32_t ids[CONTEXT];
    size_t count;
    cs_error error;
    if (cs_tokenizer_encode(tokenizer, text, length, CONTEXT, ids, &count, &error) != CS_OK) return;
    if (count < 2 || count > CONTEXT || ids[0] != tokenizer->start || ids[count - 1] != tokenizer->end) abort();
    for (size_t i = 0; i < count; i++)
        if (ids[i] < 0 || (size_t)ids[i] >= tokenizer->vocabulary_size) abort();
}

/* A copy of exactly `size` bytes, so that reading past the end is seen. */
static char *copy(const uint8_t *data, size_t size) {
    char *bytes = malloc(size ? size : 1);
    if (!bytes) abort();
    if (size) memcpy(bytes, data, size);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1) return 0;
    static const char sample[] = "The cat\xcc\x81 and 12 <|endoftext|> dogs' \xf0\x9f\x90\xb1";
    cs_tokenizer tokenizer = {0};
    cs_error error;
    char *bytes = copy(data + 1, --size);
    cs_status status;
    if (data[0] == 'J')
        status = cs_load_json(bytes, size, "fuzz", &tokenizer, &error);
    else if (data[0] == 'M')
        status = cs_load_files(NULL, 0, NULL, bytes, size, "fuzz", &tokenizer, &error);
    else if (data[0] == 'V')
        status = cs_load_files(bytes, size, "fuzz", merges_text, strlen(merges_text), "merges", &tokenizer, &error);
    else
        status = cs_load_files(NULL, 0, NULL, merges_text, strlen(merges_text), "merges", &tokenizer, &error);
    if (status == CS_OK) {
        check_prompt(&tokenizer, sample, strlen(sample));
        if (data[0] != 'J' && data[0] != 'M' && data[0] != 'V') check_prompt(&tokenizer, bytes, size);
    }
    cs_tokenizer_clear(&tokenizer);
    free(bytes);
    return 0;
}
