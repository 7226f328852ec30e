/* What is searched for, as the model and the store have it. */
#ifndef CLI_SEARCH_QUERY_H
#define CLI_SEARCH_QUERY_H

#include "clipsight_tools.h"
#include "settings.h"

/* Words first, then examples, then what is not wanted; texts belong to the settings. */
typedef struct search_query {
    cs_query *queries;      /* [count] */
    cs_query_label *labels; /* [count] */
    float *embeddings;      /* [count, dim] */
    size_t count;
} search_query;

/* Embeds the operands, --image and --not of the settings. To be freed, also after a failure. */
cs_status search_query_make(cs_model *model, const cli_settings *settings, search_query *query, cs_error *error);
void search_query_free(search_query *query);

/* “a car” + “at night” − “snow”. The caller frees it. */
char *search_query_text(const search_query *query);

#endif
