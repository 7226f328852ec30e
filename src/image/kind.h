/* What a file is, told from its first bytes. */
#ifndef CS_IMAGE_KIND_H
#define CS_IMAGE_KIND_H

#include <stddef.h>
#include <stdint.h>

typedef enum cs_kind {
    CS_KIND_JPEG,
    CS_KIND_PNG,
    CS_KIND_WEBP,
    CS_KIND_OTHER,  /* something well known that clipsight does not read */
    CS_KIND_UNKNOWN /* nothing that this list knows */
} cs_kind;

/* *name becomes what the file is, with its article ("a GIF picture"); NULL for CS_KIND_UNKNOWN. */
cs_kind cs_kind_of(const uint8_t *bytes, size_t size, const char **name);

#endif
