/* The methods: ways from a photograph to relevance maps, a file each. cs_localize() and cs_detect() know them by this
 * table alone. */
#ifndef CS_LOCATE_METHOD_H
#define CS_LOCATE_METHOD_H

#include "clipsight.h"
#include "locate/maps.h"
#include "model/series.h"

/* What a method is to work on. */
typedef struct cs_method_job {
    cs_model *model;
    const cs_prompts *prompts;
    const cs_image *image;
    const cs_localize_options *options;
} cs_method_job;

/* How boxes are found in a method's maps. */
typedef enum cs_box_rule {
    CS_BOX_REGIONS,   /* around connected cells above the threshold */
    CS_BOX_RECTANGLES /* where the sum of the map, less a charge for the area, is largest; then again in the rest */
} cs_box_rule;

typedef struct cs_box_way {
    cs_box_rule rule;
    float threshold; /* the share of the highest cell above which a cell belongs to an object; with rectangles, the
                        charge for a cell as a share of the map's mean */
} cs_box_way;

/* A method has either `maps` or `open` and `close`. What a model cannot do is refused in one sentence. */
typedef struct cs_method_ops {
    const char *name;
    cs_box_way starter, clip; /* by default: what measured best, and what the source of the method does */

    /* One map per prompt, complete (maps.h), in one go. Reports progress. */
    cs_status (*maps)(const cs_method_job *job, cs_maps **maps, cs_error *error);

    /* The same of a method that embeds many pictures: a series of them, and, once all of it was embedded, what comes of
     * it. The job is copied; the series is destroyed by the caller in any case. */
    cs_status (*open)(const cs_method_job *job, cs_series **series, cs_error *error);
    cs_status (*close)(cs_series *series, cs_maps **maps, cs_error *error);
} cs_method_ops;

extern const cs_method_ops cs_method_window;
extern const cs_method_ops cs_method_occlusion;
extern const cs_method_ops cs_method_dense;
extern const cs_method_ops cs_method_region;

/* What `options` stand for: their method, or for CS_METHOD_AUTO the one that the caller would choose. What does not go
 * together is CS_ERR_ARGUMENT. */
cs_status cs_method_choose(const cs_localize_options *options, cs_method automatic, cs_method *method, cs_error *error);

/* The method of a localization with these options, checked; `model` may be NULL. */
cs_status cs_localize_choose(const cs_model *model, const cs_localize_options *options, cs_method *method,
                             cs_error *error);

/* What can be told of a model without a photograph: whether it has this method, and this variant (unless NULL) of the
 * dense one. */
cs_status cs_method_check_model(const cs_model *model, cs_method method, const char *variant, cs_error *error);

/* The table of a method other than CS_METHOD_AUTO. */
const cs_method_ops *cs_method_table(cs_method method);

#endif
