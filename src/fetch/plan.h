/* Which of a repository's files make up the model. */
#ifndef CS_FETCH_PLAN_H
#define CS_FETCH_PLAN_H

#include "fetch/listing.h"

/* Weights that lie on another revision than the rest: conversions to safetensors that are known to be sound. Pull
 * requests are never searched, since anybody can open one. */
typedef struct cs_conversion {
    const char *name, *revision, *file;
    uint64_t size;
} cs_conversion;

/* The known conversion of a model, or NULL. */
const cs_conversion *cs_conversion_find(const char *name);

/* One file to fetch. */
typedef struct cs_planned_file {
    char *name, *commit;
    uint64_t size;
    cs_digest digest;
} cs_planned_file;

typedef struct cs_plan {
    cs_planned_file *files; /* small ones first, weights last */
    size_t count, capacity;
    uint64_t bytes;       /* of all files */
    int wants_conversion; /* the weights are to come from cs_conversion_find() */
    int wants_shards;     /* the last file is an index, which names the weights */
} cs_plan;

/* Chooses from the main listing. `may_convert`: a known conversion is preferred to pytorch_model.bin. */
cs_status cs_plan_make(const char *name, const cs_listing *listing, int may_convert, cs_plan *plan, cs_error *error);

/* Adds the weights of a known conversion, which must be what the table says. */
cs_status cs_plan_add_conversion(const cs_conversion *conversion, const cs_listing *listing, cs_plan *plan,
                                 cs_error *error);

/* Adds the shards that an index (model.safetensors.index.json, as text) names. */
cs_status cs_plan_add_shards(const char *name, const char *index, const cs_listing *listing, cs_plan *plan,
                             cs_error *error);

void cs_plan_clear(cs_plan *plan);

#endif
