/* GPT-2's printable stand-ins for the 256 bytes, in which byte-level vocabularies are written. */
#ifndef CS_TEXT_BYTES_H
#define CS_TEXT_BYTES_H

#include <stddef.h>

/* The bytes in the order of CLIP's vocabulary: printable ones first (33-126, 161-172, 174-255), then the rest. */
void cs_byte_order(unsigned char order[256]);

/* Writes the stand-in of a byte as UTF-8 (not terminated); returns its length, 1 or 2. */
size_t cs_byte_character(unsigned char byte, char utf8[2]);

#endif
