#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/alpha.h"
#include "image/codec.h"
#include "image/exif.h"

/* A sound progressive file has about ten scans. Each costs a pass over the whole picture, so that a small hostile file
 * with thousands of them would keep the decoder busy for hours. */
enum { MAX_SCANS = 100, ROWS_PER_CALL = 16 };

/* All state lies here, in the frame of the function that calls setjmp's function: a longjmp leaves it intact. */
typedef struct jpeg_reader {
    struct jpeg_decompress_struct codec;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    const cs_source *source;
    cs_image *image;
    uint8_t *line; /* [width, 4], one row of a CMYK picture */
    int orientation;
    cs_status status;
    cs_error *error;
} jpeg_reader;

static _Noreturn void give_up(jpeg_reader *reader, cs_status status) {
    reader->status = status;
    longjmp(reader->escape, 1);
}

/* What libjpeg can say of a sound file that it was not built for. */
static int is_unsupported(int code) {
    return code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED || code == JERR_ARITH_NOTIMPL ||
           code == JERR_CONVERSION_NOTIMPL || code == JERR_COMPONENT_COUNT || code == JERR_CCIR601_NOTIMPL ||
           code == JERR_FRACT_SAMPLE_NOTIMPL || code == JERR_NOTIMPL;
}

static _Noreturn void fail_with_message(j_common_ptr codec) {
    jpeg_reader *reader = codec->client_data;
    char reason[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, reason);
    if (codec->err->msg_code == JERR_OUT_OF_MEMORY)
        give_up(reader, cs_fail(reader->error, CS_ERR_MEMORY, "%s: out of memory", reader->source->name));
    if (is_unsupported(codec->err->msg_code))
        give_up(reader, cs_fail(reader->error, CS_ERR_UNSUPPORTED, "%s: a JPEG of a kind that is not read: %s",
                                reader->source->name, reason));
    give_up(reader, cs_source_damaged(reader->source, "JPEG", reason, reader->error));
}

/* Warnings say that pixels were made up, save these, which concern only the wrapping. Stray bytes between segments are
 * among them: many cameras leave some, and the picture is whole. */
static int is_harmless(int code) {
    return code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR ||
           code == JWRN_BOGUS_ICC;
}

static void on_message(j_common_ptr codec, int level) {
    if (level < 0 && !is_harmless(codec->err->msg_code)) fail_with_message(codec);
}

static void on_progress(j_common_ptr codec) {
    jpeg_reader *reader = codec->client_data;
    if (reader->codec.input_scan_number > MAX_SCANS)
        give_up(reader, cs_fail(reader->error, CS_ERR_LIMIT, "%s: a JPEG of more than %d scans", reader->source->name,
                                MAX_SCANS));
}

static void start(jpeg_reader *reader) {
    j_decompress_ptr codec = &reader->codec;
    codec->err = jpeg_std_error(&reader->errors);
    codec->client_data = reader;
    reader->errors.error_exit = fail_with_message;
    reader->errors.emit_message = on_message;
    jpeg_create_decompress(codec);
    reader->progress.progress_monitor = on_progress;
    codec->progress = &reader->progress;
    jpeg_save_markers(codec, JPEG_APP0 + 1, 0xFFFF);
    jpeg_mem_src(codec, reader->source->data, reader->source->size);
    jpeg_read_header(codec, TRUE);
}

/* EXIF is an APP1 segment, and so is XMP. */
static int find_orientation(const jpeg_reader *reader) {
    for (jpeg_saved_marker_ptr marker = reader->codec.marker_list; marker; marker = marker->next) {
        if (marker->data_length >= 6 && memcmp(marker->data, "Exif\0\0", 6) == 0)
            return cs_exif_orientation(marker->data, marker->data_length);
    }
    return 1;
}

static void choose_colours(jpeg_reader *reader) {
    int components = reader->codec.num_components;
    if (components != 1 && components != 3 && components != 4)
        give_up(reader,
                cs_fail(reader->error, CS_ERR_UNSUPPORTED, "%s: a JPEG of %d colour components, expected 1, 3 or 4",
                        reader->source->name, components));
    reader->codec.out_color_space = components == 4 ? JCS_CMYK : JCS_RGB;
}

static void create_picture(jpeg_reader *reader) {
    uint64_t width = reader->codec.image_width, height = reader->codec.image_height;
    cs_status status = cs_source_create_image(reader->source, width, height, &reader->image, reader->error);
    if (status != CS_OK) give_up(reader, status);
    if (reader->codec.out_color_space != JCS_CMYK) return;
    reader->line = cs_alloc(width, 4);
    if (!reader->line) give_up(reader, cs_fail_memory(reader->error, reader->source->name));
}

static void read_rgb(jpeg_reader *reader) {
    size_t stride = (size_t)reader->image->width * 3;
    while (reader->codec.output_scanline < reader->codec.output_height) {
        JSAMPROW rows[ROWS_PER_CALL];
        unsigned left = reader->codec.output_height - reader->codec.output_scanline;
        unsigned n = left < ROWS_PER_CALL ? left : ROWS_PER_CALL;
        for (unsigned i = 0; i < n; i++)
            rows[i] = reader->image->pixels + (reader->codec.output_scanline + i) * stride;
        jpeg_read_scanlines(&reader->codec, rows, n);
    }
}

/* Four-component files follow Adobe in storing how much light is left, not how much ink there is. Rounded as Pillow
 * does: what passes the black ink, less what the coloured ink takes of it. */
static void rgb_from_cmyk(const uint8_t *cmyk, int width, uint8_t *rgb) {
    for (int x = 0; x < width; x++, cmyk += 4, rgb += 3) {
        unsigned light = cmyk[3];
        for (int c = 0; c < 3; c++)
            rgb[c] = (uint8_t)(light - cs_divide_255((255u - cmyk[c]) * light));
    }
}

static void read_cmyk(jpeg_reader *reader) {
    size_t stride = (size_t)reader->image->width * 3;
    while (reader->codec.output_scanline < reader->codec.output_height) {
        uint8_t *row = reader->image->pixels + reader->codec.output_scanline * stride;
        jpeg_read_scanlines(&reader->codec, &reader->line, 1);
        rgb_from_cmyk(reader->line, reader->image->width, row);
    }
}

static void decode(jpeg_reader *reader) {
    if (setjmp(reader->escape)) return;
    start(reader);
    reader->orientation = find_orientation(reader);
    choose_colours(reader);
    create_picture(reader);
    jpeg_start_decompress(&reader->codec);
    if (reader->line)
        read_cmyk(reader);
    else
        read_rgb(reader);
    jpeg_finish_decompress(&reader->codec); /* reads up to the end marker: a file cut off before it fails here */
}

cs_status cs_jpeg_decode(const cs_source *source, cs_image **image, int *orientation, cs_error *error) {
    jpeg_reader reader = {.source = source, .error = error};
    decode(&reader);
    jpeg_destroy_decompress(&reader.codec);
    free(reader.line);
    if (reader.status != CS_OK) {
        cs_image_close(reader.image);
        return reader.status;
    }
    *image = reader.image;
    *orientation = reader.orientation;
    return CS_OK;
}
