/* What every image encoder can do, whatever its network. */
#ifndef CS_MODEL_IMAGE_ENCODER_H
#define CS_MODEL_IMAGE_ENCODER_H

#include "clipsight.h"

typedef struct cs_image_encoder cs_image_encoder;

/* How far apart the cells of a dense map are. A network with one grid only has all three alike. */
enum {
    CS_CELLS_FINE,     /* the network's last stride is taken out: four times as many cells, for twice the work */
    CS_CELLS_COARSE,   /* the network's own stride */
    CS_CELLS_STAGGERED /* the grid of coarse cells; each is the mean of two, to either side of its centre diagonally */
};

/* One picture, and how its dense map is wanted. */
typedef struct cs_dense_input {
    const float *picture; /* host, [height, width, 3], preprocessed */
    int height, width;    /* multiples of the encoder's dense_step */
    int coarse;           /* one of CS_CELLS_... */
    const int *sides;     /* odd sides in cells of the neighbourhoods whose means are scored; the scores are averaged */
    int side_count;       /* 0: cells are scored as they are */
    const char *variant;  /* one of the encoder's dense_variants; NULL: the first of them */
    /* unless NULL: host, [rows, cols] of the map. A network that tells classes puts the sum of squares of their
     * probabilities there, in neighbourhoods of the middle one of `sides`: one over the number of classes that it
     * hesitates between. The others leave it as it is. */
    float *certainty;
} cs_dense_input;

/* What the middle of the network sees at each position: neither edges any more nor classes yet. Positions of one thing
 * look alike there, even where only one of its parts is telling. */
typedef struct cs_features {
    int rows, cols, channels; /* a grid of their own, as fine as the dense map or finer */
    float *data;              /* host, [rows, cols, channels], released with free() */
} cs_features;

typedef struct cs_image_encoder_ops {
    /* pictures: host, [n, image_size, image_size, 3], preprocessed. out: host, [n, dim], unit length. */
    cs_status (*encode)(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error);

    /* Size of the dense map of a picture of height x width pixels. NULL, as dense, where the network has no dense form.
     */
    void (*dense_size)(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols);

    /* Cosine of every position with each of n texts [n, dim], in one pass. out: host, [n, rows, cols]. `features` is
     * filled in unless it is NULL; by a network with one grid only not in a coarse pass. Fails with CS_ERR_ARGUMENT for
     * a variant that the network lacks and for a size that is no multiple of dense_step. */
    cs_status (*dense)(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n, float *out,
                       cs_features *features, cs_error *error);

    /* Embeddings of k regions of one picture, in one pass; NULL where the network has none. masks: [k, rows * cols] on
     * the grid that dense_size gives; non-zero bytes are in the region, and a region without any is refused. variant
     * and sides are not looked at. out: host, [k, dim], unit length. */
    cs_status (*regions)(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks, int k,
                         float *out, cs_error *error);
    void (*destroy)(cs_image_encoder *encoder);
} cs_image_encoder_ops;

/* Every encoder's struct begins with this. */
struct cs_image_encoder {
    const cs_image_encoder_ops *ops;
    int image_size, dim;
    int dense_step;                    /* sides of a picture for dense and regions are multiples of this, in pixels */
    const char *const *dense_variants; /* names, the default first, NULL behind the last; NULL: no dense form */
    /* [dim]: where the network hesitates between all classes alike, the part of the embedding that names them; a text's
     * product with it is what an empty place says for it. NULL where a network does not tell classes. */
    float *blank;
};

/* Checks an input's size and variant; *variant (unless NULL) is the index of its name in dense_variants. */
cs_status cs_dense_check(const cs_image_encoder *encoder, const cs_dense_input *input, int *variant, cs_error *error);

/* Checks that none of k masks [k, cells] is empty. */
cs_status cs_masks_check(const unsigned char *masks, int k, size_t cells, cs_error *error);

#endif
