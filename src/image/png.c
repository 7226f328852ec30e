#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/alpha.h"
#include "image/codec.h"
#include "image/exif.h"

/* All state lies here, outside the function that calls setjmp, so that a longjmp leaves it intact. */
typedef struct png_reader {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    const cs_source *source;
    size_t position; /* of the next byte to be read */
    cs_image *image;
    uint8_t *rgba; /* rows of a picture with alpha: all of them if it is interlaced, else one */
    int memory_short;
    cs_status status;
    cs_error *error;
} png_reader;

static _Noreturn void give_up(png_reader *reader, cs_status status) {
    reader->status = status;
    longjmp(reader->escape, 1);
}

static _Noreturn void on_error(png_structp png, png_const_charp reason) {
    png_reader *reader = png_get_error_ptr(png);
    if (reader->memory_short) give_up(reader, cs_fail_memory(reader->error, reader->source->name));
    give_up(reader, cs_source_damaged(reader->source, "PNG", reason, reader->error));
}

/* Warnings concern chunks that do not touch the pixels. */
static void on_warning(png_structp png, png_const_charp reason) {
    (void)png, (void)reason;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size) {
    png_reader *reader = png_get_mem_ptr(png);
    void *block = cs_alloc(size, 1);
    if (!block) reader->memory_short = 1;
    return block;
}

static void release(png_structp png, png_voidp block) {
    (void)png;
    free(block);
}

static void read_bytes(png_structp png, png_bytep out, size_t n) {
    png_reader *reader = png_get_io_ptr(png);
    if (n > reader->source->size - reader->position) png_error(png, "the file ends too early");
    memcpy(out, reader->source->data + reader->position, n);
    reader->position += n;
}

static void start(png_reader *reader) {
    reader->png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning, reader, allocate, release);
    if (!reader->png) give_up(reader, cs_fail_memory(reader->error, reader->source->name));
    reader->info = png_create_info_struct(reader->png);
    if (!reader->info) give_up(reader, cs_fail_memory(reader->error, reader->source->name));
    png_set_read_fn(reader->png, reader, read_bytes);
    png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* the pixel cap is ours */
    /* Texts, profiles and the like are skipped unread: less to go wrong, and no bombs inside them. */
    png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(reader->png, reader->info);
}

/* Everything becomes RGB8 or RGBA8. Of 16 bits the upper 8 are kept, as Pillow does for colour pictures (its grey
 * 16-bit pictures are clipped to white instead, which helps nobody). */
static int set_transforms(png_reader *reader) {
    png_set_expand(reader->png);
    png_set_strip_16(reader->png);
    png_set_gray_to_rgb(reader->png);
    int passes = png_set_interlace_handling(reader->png);
    png_read_update_info(reader->png, reader->info);
    return passes;
}

static void read_rgb(png_reader *reader, int passes) {
    size_t stride = (size_t)reader->image->width * 3;
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < reader->image->height; y++)
            png_read_row(reader->png, reader->image->pixels + (size_t)y * stride, NULL);
}

/* An interlaced picture is complete only after its last pass, so all its rows are kept until then. */
static void read_rgba(png_reader *reader, int passes) {
    size_t width = (size_t)reader->image->width, height = (size_t)reader->image->height;
    size_t step = passes > 1 ? width * 4 : 0;
    reader->rgba = cs_alloc(width * 4, passes > 1 ? height : 1);
    if (!reader->rgba) give_up(reader, cs_fail_memory(reader->error, reader->source->name));
    for (int pass = 0; pass < passes; pass++) {
        for (size_t y = 0; y < height; y++) {
            png_read_row(reader->png, reader->rgba + y * step, NULL);
            if (pass + 1 == passes)
                cs_over_white(reader->rgba + y * step, width, reader->image->pixels + y * width * 3);
        }
    }
}

static void decode(png_reader *reader) {
    if (setjmp(reader->escape)) return;
    start(reader);
    cs_status status =
        cs_source_create_image(reader->source, png_get_image_width(reader->png, reader->info),
                               png_get_image_height(reader->png, reader->info), &reader->image, reader->error);
    if (status != CS_OK) give_up(reader, status);
    int passes = set_transforms(reader);
    if (png_get_channels(reader->png, reader->info) == 4)
        read_rgba(reader, passes);
    else
        read_rgb(reader, passes);
    png_read_end(reader->png, NULL); /* a file cut off behind the pixels fails here */
    /* libpng takes some failed allocations for mere warnings, and goes on without what it wanted to store. */
    if (reader->memory_short) give_up(reader, cs_fail_memory(reader->error, reader->source->name));
}

static uint32_t big_endian_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Walks the chunks (length, type, data, checksum) to eXIf, which may also stand behind the pixels. libpng can be built
 * without it, so it is not asked. */
static int find_orientation(const cs_source *source) {
    size_t at = 8;
    while (source->size - at >= 12) {
        size_t length = big_endian_at(source->data + at);
        if (length > source->size - at - 12) return 1;
        if (memcmp(source->data + at + 4, "IEND", 4) == 0) return 1;
        if (memcmp(source->data + at + 4, "eXIf", 4) == 0) return cs_exif_orientation(source->data + at + 8, length);
        at += 12 + length;
    }
    return 1;
}

cs_status cs_png_decode(const cs_source *source, cs_image **image, int *orientation, cs_error *error) {
    png_reader reader = {.source = source, .error = error};
    decode(&reader);
    png_destroy_read_struct(&reader.png, &reader.info, NULL);
    free(reader.rgba);
    if (reader.status != CS_OK) {
        cs_image_close(reader.image);
        return reader.status;
    }
    *image = reader.image;
    *orientation = find_orientation(source);
    return CS_OK;
}
