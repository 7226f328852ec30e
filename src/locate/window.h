/* The chapter's geometry: a photograph in patches, a window of patches that slides over them, and the relevance map
 * that the windows' scores add up to. */
#ifndef CS_LOCATE_WINDOW_H
#define CS_LOCATE_WINDOW_H

#include "clipsight.h"
#include "model/model.h"

/* Fills in the geometry fields of `map` for a photograph of width x height pixels. Partial patches at the right and
 * bottom edge are dropped. */
cs_status cs_window_geometry(int width, int height, const cs_localize_options *options, cs_map *map, cs_error *error);

/* Pixels of window number i, in row order. */
cs_rect cs_window_rect(const cs_map *geometry, size_t index);

/* logits [window_rows, window_cols] to the mean over the windows that see a patch, out [rows, cols]. The chapter counts
 * those windows from one, not from zero, which lowers patches that few windows see; `chapter` does likewise. */
cs_status cs_window_mean(const cs_map *geometry, const float *logits, int chapter, float *out, cs_error *error);

/* max(x - mean(x), 0), in place. */
void cs_map_clip(float *cells, size_t count);

/* (x - min) / (max - min), in place; a flat map becomes zeros. */
void cs_map_normalise(float *cells, size_t count);

#endif
