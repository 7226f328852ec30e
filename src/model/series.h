/* Pictures that are to be embedded: the windows of a photograph, or the photograph with a black square at one place
 * after the other. Whoever makes them knows what comes of their embeddings, so a batch can hold pictures of several
 * series, and be filled whoever they are for. */
#ifndef CS_MODEL_SERIES_H
#define CS_MODEL_SERIES_H

#include "clipsight.h"

typedef struct cs_series cs_series;

typedef struct cs_series_ops {
    /* Makes picture number `turn`; they are asked for one after the other. out: [image_size, image_size, 3],
     * preprocessed. */
    cs_status (*make)(cs_series *series, size_t turn, float *out, cs_error *error);
    /* Takes the picture's embedding [dim], of unit length; they come in the same order. */
    void (*take)(cs_series *series, size_t turn, const float *embedding);
    void (*destroy)(cs_series *series);
} cs_series_ops;

/* Every series' struct begins with this. */
struct cs_series {
    const cs_series_ops *ops;
    size_t count, made, taken; /* pictures in all, and those that were made and embedded so far */
};

/* NULL is accepted. */
void cs_series_destroy(cs_series *series);

/* One run of the image encoder. */
typedef struct cs_batch cs_batch;

/* At most `most` pictures. The model is borrowed. */
cs_status cs_batch_create(cs_model *model, size_t most, cs_batch **batch, cs_error *error);
void cs_batch_destroy(cs_batch *batch);

/* Makes the next picture of the series in the next free place; there has to be one of either. On failure the place
 * stays free, and the batch as it was. */
cs_status cs_batch_add(cs_batch *batch, cs_series *series, cs_error *error);

/* Pictures that were added. */
size_t cs_batch_count(const cs_batch *batch);

/* Encodes what was added, and gives each series its embeddings. Leaves the batch empty, on failure, too. */
cs_status cs_batch_encode(cs_batch *batch, cs_error *error);

/* Embeds a series by itself; progress (may be NULL) counts its pictures. */
cs_status cs_series_embed(cs_model *model, cs_series *series, const cs_progress *progress, cs_error *error);

/* A series of n whole photographs (short side to the model's size, centre crop). Model, list and photographs are
 * borrowed; the embeddings come to `out` [n, dim]. */
cs_status cs_photo_series_create(const cs_model *model, const cs_image *const *images, size_t n, float *out,
                                 cs_series **series, cs_error *error);

#endif
