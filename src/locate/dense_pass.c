#include "locate/dense_pass.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/model.h"

/* A picture more elongated than this is seen at a smaller size, or its map would grow without bound. */
enum { MAX_ASPECT = 4 };

static int round_side(double side, int step) {
    int steps = (int)(side / step + 0.5);
    return (steps > 0 ? steps : 1) * step;
}

void cs_dense_pass_size(int picture_width, int picture_height, int size, int step, int *height, int *width) {
    double shorter = picture_width < picture_height ? picture_width : picture_height;
    double longer = picture_width < picture_height ? picture_height : picture_width;
    double scale = size / shorter;
    if (longer * scale > (double)MAX_ASPECT * size) scale = (double)MAX_ASPECT * size / longer;
    *height = round_side(picture_height * scale, step);
    *width = round_side(picture_width * scale, step);
}

static int count_sides(const cs_dense_pass *pass) {
    int count = 0;
    while (count < 3 && pass->sides[count] > 0)
        count++;
    return count;
}

/* Room for what a pass saw, whatever the prompts. */
static cs_status make_certainty(int rows, int cols, cs_certainty *certainty, cs_error *error) {
    *certainty = (cs_certainty){rows, cols, cs_alloc_zero((size_t)rows * (size_t)cols, sizeof(float))};
    return certainty->values ? CS_OK : cs_fail_memory(error, "a dense map");
}

cs_status cs_dense_see(const cs_dense_sight *sight, cs_features *features, cs_certainty *certainty, cs_dense_view *out,
                       cs_error *error) {
    cs_model *model = sight->model;
    cs_image_encoder *encoder = model->image;
    cs_dense_input input = {.coarse = sight->pass.cells,
                            .sides = sight->pass.sides,
                            .side_count = count_sides(&sight->pass),
                            .variant = sight->variant};
    cs_dense_view seen;
    cs_dense_pass_size(sight->view.width, sight->view.height, sight->pass.size, encoder->dense_step, &input.height,
                       &input.width);
    encoder->ops->dense_size(encoder, input.height, input.width, input.coarse, &seen.rows, &seen.cols);
    float *picture = cs_alloc((size_t)input.height * (size_t)input.width, 3 * sizeof *picture);
    seen.maps = cs_alloc(sight->count * (size_t)seen.rows, (size_t)seen.cols * sizeof *seen.maps);
    cs_status status = picture && seen.maps ? CS_OK : cs_fail_memory(error, "a dense map");
    if (status == CS_OK && certainty) status = make_certainty(seen.rows, seen.cols, certainty, error);
    double start = cs_clock();
    if (status == CS_OK)
        status = cs_preprocess_resized(&model->preprocess, sight->view, input.height, input.width, picture, error);
    start = cs_clock_lap(&model->work.prepare_seconds, start);
    input.picture = picture;
    input.certainty = certainty ? certainty->values : NULL;
    if (status == CS_OK)
        status = encoder->ops->dense(encoder, &input, sight->embeddings, (int)sight->count, seen.maps, features, error);
    cs_clock_lap(&model->work.image_seconds, start);
    free(picture);
    if (status == CS_OK)
        *out = seen;
    else
        free(seen.maps);
    return status;
}
