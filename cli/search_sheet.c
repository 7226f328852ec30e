#include "search_sheet.h"

#include <stdlib.h>
#include <strings.h>

const char *search_sheet_kind(const char *name) {
    const char *ending = name ? path_ending(name) : ".png";
    if (strcasecmp(ending, ".png") == 0) return "png";
    return strcasecmp(ending, ".webp") == 0 ? "webp" : "jpg";
}

static cs_sheet_item item_of(const cs_hit *hit, const search_seen *seen) {
    return (cs_sheet_item){.image = seen->thumbnail,
                           .width = seen->width,
                           .height = seen->height,
                           .detections = seen->boxes,
                           .caption = path_name(hit->path),
                           .score = hit->score};
}

static char *note_of(size_t found, const cs_store_info *store) {
    if (found == 0) return text_format("nothing found in %s", store->where);
    return text_format("%zu of the %zu photograph%s in %s", found, store->photographs,
                       store->photographs == 1 ? "" : "s", store->where);
}

cs_status search_sheet_make(const search_query *query, const cs_hits *hits, const search_look *look,
                            const cs_store_info *store, const char *kind, char **bytes, size_t *size, cs_error *error) {
    size_t count = cs_hits_count(hits);
    cs_sheet_item *items = memory_grow(NULL, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = item_of(cs_hits_get(hits, i), &look->seen[i]);
    char *title = search_query_text(query), *note = note_of(count, store);
    const cs_sheet sheet = {title, note, look->prompts, items, count};
    cs_image *picture = NULL;
    cs_status status = cs_draw_sheet(&sheet, &picture, error);
    if (status == CS_OK) status = cs_image_encode(picture, kind, bytes, size, error);
    cs_image_close(picture);
    free(title);
    free(note);
    free(items);
    return status;
}
