/* What a tokenizer consists of, and how the loaders put it together. */
#ifndef CS_TEXT_PARTS_H
#define CS_TEXT_PARTS_H

#include "base/strbuf.h"
#include "text/merges.h"
#include "text/specials.h"
#include "text/split.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

#define CS_START_TOKEN "<|startoftext|>"
#define CS_END_TOKEN "<|endoftext|>"
#define CS_WORD_END "</w>"

struct cs_tokenizer {
    cs_merges merges;
    int32_t inner[256], last[256]; /* id of every byte inside a word, and at its end */
    cs_specials raw;               /* matched in the prompt as it was given */
    cs_specials normalized;        /* matched after normalisation */
    cs_split_rules rules;
    int32_t start, end;
    size_t vocabulary_size;
};

/* A tokenizer being made. `name` is the file that messages speak of. */
typedef struct cs_builder {
    cs_tokenizer *tokenizer;
    const char *name;
    cs_error *error;
    cs_vocabulary vocabulary;
    cs_strbuf scratch;
    int32_t rank; /* of the next merge */
} cs_builder;

/* Finds the ids of all bytes; `unknown` stands for those that are missing, -1 makes them an error. */
cs_status cs_build_bytes(cs_builder *builder, int32_t unknown);

/* Adds the next merge of two tokens; they and what they make must be in the vocabulary. */
cs_status cs_build_merge(cs_builder *builder, const char *left, size_t left_length, const char *right,
                         size_t right_length);

/* Adds a token that prompts may hold literally. `normalized`: it is normalised, and looked for in normalised text. */
cs_status cs_build_special(cs_builder *builder, const char *text, size_t length, int32_t id, int normalized);

/* Checks the ids, sets the size of the vocabulary, and looks the start and end tokens up. */
cs_status cs_build_finish(cs_builder *builder, const char *start, const char *end);

/* Frees what is needed for building only. */
void cs_builder_free(cs_builder *builder);

/* Fill an empty tokenizer from files in memory; `name` stands for the file. On failure its parts are freed with
 * cs_tokenizer_clear(). `vocabulary` NULL: the merges define the ids in CLIP's order (256 bytes, the same at a word's
 * end, one per merge, start, end). */
cs_status cs_load_json(const char *data, size_t size, const char *name, cs_tokenizer *tokenizer, cs_error *error);
cs_status cs_load_files(const char *vocabulary, size_t vocabulary_size, const char *vocabulary_name, const char *merges,
                        size_t merges_size, const char *merges_name, cs_tokenizer *tokenizer, cs_error *error);

void cs_tokenizer_clear(cs_tokenizer *tokenizer);

#endif
