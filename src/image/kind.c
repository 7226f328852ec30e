#include "image/kind.h"

#include <string.h>

/* `length` bytes at `offset` decide. Earlier entries win, so special cases stand before general ones. */
typedef struct signature {
    size_t offset, length;
    const char *bytes;
    cs_kind kind;
    const char *name;
} signature;

#define AT(offset, bytes, name)                                                                                        \
    { offset, sizeof(bytes) - 1, bytes, CS_KIND_OTHER, name }

static const signature signatures[] = {
    {0, 3, "\xFF\xD8\xFF", CS_KIND_JPEG, "a JPEG picture"},
    {0, 8, "\x89PNG\r\n\x1A\n", CS_KIND_PNG, "a PNG picture"},
    {8, 4, "WEBP", CS_KIND_WEBP, "a WebP picture"}, /* behind "RIFF" and a size, which the decoder checks */
    AT(0, "GIF8", "a GIF picture"),
    AT(0, "II*\0", "a TIFF picture"),
    AT(0, "MM\0*", "a TIFF picture"),
    AT(0, "II+\0", "a BigTIFF picture"),
    AT(0, "MM\0+", "a BigTIFF picture"),
    AT(0, "BM", "a BMP picture"),
    AT(4, "ftypavif", "an AVIF picture"),
    AT(4, "ftypavis", "an AVIF picture"),
    AT(4, "ftyphei", "a HEIC picture"),
    AT(4, "ftyphev", "a HEIC picture"),
    AT(4, "ftypmif1", "a HEIF picture"),
    AT(4, "ftypmsf1", "a HEIF picture"),
    AT(4, "ftypcrx", "a Canon raw picture"),
    AT(4, "ftyp", "a video (MP4 or QuickTime)"),
    AT(0, "\0\0\0\x0CJXL ", "a JPEG XL picture"),
    AT(0, "\xFF\x0A", "a JPEG XL picture"),
    AT(0, "\0\0\0\x0CjP  ", "a JPEG 2000 picture"),
    AT(0, "\xFF\x4F\xFF\x51", "a JPEG 2000 picture"),
    AT(0, "8BPS", "a Photoshop document"),
    AT(0, "\0\0\1\0", "an icon (ICO)"),
    AT(0, "qoif", "a QOI picture"),
    AT(0, "v/1\1", "an OpenEXR picture"),
    AT(0, "#?RADIANCE", "a Radiance HDR picture"),
    AT(0, "%PDF", "a PDF document"),
    AT(0, "PK\3\4", "a ZIP archive"),
    AT(0, "\x1F\x8B", "a gzip file"),
    AT(0, "\x1A\x45\xDF\xA3", "a video (Matroska or WebM)"),
};

/* P1 to P6 and white space: the portable pixmaps, which the test for plain text would claim otherwise. */
static int is_pixmap(const uint8_t *bytes, size_t size) {
    return size >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' && memchr(" \t\r\n#", bytes[2], 5);
}

/* True if the first bytes are what text consists of. UTF-8 beyond ASCII counts as text without a closer look. */
static int is_text(const uint8_t *bytes, size_t size) {
    size_t looked_at = size < 256 ? size : 256;
    for (size_t i = 0; i < looked_at; i++) {
        if (bytes[i] == 0x7F || (bytes[i] < 0x20 && !memchr("\t\n\f\r", bytes[i], 4))) return 0;
    }
    return size > 0;
}

static int begins_with(const uint8_t *bytes, size_t size, const char *word) {
    size_t length = strlen(word);
    return size >= length && memcmp(bytes, word, length) == 0;
}

static const char *name_of_text(const uint8_t *bytes, size_t size) {
    if (begins_with(bytes, size, "<svg")) return "an SVG drawing";
    if (begins_with(bytes, size, "<?xml")) return "an XML file";
    if (begins_with(bytes, size, "<!DOCTYPE html") || begins_with(bytes, size, "<html")) return "a web page";
    if (begins_with(bytes, size, "version https://git-lfs")) return "a Git LFS pointer instead of the file itself";
    return "a text file";
}

cs_kind cs_kind_of(const uint8_t *bytes, size_t size, const char **name) {
    *name = NULL;
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const signature *s = &signatures[i];
        if (size < s->offset + s->length || memcmp(bytes + s->offset, s->bytes, s->length) != 0) continue;
        *name = s->name;
        return s->kind;
    }
    if (is_pixmap(bytes, size))
        *name = "a portable pixmap (PBM, PGM or PPM)";
    else if (is_text(bytes, size))
        *name = name_of_text(bytes, size);
    return *name ? CS_KIND_OTHER : CS_KIND_UNKNOWN;
}
