#include "nearest.h"

#include <string.h>

enum { LONGEST = 32 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

typedef size_t table_row[LONGEST + 1];

/* One row of the table of distances between beginnings: `row` from the two before it. `i` letters of a are in. */
static void next_row(const char *a, size_t i, const char *b, size_t b_length, const table_row before,
                     const table_row above, table_row row) {
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
        row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
        int swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        if (swapped) row[j] = least(row[j], before[j - 2] + 1);
    }
}

/* Edit distance: insert, delete, replace, swap neighbours. Both words are at most LONGEST long. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    table_row rows[3] = {{0}};
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++)
        next_row(a, i, b, b_length, rows[(i + 1) % 3], rows[(i + 2) % 3], rows[i % 3]);
    return rows[a_length % 3][b_length];
}

cli_nearest nearest_to(const char *word, size_t length) {
    /* One slip in a short word, two or three in a long one. */
    return (cli_nearest){word, length, length / 3 + 2, NULL};
}

void nearest_offer(cli_nearest *search, const char *candidate) {
    size_t length = strlen(candidate);
    if (search->length == 0 || search->length > LONGEST || length > LONGEST) return;
    size_t distance = edit_distance(search->word, search->length, candidate, length);
    int abbreviated = search->length >= 3 && strncmp(search->word, candidate, search->length) == 0;
    if (abbreviated) distance = least(distance, 1);
    if (distance >= search->distance || distance >= length) return;
    search->distance = distance;
    search->best = candidate;
}
