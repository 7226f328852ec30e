/* The one thing that EXIF data is read for: which way up the photograph is. */
#ifndef CS_IMAGE_EXIF_H
#define CS_IMAGE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/* EXIF data from its TIFF header on, with or without "Exif\0\0" before it. The orientation, 1 to 8; 1 where it is
 * absent, damaged or out of range (Exif 2.32, 4.6.4: tag 0x0112). */
int cs_exif_orientation(const uint8_t *data, size_t size);

#endif
