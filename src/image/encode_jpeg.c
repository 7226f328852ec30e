#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/error.h"
#include "image/codec.h"

enum { QUALITY = 92 };

/* All state lies here, outside the function that calls setjmp, so that a longjmp leaves it intact. */
typedef struct jpeg_writer {
    struct jpeg_compress_struct codec;
    struct jpeg_error_mgr errors;
    jmp_buf escape;
    const cs_image *image;
    FILE *file;
    cs_status status;
    cs_error *error;
} jpeg_writer;

static _Noreturn void on_error(j_common_ptr codec) {
    jpeg_writer *writer = codec->client_data;
    char reason[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, reason);
    cs_status code = codec->err->msg_code == JERR_OUT_OF_MEMORY ? CS_ERR_MEMORY : CS_ERR_IO;
    writer->status = cs_fail(writer->error, code, "cannot write a JPEG: %s", reason);
    longjmp(writer->escape, 1);
}

static void ignore_message(j_common_ptr codec, int level) {
    (void)codec, (void)level;
}

/* Colour at full resolution: thin coloured outlines and labels smear otherwise. */
static void set_parameters(j_compress_ptr codec, const cs_image *image) {
    codec->image_width = (JDIMENSION)image->width;
    codec->image_height = (JDIMENSION)image->height;
    codec->input_components = 3;
    codec->in_color_space = JCS_RGB;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, QUALITY, TRUE);
    codec->comp_info[0].h_samp_factor = codec->comp_info[0].v_samp_factor = 1;
    codec->optimize_coding = TRUE;
}

static void encode(jpeg_writer *writer) {
    if (setjmp(writer->escape)) return;
    j_compress_ptr codec = &writer->codec;
    codec->err = jpeg_std_error(&writer->errors);
    codec->client_data = writer;
    writer->errors.error_exit = on_error;
    writer->errors.emit_message = ignore_message;
    jpeg_create_compress(codec);
    jpeg_stdio_dest(codec, writer->file);
    set_parameters(codec, writer->image);
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        JSAMPROW row = writer->image->pixels + (size_t)codec->next_scanline * (size_t)writer->image->width * 3;
        jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
}

cs_status cs_image_encode_jpeg(const cs_image *image, FILE *file, cs_error *error) {
    if (image->width > JPEG_MAX_DIMENSION || image->height > JPEG_MAX_DIMENSION)
        return cs_fail(error, CS_ERR_LIMIT, "%d x %d pixels, and a JPEG holds at most %d a side; write a .png",
                       image->width, image->height, (int)JPEG_MAX_DIMENSION);
    jpeg_writer writer = {.image = image, .file = file, .error = error};
    encode(&writer);
    jpeg_destroy_compress(&writer.codec);
    return writer.status;
}
