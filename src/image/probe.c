/* The walks below read a few bytes at each part's beginning (JPEG segments, PNG chunks, RIFF chunks) and go from part
 * to part by their lengths: pixels are never read, however far behind them EXIF data lies. */
#include "image/probe.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "image/exif.h"
#include "image/kind.h"

enum {
    HEAD = 64,           /* bytes; tells the kind, and holds the size of a PNG or WebP */
    EXIF_LIMIT = 1 << 16 /* bytes; what a JPEG segment can hold */
};

typedef struct prober {
    FILE *file;
    const char *path;
    uint32_t width, height; /* as stored */
    int orientation;
    cs_error *error;
} prober;

static cs_status damaged(const prober *p, const char *kind, const char *reason) {
    return cs_fail(p->error, CS_ERR_FORMAT, "%s: damaged %s file: %s", p->path, kind, reason);
}

static uint32_t big_endian(const uint8_t *bytes, int n) {
    uint32_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

static uint32_t little_endian(const uint8_t *bytes, int n) {
    uint32_t value = 0;
    while (n-- > 0)
        value = value << 8 | bytes[n];
    return value;
}

/* How many of n bytes there are at an offset. */
static size_t read_at(const prober *p, uint64_t offset, uint8_t *bytes, size_t n) {
    if (offset > LONG_MAX || fseek(p->file, (long)offset, SEEK_SET) != 0) return 0;
    return fread(bytes, 1, n, p->file);
}

/* EXIF data of `length` bytes at an offset. Its first directory, which names the orientation, comes early. */
static cs_status read_orientation(prober *p, uint64_t offset, uint64_t length) {
    size_t n = length < EXIF_LIMIT ? (size_t)length : EXIF_LIMIT;
    uint8_t *data = cs_alloc(n, 1);
    if (!data) return cs_fail_memory(p->error, p->path);
    if (read_at(p, offset, data, n) == n) p->orientation = cs_exif_orientation(data, n);
    free(data);
    return CS_OK;
}

/* SOF0 to SOF15 hold the size; three codes among them mean tables instead. */
static int is_frame(uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static int has_no_length(uint8_t marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

/* The next marker at or behind *offset, which then points behind it; 0 at the end of the file. Stray bytes before a
 * marker are passed over, as libjpeg does. */
static uint8_t next_marker(const prober *p, uint64_t *offset) {
    uint8_t byte;
    int after_ff = 0, c;
    if (read_at(p, *offset, &byte, 1) != 1) return 0;
    for (c = byte; c != EOF; c = getc(p->file)) {
        ++*offset;
        if (after_ff && c != 0 && c != 0xFF) return (uint8_t)c;
        after_ff = c == 0xFF;
    }
    return 0;
}

enum { APP1 = 0xE1, START_OF_SCAN = 0xDA, END_OF_IMAGE = 0xD9 };

/* Of several EXIF segments the first counts. */
static cs_status take_segment(prober *p, uint8_t marker, uint64_t offset, uint32_t length, int *has_exif) {
    uint8_t bytes[7]; /* of a frame: its length, the bits per sample, height, width */
    if (is_frame(marker)) {
        if (length < 7 || read_at(p, offset, bytes, 7) != 7) return damaged(p, "JPEG", "a frame without a size");
        p->height = big_endian(bytes + 3, 2);
        p->width = big_endian(bytes + 5, 2);
    } else if (marker == APP1 && !*has_exif && length >= 6) {
        *has_exif = read_at(p, offset + 2, bytes, 6) == 6 && memcmp(bytes, "Exif\0\0", 6) == 0;
        if (*has_exif) return read_orientation(p, offset + 2, length - 2);
    }
    return CS_OK;
}

/* EXIF may stand behind the size, so that the walk goes on to the pixels. */
static cs_status probe_jpeg(prober *p) {
    uint64_t offset = 2;
    int has_exif = 0;
    for (;;) {
        uint8_t length[2], marker = next_marker(p, &offset);
        if (marker == START_OF_SCAN && p->width) return CS_OK;
        if (!marker || marker == START_OF_SCAN || marker == END_OF_IMAGE)
            return damaged(p, "JPEG", "no size before the pixels");
        if (has_no_length(marker)) continue;
        if (read_at(p, offset, length, 2) != 2 || big_endian(length, 2) < 2)
            return damaged(p, "JPEG", "a segment without a length");
        cs_status status = take_segment(p, marker, offset, big_endian(length, 2), &has_exif);
        if (status != CS_OK) return status;
        offset += big_endian(length, 2);
    }
}

static cs_status probe_png(prober *p, const uint8_t *head, size_t n) {
    if (n < 33 || memcmp(head + 12, "IHDR", 4) != 0) return damaged(p, "PNG", "no size where it must stand");
    p->width = big_endian(head + 16, 4);
    p->height = big_endian(head + 20, 4);
    uint8_t chunk[8];
    for (uint64_t offset = 8; read_at(p, offset, chunk, 8) == 8; offset += 12 + big_endian(chunk, 4)) {
        if (memcmp(chunk + 4, "IEND", 4) == 0) break;
        if (memcmp(chunk + 4, "eXIf", 4) == 0) return read_orientation(p, offset + 8, big_endian(chunk, 4));
    }
    return CS_OK;
}

enum { HAS_EXIF = 0x08, IS_ANIMATED = 0x02 };

/* The extended form of WebP: a canvas, and chunks behind it, padded to an even length. */
static cs_status probe_extended(prober *p, const uint8_t *head) {
    if (head[20] & IS_ANIMATED)
        return cs_fail(p->error, CS_ERR_UNSUPPORTED, "%s: is an animated WebP, expected a single picture", p->path);
    p->width = little_endian(head + 24, 3) + 1;
    p->height = little_endian(head + 27, 3) + 1;
    uint8_t chunk[8];
    uint64_t length, offset = 12;
    for (; (head[20] & HAS_EXIF) && read_at(p, offset, chunk, 8) == 8; offset += 8 + length + (length & 1)) {
        length = little_endian(chunk + 4, 4);
        if (memcmp(chunk, "EXIF", 4) == 0) return read_orientation(p, offset + 8, length);
    }
    return CS_OK;
}

static cs_status probe_webp(prober *p, const uint8_t *head, size_t n) {
    if (n < 30) return damaged(p, "WebP", "the file ends too early");
    if (memcmp(head + 12, "VP8X", 4) == 0) return probe_extended(p, head);
    if (memcmp(head + 12, "VP8 ", 4) == 0 && memcmp(head + 23, "\x9d\x01\x2a", 3) == 0) {
        p->width = little_endian(head + 26, 2) & 0x3FFF;
        p->height = little_endian(head + 28, 2) & 0x3FFF;
    } else if (memcmp(head + 12, "VP8L", 4) == 0 && head[20] == 0x2F) {
        uint32_t bits = little_endian(head + 21, 4);
        p->width = (bits & 0x3FFF) + 1;
        p->height = (bits >> 14 & 0x3FFF) + 1;
    }
    return CS_OK;
}

static cs_status probe_head(prober *p) {
    uint8_t head[HEAD];
    size_t n = read_at(p, 0, head, HEAD);
    const char *what;
    switch (cs_kind_of(head, n, &what)) {
    case CS_KIND_JPEG:
        return probe_jpeg(p);
    case CS_KIND_PNG:
        return probe_png(p, head, n);
    case CS_KIND_WEBP:
        return probe_webp(p, head, n);
    case CS_KIND_OTHER:
        return cs_fail(p->error, CS_ERR_UNSUPPORTED, "%s: is %s; clipsight reads JPEG, PNG and WebP", p->path, what);
    case CS_KIND_UNKNOWN:
        break;
    }
    return cs_fail(p->error, CS_ERR_FORMAT, "%s: %s; clipsight reads JPEG, PNG and WebP", p->path,
                   n ? "is not a picture of a known kind" : "is empty");
}

/* Takes over the file. */
static cs_status probe(FILE *file, const char *name, int *width, int *height, cs_error *error) {
    prober p = {.file = file, .path = name, .orientation = 1, .error = error};
    cs_status status = probe_head(&p);
    fclose(p.file);
    if (status != CS_OK) return status;
    if (p.width < 1 || p.height < 1 || p.width > INT_MAX || p.height > INT_MAX)
        return cs_fail(error, CS_ERR_FORMAT, "%s: damaged file: a picture of %u x %u pixels", name, p.width, p.height);
    int turned = p.orientation > 4; /* lies on its side */
    *width = (int)(turned ? p.height : p.width);
    *height = (int)(turned ? p.width : p.height);
    return CS_OK;
}

cs_status cs_image_size(const char *path, int *width, int *height, cs_error *error) {
    if (!cs_file_exists(path)) return cs_fail(error, CS_ERR_IO, "%s: expected a file, found none", path);
    FILE *file = fopen(path, "rbe");
    if (!file) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    return probe(file, path, width, height, error);
}

cs_status cs_image_measure(const void *bytes, size_t size, const char *name, int *width, int *height, cs_error *error) {
    const char *known = name ? name : "(memory)";
    if (!bytes || size == 0) return cs_fail(error, CS_ERR_FORMAT, "%s: is empty", known);
    FILE *file = fmemopen((void *)(uintptr_t)bytes, size, "rb"); /* to be read only */
    if (!file) return cs_fail_memory(error, known);
    return probe(file, known, width, height, error);
}
