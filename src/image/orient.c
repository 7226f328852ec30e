#include "image/orient.h"

#include <string.h>

/* Where the upright picture's pixel (x, y) lies in the stored one: first + x * right + y * down, in bytes. */
typedef struct walk {
    ptrdiff_t first, right, down;
} walk;

/* Orientations 5 to 8 swap the sides. The stored picture is mirrored along its rows where the upright one begins at
 * their end, and along its columns likewise. */
static walk walk_for(const cs_image *stored, int orientation) {
    static const struct {
        unsigned char from_right, from_bottom;
    } starts[9] = {{0, 0}, {0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}, {0, 1}, {1, 1}, {1, 0}};
    ptrdiff_t along = 3, across = (ptrdiff_t)stored->width * 3, first = 0;
    if (starts[orientation].from_right) {
        first += along * (stored->width - 1);
        along = -along;
    }
    if (starts[orientation].from_bottom) {
        first += across * (stored->height - 1);
        across = -across;
    }
    return orientation >= 5 ? (walk){first, across, along} : (walk){first, along, across};
}

/* Copies a block of the upright picture. */
static void copy_block(const cs_image *stored, walk w, cs_image *upright, int x0, int y0, int side) {
    int x1 = x0 + side < upright->width ? x0 + side : upright->width;
    int y1 = y0 + side < upright->height ? y0 + side : upright->height;
    for (int y = y0; y < y1; y++) {
        const uint8_t *from = stored->pixels + w.first + y * w.down + x0 * w.right;
        uint8_t *to = upright->pixels + ((size_t)y * (size_t)upright->width + (size_t)x0) * 3;
        for (int x = x0; x < x1; x++, from += w.right, to += 3)
            memcpy(to, from, 3);
    }
}

cs_status cs_image_orient(cs_image **image, int orientation, cs_error *error) {
    if (orientation <= 1 || orientation > 8) return CS_OK;
    cs_image *stored = *image, *upright;
    int swap = orientation >= 5;
    cs_status status =
        cs_image_create(swap ? stored->height : stored->width, swap ? stored->width : stored->height, &upright, error);
    if (status != CS_OK) return status;
    /* Blocks keep both pictures in the cache where one is read along columns. */
    enum { BLOCK = 64 };
    walk w = walk_for(stored, orientation);
    for (int y = 0; y < upright->height; y += BLOCK)
        for (int x = 0; x < upright->width; x += BLOCK)
            copy_block(stored, w, upright, x, y, BLOCK);
    cs_image_close(stored);
    *image = upright;
    return CS_OK;
}
