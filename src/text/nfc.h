/* Canonical composition (NFC) as the reference does it. */
#ifndef CS_TEXT_NFC_H
#define CS_TEXT_NFC_H

#include "clipsight.h"

/* Valid UTF-8 to composed code points in `*points` ([*count], a new block to free()). Takes time proportional to the
 * length even where combining marks follow each other by the thousand. */
cs_status cs_nfc(const char *text, size_t length, int32_t **points, size_t *count, cs_error *error);

#endif
