#include "model/positions.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* Resized along the rows [rows, side, width], then along the columns. All device. */
static cs_status resize(const cs_positions *positions, int rows, int cols, const float *down, const float *across,
                        float *between, float *table, cs_error *error) {
    int side = positions->side, width = positions->width;
    const cs_product vertical = {rows, side, side * width, 0, 1, 0}, horizontal = {cols, side, width, 0, 1, 0};
    const cs_blend copy = {1, width, 1, 0, 1};
    cs_status status =
        positions->ops->product(positions->nn, &vertical, down, positions->table + width, between, error);
    for (int r = 0; status == CS_OK && r < rows; r++)
        status = positions->ops->product(positions->nn, &horizontal, across,
                                         between + (size_t)r * (size_t)side * (size_t)width,
                                         table + (1 + (size_t)r * (size_t)cols) * (size_t)width, error);
    if (status == CS_OK) status = positions->ops->blend(positions->nn, &copy, positions->table, table, error);
    return status;
}

/* *weights: device, [out, side]. */
static cs_status make_weights(const cs_positions *positions, int out, float **weights, cs_error *error) {
    size_t count = (size_t)out * (size_t)positions->side;
    float *host = cs_alloc(count, sizeof *host), *device = positions->ops->buffer(positions->nn, count);
    *weights = device;
    if (host && device) {
        cs_position_weights(positions->filter, positions->side, out, host);
        positions->ops->upload(positions->nn, device, host, count);
    }
    cs_status status = host && device ? CS_OK : cs_fail_memory(error, "position embeddings");
    free(host);
    return status;
}

static cs_status make_table(const cs_positions *positions, int rows, int cols, float *table, cs_error *error) {
    float *down = NULL, *across = NULL;
    float *between =
        positions->ops->buffer(positions->nn, (size_t)rows * (size_t)positions->side * (size_t)positions->width);
    cs_status status = between ? CS_OK : cs_fail_memory(error, "position embeddings");
    if (status == CS_OK) status = make_weights(positions, rows, &down, error);
    if (status == CS_OK) status = make_weights(positions, cols, &across, error);
    if (status == CS_OK) status = resize(positions, rows, cols, down, across, between, table, error);
    if (between) positions->ops->release(positions->nn, between);
    if (down) positions->ops->release(positions->nn, down);
    if (across) positions->ops->release(positions->nn, across);
    return status;
}

cs_status cs_positions_get(cs_positions *positions, int rows, int cols, const float **table, cs_error *error) {
    *table = positions->table;
    if (rows == positions->side && cols == positions->side) return CS_OK;
    for (int i = 0; i < CS_POSITION_GRIDS; i++) {
        *table = positions->grids[i].table;
        if (*table && positions->grids[i].rows == rows && positions->grids[i].cols == cols) return CS_OK;
    }
    float *made = positions->ops->buffer(positions->nn, (1 + (size_t)rows * (size_t)cols) * (size_t)positions->width);
    if (!made) return cs_fail_memory(error, "position embeddings");
    cs_status status = make_table(positions, rows, cols, made, error);
    if (status != CS_OK) {
        positions->ops->release(positions->nn, made);
        return status;
    }
    int at = positions->next;
    if (positions->grids[at].table) positions->ops->release(positions->nn, positions->grids[at].table);
    positions->grids[at].rows = rows;
    positions->grids[at].cols = cols;
    positions->grids[at].table = made;
    positions->next = (at + 1) % CS_POSITION_GRIDS;
    *table = made;
    return CS_OK;
}

void cs_positions_clear(cs_positions *positions) {
    for (int i = 0; i < CS_POSITION_GRIDS; i++) {
        if (positions->grids[i].table) positions->ops->release(positions->nn, positions->grids[i].table);
        positions->grids[i].table = NULL;
    }
}
