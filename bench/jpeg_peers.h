/* A JPEG decoded by libjpeg-turbo alone: the least that looking at a photograph can cost. */
#ifndef BENCH_JPEG_PEERS_H
#define BENCH_JPEG_PEERS_H

#include <stddef.h>

/* A file in memory, and room for its pixels. */
typedef struct jpeg_photo {
    unsigned char *bytes; /* [size] */
    unsigned long size;
    int width, height;
    unsigned char *pixels; /* [height, width, 3] */
} jpeg_photo;

/* Stops the program when the file is no JPEG that can be read. */
void jpeg_load(const char *path, jpeg_photo *photo);
void jpeg_unload(jpeg_photo *photo);

/* Full size, RGB, default settings, into photo->pixels; returns the seconds that it took.
 * tjDecompress2() of the TurboJPEG interface, and line by line through the libjpeg interface, as djpeg does it. */
double jpeg_turbo_seconds(jpeg_photo *photo);
double jpeg_lines_seconds(jpeg_photo *photo);

#endif
