/* Tokens and their ids while a tokenizer is being loaded. */
#ifndef CS_TEXT_VOCABULARY_H
#define CS_TEXT_VOCABULARY_H

#include "clipsight.h"

/* Ids from 0 up to and without this: far beyond any model, and small enough to count them in an array. */
#define CS_VOCABULARY_LIMIT (1 << 22)

typedef struct cs_vocabulary_entry {
    size_t offset, length; /* in the text; length 0 marks a free slot, since no token is empty */
    int32_t id;
} cs_vocabulary_entry;

/* An open-addressing hash table, at most half full. Start from zeros. */
typedef struct cs_vocabulary {
    cs_vocabulary_entry *slots;
    size_t slot_count, count;
    char *text; /* all tokens, one behind the other */
    size_t text_length, text_capacity;
    int32_t highest;
} cs_vocabulary;

/* Adds a token (copied). `name` stands for the file in messages; an empty token, one that is there already, and an id
 * out of range are CS_ERR_FORMAT. */
cs_status cs_vocabulary_add(cs_vocabulary *vocabulary, const char *token, size_t length, int64_t id, const char *name,
                            cs_error *error);

/* The id of a token, or -1. */
int32_t cs_vocabulary_find(const cs_vocabulary *vocabulary, const char *token, size_t length);

/* Fails if two tokens have the same id. */
cs_status cs_vocabulary_check_ids(const cs_vocabulary *vocabulary, const char *name, cs_error *error);

void cs_vocabulary_free(cs_vocabulary *vocabulary);

#endif
