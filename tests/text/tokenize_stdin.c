/* Reads texts (u32 length + bytes, native order) from standard input, and writes their ids (i32 count + i32 ids), for
 * tests/references/make_text.py --compare. Not built with the tests; by hand, from the project's root:
 *
 *   gcc -O2 -std=gnu11 -D_GNU_SOURCE -DCLIPSIGHT_VERSION='""' -Iinclude -Isrc src/base/[aefs]*.c src/text/[a-z]*.c \
 *       tests/text/tokenize_stdin.c -ljansson -lutf8proc -o tokenize_stdin
 */
#include <stdio.h>
#include <stdlib.h>

#include "text/tokenizer.h"

#define ROOM (1 << 21)

int main(int argc, char **argv) {
    static char text[1 << 20];
    static int32_t ids[ROOM + 1];
    cs_error error;
    cs_tokenizer *tokenizer;
    if (argc != 2 || cs_tokenizer_open(argv[1], &tokenizer, &error) != CS_OK) {
        fprintf(stderr, "%s\n", argc == 2 ? error.message : "tokenize_stdin FOLDER");
        return 1;
    }
    uint32_t length;
    while (fread(&length, sizeof length, 1, stdin) == 1) {
        size_t count;
        if (length > sizeof text || fread(text, 1, length, stdin) != length) return 1;
        if (cs_tokenizer_encode(tokenizer, text, length, ROOM, ids + 1, &count, &error) != CS_OK) {
            fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        ids[0] = (int32_t)count;
        fwrite(ids, sizeof *ids, count + 1, stdout);
    }
    cs_tokenizer_close(tokenizer);
    return 0;
}
