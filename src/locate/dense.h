/* The dense method: one forward pass of the whole photograph per size gives a cosine for every position. */
#ifndef CS_LOCATE_DENSE_H
#define CS_LOCATE_DENSE_H

#include "clipsight.h"
#include "locate/grid.h"
#include "locate/method.h"
#include "model/image_encoder.h"

#define CS_DENSE_PASSES 4

/* A way of looking at a picture. */
typedef struct cs_dense_pass {
    int size;     /* short side in pixels */
    int cells;    /* CS_CELLS_... */
    int sides[3]; /* neighbourhoods in cells whose means are scored; 0 ends the list */
} cs_dense_pass;

/* Which passes are made and how their maps become one. docs/methods.md says why these. */
typedef struct cs_dense_recipe {
    int step;                              /* sides of a pass are multiples of this many pixels */
    cs_dense_pass passes[CS_DENSE_PASSES]; /* size 0 ends the list. Their maps are averaged; the largest one's middle
                                              features tell the extents */
    cs_dense_pass detail; /* one more for small objects in large photographs: where its map is higher, it wins */
    cs_dense_pass zoom;   /* and one of the surroundings of what the detail pass alone found, for its extent */
    int detail_from;      /* short side of a photograph from which that pass is worth it */
    float spread_from;    /* peak from which a prompt's extent is worth finding */
    float detail_classes; /* where a pass hesitates between more classes than this, the detail pass sees texture */
    float detail_gain;    /* where the detail pass raises the peak by more than this, that extent means nothing */
    float zoom_reach;     /* side of those surroundings by that of what was found */
} cs_dense_recipe;

/* The recipe that suits the model's image encoder. */
cs_dense_recipe cs_dense_recipe_of(const cs_model *model);

/* Size of a pass over a picture: its short side becomes `size`, or less if it is very elongated; both are multiples of
 * `step`. */
void cs_dense_pass_size(int picture_width, int picture_height, int size, int step, int *height, int *width);

/* What the passes say of one prompt. */
typedef struct cs_dense_map {
    cs_grid scores; /* cosines */
    /* [rows, cols] of `scores`: how far the object reaches, in [0, 1]; NULL where the prompt is not there */
    float *extent;
    float found_at; /* peak of the averaged maps */
    int zoomed;     /* only the detail pass found it, and the extent is that of a pass of its own */
} cs_dense_map;

/* Maps of all prompts on one grid. *maps: [prompts], released by cs_dense_free(). */
cs_status cs_dense_maps(const cs_method_job *job, const cs_dense_recipe *recipe, cs_dense_map **maps, cs_error *error);
void cs_dense_free(cs_dense_map *maps, size_t count);

/* Value of the highest cell. */
float cs_grid_peak(const cs_grid *grid);

#endif
