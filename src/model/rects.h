/* The pictures that rectangles of a photograph give.
 *
 * Windows of a sliding window overlap, and of a window's two resize passes the one across costs most: it reads every
 * pixel. A row of pixels comes out of it the same for all windows with the same left and right edge, so it is made once
 * for each such column of windows. That is exact where the pass across comes first (cs_vertical_first()), which it does
 * for squares. */
#ifndef CS_MODEL_RECTS_H
#define CS_MODEL_RECTS_H

#include "image/image.h"
#include "model/preprocess.h"

typedef struct cs_rects cs_rects;

/* rects: [n], inside the photograph; they are copied. `preprocess` and the photograph's pixels are borrowed. */
cs_status cs_rects_create(const cs_preprocess *preprocess, cs_view photo, const cs_rect *rects, size_t n,
                          cs_rects **made, cs_error *error);
void cs_rects_destroy(cs_rects *rects);

/* Which of the rectangles comes at this turn: they are made column by column. */
size_t cs_rects_at(const cs_rects *rects, size_t turn);

/* The picture of that rectangle, to be asked for turn by turn. out: [crop, crop, 3]. */
cs_status cs_rects_make(cs_rects *rects, size_t turn, float *out, cs_error *error);

#endif
