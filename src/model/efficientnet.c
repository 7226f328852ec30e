#include "model/efficientnet.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/efficientnet_load.h"
#include "model/masks.h"
#include "model/workspace.h"

/* Pictures that go through the network together. Early feature maps are large (7 MB a picture), so that many at a time
 * would leave the cache; four fill the matrix products of the last stages. docs/speed.md has the figures. */
enum { GROUP = 4 };

/* The last stage whose map has a cell per 16 pixels and whose channels are still about looks. */
enum { FEATURE_STAGE = 3 };

enum { SLOT_A, SLOT_B, SLOT_SCORES, SLOT_CLASSES, SLOT_MEANS };

typedef struct efficientnet {
    cs_image_encoder base;
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_efficientnet_config config;
    cs_block_shape *shapes;
    cs_efficientnet_layers layers;
    float *class_vectors; /* host, [classes, class_dim] */
    cs_workspace workspace;
} efficientnet;

/* A feature map [n, height, width, channels] on the device. */
typedef struct feature_map {
    int n, height, width, channels;
    float *data;
    int slot; /* SLOT_A or SLOT_B */
} feature_map;

static size_t cells_of(const feature_map *map) {
    return (size_t)map->n * (size_t)map->height * (size_t)map->width;
}

/* Runs a convolution from `map` into `slot`, and returns the new map. */
static cs_status convolve(efficientnet *net, cs_layer *layer, const cs_conv_size *size, int out, int slot,
                          const feature_map *map, feature_map *result, cs_error *error) {
    feature_map made = {size->n, size->out_height, size->out_width, out, NULL, slot};
    cs_status status = cs_workspace_get(&net->workspace, slot, cells_of(&made) * (size_t)out, &made.data, error);
    if (status == CS_OK) status = net->ops->run_conv(net->nn, layer, size, map->data, made.data, error);
    if (status == CS_OK) *result = made;
    return status;
}

static cs_inverted block_of(const efficientnet *net, int index) {
    const cs_block_shape *block = &net->shapes[index];
    const cs_block_layers *layers = &net->layers.blocks[index];
    return (cs_inverted){.expand = layers->expand,
                         .depthwise = layers->depthwise,
                         .project = layers->project,
                         .in = block->in,
                         .expanded = block->expanded,
                         .out = block->out,
                         .kernel = block->kernel,
                         .residual = block->residual};
}

/* Where cells are staggered, the last strided block is run twice on one picture: in its own phase, and moved by half a
 * cell up and to the left. From there on the two are like two pictures. */
static cs_status run_block(efficientnet *net, int index, int cells, feature_map *map, cs_error *error) {
    const cs_block_shape *shape = &net->shapes[index];
    const cs_inverted block = block_of(net, index);
    cs_conv_size size = cs_block_conv_size(shape, cells == CS_CELLS_FINE, map->n, map->height, map->width);
    int phases = cells == CS_CELLS_STAGGERED && cs_block_is_last_strided(shape) ? 2 : 1;
    feature_map made = {
        size.n * phases, size.out_height, size.out_width, shape->out, NULL, SLOT_A + SLOT_B - map->slot};
    size_t count = cells_of(&made) * (size_t)made.channels;
    cs_status status = cs_workspace_get(&net->workspace, made.slot, count, &made.data, error);
    for (int phase = 0; status == CS_OK && phase < phases; phase++) {
        float *out = made.data + (size_t)phase * (count / 2);
        size.pad_top += phase;
        size.pad_left += phase;
        status = net->ops->run_inverted(net->nn, &block, &size, map->data, out, error);
    }
    if (status == CS_OK) *map = made;
    return status;
}

static int ends_stage(const efficientnet *net, int index, int stage) {
    return net->shapes[index].stage == stage && net->shapes[index + 1].stage != stage;
}

/* Copies the map of one picture out. */
static cs_status keep_features(efficientnet *net, const feature_map *map, cs_features *features, cs_error *error) {
    size_t count = cells_of(map) * (size_t)map->channels;
    features->data = cs_alloc(count, sizeof *features->data);
    if (!features->data) return cs_fail_memory(error, "features");
    features->rows = map->height;
    features->cols = map->width;
    features->channels = map->channels;
    net->ops->download(net->nn, features->data, map->data, count);
    return CS_OK;
}

/* The mean of the two phases of staggered cells. */
static cs_status join_phases(efficientnet *net, feature_map *map, cs_error *error) {
    map->n = 1;
    const cs_blend size = {(int)cells_of(map), map->channels, (int)cells_of(map), 0.5f, 0.5f};
    const float *second = map->data + cells_of(map) * (size_t)map->channels;
    return net->ops->blend(net->nn, &size, second, map->data, error);
}

/* Pictures [n, height, width, 3] to features [n, rows, cols, 1280]; n is 1 where cells are staggered. `middle` takes
 * those of FEATURE_STAGE, unless it is NULL. */
static cs_status run_features(efficientnet *net, const float *pictures, int n, int height, int width, int cells,
                              cs_features *middle, feature_map *map, cs_error *error) {
    feature_map input = {n, height, width, 3, NULL, SLOT_B};
    size_t count = cells_of(&input) * 3;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_B, count, &input.data, error);
    if (status != CS_OK) return status;
    net->ops->upload(net->nn, input.data, pictures, count);
    cs_conv_size size = cs_conv_same(n, height, width, 3, 2, 1);
    status = convolve(net, net->layers.stem, &size, CS_STEM_CHANNELS, SLOT_A, &input, map, error);
    for (int i = 0; status == CS_OK && i < net->layers.block_count; i++) {
        status = run_block(net, i, cells, map, error);
        if (status == CS_OK && middle && ends_stage(net, i, FEATURE_STAGE))
            status = keep_features(net, map, middle, error);
    }
    if (status != CS_OK) return status;
    size = cs_conv_cells(map->n, map->height, map->width);
    status = convolve(net, net->layers.head, &size, CS_HEAD_CHANNELS, SLOT_A + SLOT_B - map->slot, map, map, error);
    if (status == CS_OK && cells == CS_CELLS_STAGGERED) status = join_phases(net, map, error);
    return status;
}

/* p [classes] to the embedding [dim]: see the header. */
static void embed(const efficientnet *net, const float *p, float *out) {
    int dim = net->config.class_dim;
    double squares = 0;
    for (int i = 0; i < net->base.dim; i++)
        out[i] = 0;
    for (int c = 0; c < net->config.classes; c++)
        for (int i = 0; i < dim; i++)
            out[i] += p[c] * net->class_vectors[(size_t)c * (size_t)dim + (size_t)i];
    for (int i = 0; i < dim; i++)
        squares += (double)out[i] * out[i];
    if (squares < 1) {
        out[dim + 1] = (float)sqrt(1 - squares);
    } else {
        for (int i = 0; i < dim; i++)
            out[i] = (float)(out[i] / sqrt(squares));
    }
}

static cs_status encode_group(efficientnet *net, const float *pictures, int n, float *probabilities, float *out,
                              cs_error *error) {
    int size = net->base.image_size, classes = net->config.classes;
    feature_map map;
    float *means, *scores;
    cs_status status = run_features(net, pictures, n, size, size, CS_CELLS_COARSE, NULL, &map, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_MEANS, (size_t)n * CS_HEAD_CHANNELS, &means, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_CLASSES, (size_t)n * (size_t)classes, &scores, error);
    if (status == CS_OK)
        status = net->ops->global_mean(net->nn, n, map.height, map.width, CS_HEAD_CHANNELS, map.data, means, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.classes, n, means, scores, error);
    if (status == CS_OK) status = net->ops->softmax(net->nn, n, classes, scores, error);
    if (status != CS_OK) return status;
    net->ops->download(net->nn, probabilities, scores, (size_t)n * (size_t)classes);
    for (int i = 0; i < n; i++)
        embed(net, probabilities + (size_t)i * (size_t)classes, out + (size_t)i * (size_t)net->base.dim);
    return CS_OK;
}

static cs_status encode(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error) {
    efficientnet *net = (efficientnet *)encoder;
    size_t picture = (size_t)encoder->image_size * (size_t)encoder->image_size * 3;
    float *probabilities = cs_alloc((size_t)GROUP * (size_t)net->config.classes, sizeof *probabilities);
    if (!probabilities) return cs_fail_memory(error, "class probabilities");
    cs_status status = CS_OK;
    for (int first = 0; status == CS_OK && first < n; first += GROUP)
        status = encode_group(net, pictures + (size_t)first * picture, n - first < GROUP ? n - first : GROUP,
                              probabilities, out + (size_t)first * (size_t)encoder->dim, error);
    free(probabilities);
    return status;
}

static void dense_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols) {
    (void)encoder;
    *rows = height;
    *cols = width;
    for (int halvings = 0; halvings < (coarse ? 5 : 4); halvings++) {
        *rows = (*rows + 1) / 2;
        *cols = (*cols + 1) / 2;
    }
}

/* How much each class says for each text. out: [n, classes] = texts [n, :class_dim] times class vectors transposed. */
static void class_weights(const efficientnet *net, const float *texts, int n, float *out) {
    size_t dim = (size_t)net->config.class_dim;
    for (int t = 0; t < n; t++) {
        const float *text = texts + (size_t)t * (size_t)net->base.dim;
        for (int c = 0; c < net->config.classes; c++) {
            const float *vector = net->class_vectors + (size_t)c * dim;
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (size_t i = 0; i < dim; i++)
                sum += text[i] * vector[i];
            out[(size_t)t * (size_t)net->config.classes + (size_t)c] = sum;
        }
    }
}

/* Scores of one neighbourhood side, added to out [n, cells]. logits: device, [cells, classes]. */
static cs_status add_scores(efficientnet *net, cs_layer *readout, const feature_map *logits, int side, int n,
                            float *scratch, float weight, float *out, cs_error *error) {
    int cells = logits->height * logits->width, classes = net->config.classes;
    size_t count = (size_t)cells * (size_t)classes;
    float *means, *scores;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_MEANS, count, &means, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_SCORES, (size_t)cells * (size_t)n, &scores, error);
    /* the mean of logits is the logit of mean features, the layer between them being linear */
    if (status == CS_OK)
        status =
            net->ops->local_mean(net->nn, 1, logits->height, logits->width, classes, side, logits->data, means, error);
    if (status == CS_OK) status = net->ops->softmax(net->nn, cells, classes, means, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, readout, cells, means, scores, error);
    if (status != CS_OK) return status;
    net->ops->download(net->nn, scratch, scores, (size_t)cells * (size_t)n);
    for (int cell = 0; cell < cells; cell++)
        for (int t = 0; t < n; t++)
            out[(size_t)t * (size_t)cells + (size_t)cell] += weight * scratch[(size_t)cell * (size_t)n + (size_t)t];
    return CS_OK;
}

static cs_status make_readout(efficientnet *net, const float *texts, int n, cs_layer **readout, cs_error *error) {
    const cs_linear_spec spec = {net->config.classes, n, CS_ACT_NONE, 0, 0};
    float *weights = cs_alloc((size_t)n * (size_t)net->config.classes, sizeof *weights);
    if (!weights) return cs_fail_memory(error, "prompts");
    class_weights(net, texts, n, weights);
    cs_status status = net->ops->linear(net->nn, &spec, weights, NULL, readout, error);
    free(weights);
    return status;
}

/* What add_scores() has left behind are the probabilities [cells, classes]. */
static cs_status tell_certainty(efficientnet *net, size_t cells, float *certainty, cs_error *error) {
    size_t classes = (size_t)net->config.classes;
    float *means, *p = cs_alloc(cells * classes, sizeof *p);
    cs_status status = p ? CS_OK : cs_fail_memory(error, "class probabilities");
    if (status == CS_OK) status = cs_workspace_get(&net->workspace, SLOT_MEANS, cells * classes, &means, error);
    if (status == CS_OK) net->ops->download(net->nn, p, means, cells * classes);
    for (size_t i = 0; status == CS_OK && i < cells; i++) {
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (size_t c = 0; c < classes; c++)
            sum += p[i * classes + c] * p[i * classes + c];
        certainty[i] = sum;
    }
    free(p);
    return status;
}

static cs_status score_sides(efficientnet *net, const cs_dense_input *input, cs_layer *readout,
                             const feature_map *logits, int n, float *out, cs_error *error) {
    size_t count = (size_t)logits->height * (size_t)logits->width * (size_t)n;
    float *scratch = cs_alloc(count, sizeof *scratch);
    if (!scratch) return cs_fail_memory(error, "a dense map");
    for (size_t i = 0; i < count; i++)
        out[i] = 0;
    int sides = input->side_count > 0 ? input->side_count : 1;
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < sides; i++) {
        status = add_scores(net, readout, logits, input->side_count > 0 ? input->sides[i] : 1, n, scratch,
                            1.0f / (float)sides, out, error);
        if (status == CS_OK && input->certainty && i == sides / 2)
            status = tell_certainty(net, cells_of(logits), input->certainty, error);
    }
    free(scratch);
    return status;
}

/* Features [rows, cols, 1280] to scores. */
static cs_status score_map(efficientnet *net, const cs_dense_input *input, const feature_map *map, const float *texts,
                           int n, float *out, cs_error *error) {
    int classes = net->config.classes;
    feature_map logits = *map;
    cs_layer *readout = NULL;
    logits.channels = classes;
    cs_status status =
        cs_workspace_get(&net->workspace, SLOT_CLASSES, cells_of(map) * (size_t)classes, &logits.data, error);
    if (status == CS_OK)
        status = net->ops->run_linear(net->nn, net->layers.classes, (int)cells_of(map), map->data, logits.data, error);
    if (status == CS_OK) status = make_readout(net, texts, n, &readout, error);
    if (status == CS_OK) status = score_sides(net, input, readout, &logits, n, out, error);
    if (readout) net->ops->layer_free(net->nn, readout);
    return status;
}

static cs_status dense(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n, float *out,
                       cs_features *features, cs_error *error) {
    efficientnet *net = (efficientnet *)encoder;
    cs_features middle = {0};
    feature_map map;
    cs_status status = cs_dense_check(encoder, input, NULL, error);
    if (status != CS_OK) return status;
    status = run_features(net, input->picture, 1, input->height, input->width, input->coarse, features ? &middle : NULL,
                          &map, error);
    if (status == CS_OK) status = score_map(net, input, &map, texts, n, out, error);
    if (status == CS_OK && features) {
        *features = middle;
    } else {
        free(middle.data);
    }
    return status;
}

/* Means of a map's cells over k regions to class probabilities, host, [k, classes]. Taking the mean before or behind
 * the class layer is the same. */
static cs_status classify_regions(efficientnet *net, const feature_map *map, const unsigned char *masks, int k,
                                  float *probabilities, cs_error *error) {
    int cells = (int)cells_of(map), classes = net->config.classes;
    const cs_product size = {k, cells, CS_HEAD_CHANNELS, 0, 1, 0};
    float *shares, *means, *scores;
    cs_status status = cs_masks_upload(&net->workspace, SLOT_SCORES, masks, k, (size_t)cells, 1, &shares, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_MEANS, (size_t)k * CS_HEAD_CHANNELS, &means, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_CLASSES, (size_t)k * (size_t)classes, &scores, error);
    if (status == CS_OK) status = net->ops->product(net->nn, &size, shares, map->data, means, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.classes, k, means, scores, error);
    if (status == CS_OK) status = net->ops->softmax(net->nn, k, classes, scores, error);
    if (status == CS_OK) net->ops->download(net->nn, probabilities, scores, (size_t)k * (size_t)classes);
    return status;
}

static cs_status regions(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks, int k,
                         float *out, cs_error *error) {
    efficientnet *net = (efficientnet *)encoder;
    const cs_dense_input plain = {.height = input->height, .width = input->width};
    int rows, cols, classes = net->config.classes;
    feature_map map;
    dense_size(encoder, input->height, input->width, input->coarse, &rows, &cols);
    cs_status status = cs_dense_check(encoder, &plain, NULL, error);
    if (status == CS_OK) status = cs_masks_check(masks, k, (size_t)rows * (size_t)cols, error);
    if (status == CS_OK)
        status = run_features(net, input->picture, 1, input->height, input->width, input->coarse, NULL, &map, error);
    if (status != CS_OK) return status;
    float *probabilities = cs_alloc((size_t)k * (size_t)classes, sizeof *probabilities);
    if (!probabilities) return cs_fail_memory(error, "class probabilities");
    status = classify_regions(net, &map, masks, k, probabilities, error);
    for (int i = 0; status == CS_OK && i < k; i++)
        embed(net, probabilities + (size_t)i * (size_t)classes, out + (size_t)i * (size_t)encoder->dim);
    free(probabilities);
    return status;
}

static void destroy(cs_image_encoder *encoder) {
    efficientnet *net = (efficientnet *)encoder;
    cs_workspace_clear(&net->workspace);
    cs_efficientnet_layers_free(net->ops, net->nn, &net->layers);
    free(net->shapes);
    free(net->class_vectors);
    free(net->base.blank);
    free(net);
}

/* The mean of the class vectors. */
static cs_status make_blank(efficientnet *net, cs_error *error) {
    int dim = net->config.class_dim, classes = net->config.classes;
    net->base.blank = cs_alloc_zero((size_t)net->base.dim, sizeof *net->base.blank);
    if (!net->base.blank) return cs_fail_memory(error, "an image encoder");
    for (int c = 0; c < classes; c++)
        for (int i = 0; i < dim; i++)
            net->base.blank[i] += net->class_vectors[(size_t)c * (size_t)dim + (size_t)i] / (float)classes;
    return CS_OK;
}

cs_status cs_efficientnet_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                                 cs_error *error) {
    static const cs_image_encoder_ops operations = {
        .encode = encode, .dense_size = dense_size, .dense = dense, .regions = regions, .destroy = destroy};
    static const char *const variants[] = {"classes", NULL};
    const cs_efficientnet_config *shape = &config->efficientnet;
    const int64_t vectors[] = {shape->classes, shape->class_dim};
    efficientnet *net = cs_alloc_zero(1, sizeof *net);
    if (!net) return cs_fail_memory(error, "an image encoder");
    net->base = (cs_image_encoder){&operations, config->image_size, config->dim, 1, variants, NULL};
    net->ops = weights->ops;
    net->nn = weights->nn;
    net->config = *shape;
    cs_workspace_init(&net->workspace, weights->ops, weights->nn);
    int count;
    cs_status status = cs_efficientnet_blocks(shape, &net->shapes, &count, error);
    if (status == CS_OK) status = cs_efficientnet_layers_load(weights, shape, net->shapes, count, &net->layers, error);
    if (status == CS_OK)
        status = cs_weights_read(weights, "visual_head.class_embedding.weight", 2, vectors, &net->class_vectors, error);
    if (status == CS_OK) status = make_blank(net, error);
    if (status != CS_OK) {
        destroy(&net->base);
        return status;
    }
    *encoder = &net->base;
    return CS_OK;
}
