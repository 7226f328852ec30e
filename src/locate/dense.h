/* The dense method: one forward pass of the whole photograph per size gives a cosine for every position. */
#ifndef CS_LOCATE_DENSE_H
#define CS_LOCATE_DENSE_H

#include "clipsight.h"
#include "locate/grid.h"
#include "locate/method.h"

#define CS_DENSE_SIZES 4

/* Which passes are made and how their maps become one. docs/methods.md says why these. */
typedef struct cs_dense_recipe {
    int step;                  /* sides of a pass are multiples of this many pixels */
    int sizes[CS_DENSE_SIZES]; /* short sides in pixels; 0 ends the list. Their maps are averaged. */
    int detail_size;      /* one more pass for small objects in large photographs: where its map is higher, it wins */
    int detail_from;      /* short side of a photograph from which that pass is worth it */
    float spread_from;    /* peak from which a prompt's extent is worth finding */
    float detail_classes; /* where a pass hesitates between more classes than this, the detail pass sees texture */
    float detail_gain;    /* where the detail pass raises the peak by more than this, that extent means nothing */
    int sides[3];         /* neighbourhoods in cells whose means are scored; 0 ends the list */
    int detail_sides[3];  /* the same for the detail pass, whose cells are twice as wide */
} cs_dense_recipe;

/* The recipe that suits the model's image encoder. */
cs_dense_recipe cs_dense_recipe_of(const cs_model *model);

/* Size of a pass: the short side becomes `size`, or less in a very elongated photograph; both are multiples of `step`.
 */
void cs_dense_pass_size(const cs_image *image, int size, int step, int *height, int *width);

/* What the passes say of one prompt. */
typedef struct cs_dense_map {
    cs_grid scores; /* cosines */
    /* [rows, cols] of `scores`: how far the object reaches, in [0, 1]; NULL where the prompt is not there, or where
     * only the detail pass found it */
    float *extent;
    float found_at; /* peak of the averaged maps */
} cs_dense_map;

/* Maps of all prompts on one grid. *maps: [prompts], released by cs_dense_free(). */
cs_status cs_dense_maps(const cs_method_job *job, const cs_dense_recipe *recipe, cs_dense_map **maps, cs_error *error);
void cs_dense_free(cs_dense_map *maps, size_t count);

/* Value of the highest cell. */
float cs_grid_peak(const cs_grid *grid);

#endif
