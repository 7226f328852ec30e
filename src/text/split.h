/* Cuts normalised text into the pieces that CLIP's pattern matches; merges never cross a piece. */
#ifndef CS_TEXT_SPLIT_H
#define CS_TEXT_SPLIT_H

#include <stddef.h>

/* The two points in which published tokenizer.json files differ. */
typedef struct cs_split_rules {
    int literals; /* the pattern begins with <|startoftext|> and <|endoftext|> */
    int again;    /* pieces go through GPT-2's pattern too, which cuts those literals up and nothing else */
} cs_split_rules;

/* Where a walk over a text stands. Start with {rules, text, length, 0, 0}. */
typedef struct cs_split {
    cs_split_rules rules;
    const char *text;
    size_t length, position;
    size_t fence; /* end of the literal that is being cut up */
} cs_split;

/* The next piece, valid UTF-8 inside the text; 0 where there is none. */
int cs_split_next(cs_split *split, const char **piece, size_t *length);

#endif
