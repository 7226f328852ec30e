/* CLIP's byte-level BPE tokenizer. */
#ifndef CS_TEXT_TOKENIZER_H
#define CS_TEXT_TOKENIZER_H

#include "clipsight.h"

typedef struct cs_tokenizer cs_tokenizer;

/* Reads tokenizer.json, or else vocab.json + merges.txt, from a model folder. */
cs_status cs_tokenizer_open(const char *folder, cs_tokenizer **tokenizer, cs_error *error);
void cs_tokenizer_close(cs_tokenizer *tokenizer);

/* Start, text and end ids of a UTF-8 text of `length` bytes. The text's ids are cut so that at most `context` ids
 * come out (context >= 2); *count says how many. ids: [context]. Invalid UTF-8 is CS_ERR_FORMAT. */
cs_status cs_tokenizer_encode(const cs_tokenizer *tokenizer, const char *text, size_t length, size_t context,
                              int32_t *ids, size_t *count, cs_error *error);

size_t cs_tokenizer_vocabulary_size(const cs_tokenizer *tokenizer);
int32_t cs_tokenizer_start(const cs_tokenizer *tokenizer);
int32_t cs_tokenizer_end(const cs_tokenizer *tokenizer);

#endif
