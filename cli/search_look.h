/* A second look at the photographs that were found: where the things are in them, and small copies for a sheet. */
#ifndef CLI_SEARCH_LOOK_H
#define CLI_SEARCH_LOOK_H

#include "clipsight_tools.h"
#include "search_query.h"
#include "settings.h"

typedef struct search_seen {
    cs_detections *boxes; /* NULL: none */
    char *problem;        /* NULL: none */
    cs_image *thumbnail;  /* NULL: none */
    int width, height;    /* of the photograph, which the boxes are in; 0: it was not read */
} search_seen;

typedef struct search_look {
    cs_prompts *prompts; /* of the boxes; NULL: none were asked for */
    search_seen *seen;   /* [count] */
    cs_hit_note *notes;  /* [count], for the report */
    size_t count;        /* of the hits */
    int side;            /* of the square that thumbnails fit into; 0: none are wanted */
} search_look;

/* Looks at each hit as the options ask. A photograph that cannot be read any more is noted, and complained of; it is no
 * failure. To be freed, also after a failure. CS_ERR_CANCELLED: Ctrl-C. */
cs_status search_look_at(cs_model *model, const cli_settings *settings, const search_query *query, const cs_hits *hits,
                         int wants_sheet, search_look *look, cs_error *error);
void search_look_free(search_look *look);

#endif
