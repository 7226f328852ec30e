#include "jpeg_peers.h"

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <turbojpeg.h>

#include "support/clock.h"
#include "support/say.h"

static void read_file(const char *path, jpeg_photo *photo) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) stop("%s: cannot be read", path);
    long size = ftell(file);
    rewind(file);
    photo->bytes = size > 0 ? malloc((size_t)size) : NULL;
    if (!photo->bytes || fread(photo->bytes, 1, (size_t)size, file) != (size_t)size) stop("%s: cannot be read", path);
    photo->size = (unsigned long)size;
    fclose(file);
}

void jpeg_load(const char *path, jpeg_photo *photo) {
    int subsampling, colorspace;
    read_file(path, photo);
    tjhandle handle = tjInitDecompress();
    if (!handle || tjDecompressHeader3(handle, photo->bytes, photo->size, &photo->width, &photo->height, &subsampling,
                                       &colorspace) != 0)
        stop("%s: expected a JPEG", path);
    tjDestroy(handle);
    photo->pixels = malloc((size_t)photo->width * (size_t)photo->height * 3);
    if (!photo->pixels) stop("%s: no memory for %d x %d pixels", path, photo->width, photo->height);
}

void jpeg_unload(jpeg_photo *photo) {
    free(photo->bytes);
    free(photo->pixels);
}

double jpeg_turbo_seconds(jpeg_photo *photo) {
    double start = clock_seconds();
    tjhandle handle = tjInitDecompress();
    if (!handle || tjDecompress2(handle, photo->bytes, photo->size, photo->pixels, photo->width, 0, photo->height,
                                 TJPF_RGB, 0) != 0)
        stop("TurboJPEG: %s", tjGetErrorStr2(handle));
    tjDestroy(handle);
    return clock_seconds() - start;
}

double jpeg_lines_seconds(jpeg_photo *photo) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors; /* the default one ends the program with a message, which is right here */
    double start = clock_seconds();
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, photo->bytes, photo->size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW line = photo->pixels + (size_t)jpeg.output_scanline * (size_t)photo->width * 3;
        jpeg_read_scanlines(&jpeg, &line, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return clock_seconds() - start;
}
