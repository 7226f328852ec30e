/* Hits as text; the arguments were checked by report.c. */
#ifndef CS_STORE_REPORT_H
#define CS_STORE_REPORT_H

#include "clipsight_tools.h"

cs_status cs_json_hits(const cs_hits_report *report, char **text, cs_error *error);
cs_status cs_table_hits(const cs_hits_report *report, char **text, cs_error *error);

/* The note of a hit; empty where there is none. */
cs_hit_note cs_report_note(const cs_hits_report *report, size_t index);

/* How a report calls the photograph of a hit. */
const char *cs_report_name(const cs_hits_report *report, size_t index);

/* True where the hit's box is a part of the photograph, not all of it. */
int cs_report_has_window(const cs_hit *hit);

#endif
