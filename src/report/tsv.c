/* Relevance maps as numbers between tabs, a line per row of cells. With several prompts a line "# LABEL" precedes each
 * map, which numpy.loadtxt and gnuplot take for a comment. */
#include "report/formats.h"
#include "report/number.h"
#include "report/text.h"

#include <stdlib.h>

#include "base/error.h"

static void append_rows(cs_strbuf *tsv, const cs_map *map) {
    const float *cell = map->cells;
    for (int y = 0; y < map->rows; y++) {
        for (int x = 0; x < map->cols; x++) {
            if (x > 0) cs_strbuf_puts(tsv, "\t");
            cs_number_exact(tsv, *cell++);
        }
        cs_strbuf_puts(tsv, "\n");
    }
}

static void append_label(cs_strbuf *tsv, const char *label) {
    char *visible = cs_text_visible(label);
    if (visible)
        cs_strbuf_printf(tsv, "# %s\n", visible);
    else
        tsv->failed = 1;
    free(visible);
}

cs_status cs_tsv_maps(const cs_relevance *relevance, char **text, cs_error *error) {
    cs_strbuf tsv = CS_STRBUF_EMPTY;
    size_t count = cs_maps_count(relevance->maps);
    for (size_t i = 0; i < count; i++) {
        cs_map map = cs_maps_get(relevance->maps, i);
        if (count > 1) append_label(&tsv, cs_prompts_label(relevance->prompts, i));
        append_rows(&tsv, &map);
    }
    return cs_strbuf_take(&tsv, text, error);
}
