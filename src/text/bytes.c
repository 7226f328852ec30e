#include "text/bytes.h"

static int is_printable(unsigned byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

/* How many of the bytes below `byte` are like it, printable or not. */
static unsigned count_alike(unsigned byte) {
    unsigned n = 0;
    for (unsigned b = 0; b < byte; b++)
        if (is_printable(b) == is_printable(byte)) n++;
    return n;
}

void cs_byte_order(unsigned char order[256]) {
    size_t n = 0;
    for (int printable = 1; printable >= 0; printable--)
        for (unsigned byte = 0; byte < 256; byte++)
            if (is_printable(byte) == printable) order[n++] = (unsigned char)byte;
}

size_t cs_byte_character(unsigned char byte, char utf8[2]) {
    unsigned code = is_printable(byte) ? byte : 256 + count_alike(byte);
    if (code < 0x80) {
        utf8[0] = (char)code;
        return 1;
    }
    utf8[0] = (char)(0xc0 | code >> 6);
    utf8[1] = (char)(0x80 | (code & 0x3f));
    return 2;
}
