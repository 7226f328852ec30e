#include <string.h>

#include "base/error.h"
#include "text/bpe.h"
#include "text/normalize.h"
#include "text/parts.h"
#include "text/unicode.h"

/* Longer prompts are a mistake, not a description of something to look for. */
#define PROMPT_LIMIT ((size_t)1 << 20)

/* Ids being collected; those that do not fit any more are dropped. */
typedef struct encoding {
    const cs_tokenizer *tokenizer;
    int32_t *ids; /* [room] */
    size_t room, count;
    cs_bpe bpe;
    cs_strbuf normalized;
    cs_error *error;
} encoding;

static void put(encoding *e, int32_t id) {
    if (e->count < e->room) e->ids[e->count++] = id;
}

static cs_status encode_piece(encoding *e, const char *piece, size_t length) {
    const cs_tokenizer *t = e->tokenizer;
    cs_status status = cs_bpe_merge(&e->bpe, &t->merges, t->inner, t->last, piece, length, e->error);
    if (status != CS_OK) return status;
    for (int32_t i = 0; i >= 0; i = e->bpe.symbols[i].next)
        put(e, e->bpe.symbols[i].id);
    return CS_OK;
}

/* Normalised text without special tokens. */
static cs_status encode_words(encoding *e, const char *text, size_t length) {
    cs_split split = {e->tokenizer->rules, text, length, 0, 0};
    const char *piece;
    size_t bytes;
    cs_status status = CS_OK;
    while (status == CS_OK && e->count < e->room && cs_split_next(&split, &piece, &bytes))
        status = encode_piece(e, piece, bytes);
    return status;
}

typedef cs_status (*encode_fn)(encoding *e, const char *text, size_t length);

/* Puts the ids of special tokens, and gives what lies between them to `encode_between`. */
static cs_status encode_around(encoding *e, const cs_specials *specials, const char *text, size_t length,
                               encode_fn encode_between) {
    size_t from = 0, at = 0;
    const cs_special *special;
    cs_status status = CS_OK;
    while (status == CS_OK && e->count < e->room &&
           (special = cs_specials_find(specials, text, length, from, &at)) != NULL) {
        status = encode_between(e, text + from, at - from);
        put(e, special->id);
        from = at + special->length;
    }
    return status == CS_OK ? encode_between(e, text + from, length - from) : status;
}

/* Text as it was given, without those special tokens that are matched in it. */
static cs_status encode_plain(encoding *e, const char *text, size_t length) {
    if (length == 0 || e->count == e->room) return CS_OK;
    e->normalized.length = 0;
    cs_status status = cs_normalize(text, length, &e->normalized, e->error);
    if (status != CS_OK) return status;
    return encode_around(e, &e->tokenizer->normalized, e->normalized.data, e->normalized.length, encode_words);
}

cs_status cs_tokenizer_encode(const cs_tokenizer *tokenizer, const char *text, size_t length, size_t context,
                              int32_t *ids, size_t *count, cs_error *error) {
    if (context < 2) return cs_fail(error, CS_ERR_ARGUMENT, "context: expected at least 2 ids, found %zu", context);
    if (length > PROMPT_LIMIT)
        return cs_fail(error, CS_ERR_LIMIT, "prompt: expected at most %zu bytes, found %zu", PROMPT_LIMIT, length);
    cs_status status = cs_utf8_check(text, length, "prompt", error);
    if (status != CS_OK) return status;
    encoding e = {.tokenizer = tokenizer, .ids = ids + 1, .room = context - 2, .error = error};
    status = encode_around(&e, &tokenizer->raw, text, length, encode_plain);
    cs_bpe_free(&e.bpe);
    cs_strbuf_free(&e.normalized);
    if (status != CS_OK) return status;
    ids[0] = tokenizer->start;
    ids[e.count + 1] = tokenizer->end;
    *count = e.count + 2;
    return CS_OK;
}
