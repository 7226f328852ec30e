/* Where a search looks for what is too small to show in the embedding of a whole photograph.
 *
 * Squares of two thirds of the short side, half overlapping: on 100 VOC photographs the starter finds things by name
 * best with these (docs/search.md), with squares of a half, of a third, or of several sizes no better and at many times
 * the number. */
#include "clipsight.h"

/* Less is smaller than what any encoder was made for. */
enum { LEAST_SIDE = 64 };

/* Half-overlapping windows that cover `length`, at most `most`. */
static int count_along(int length, int side, int most) {
    int64_t steps = (2 * ((int64_t)length - side) + side - 1) / side;
    return steps < most ? (int)steps + 1 : most;
}

/* Window `i` of `count`, spread evenly. */
static int place(int length, int side, int i, int count) {
    return count > 1 ? (int)((int64_t)(length - side) * i / (count - 1)) : 0;
}

size_t cs_search_windows(int width, int height, cs_rect windows[CS_MOST_WINDOWS]) {
    int shorter = width < height ? width : height, side = (int)((int64_t)shorter * 2 / 3);
    if (side < LEAST_SIDE) return 0;
    int along_short = count_along(shorter, side, 2);
    int columns = width == shorter ? along_short : count_along(width, side, CS_MOST_WINDOWS / along_short);
    int rows = width == shorter ? count_along(height, side, CS_MOST_WINDOWS / along_short) : along_short;
    for (int y = 0; windows && y < rows; y++)
        for (int x = 0; x < columns; x++)
            windows[y * columns + x] =
                (cs_rect){place(width, side, x, columns), place(height, side, y, rows), side, side};
    return (size_t)columns * (size_t)rows;
}
