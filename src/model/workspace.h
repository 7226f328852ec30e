/* Device buffers that grow with the largest shape seen, so that steady work allocates nothing. */
#ifndef CS_MODEL_WORKSPACE_H
#define CS_MODEL_WORKSPACE_H

#include "nn/nn.h"

#define CS_WORKSPACE_SLOTS 8

typedef struct cs_workspace {
    const cs_nn_ops *ops;
    cs_nn *nn;
    float *buffers[CS_WORKSPACE_SLOTS];
    size_t sizes[CS_WORKSPACE_SLOTS];
} cs_workspace;

void cs_workspace_init(cs_workspace *workspace, const cs_nn_ops *ops, cs_nn *nn);

/* A buffer of at least `count` floats. What it held is lost if it has to grow. */
cs_status cs_workspace_get(cs_workspace *workspace, int slot, size_t count, float **buffer, cs_error *error);
void cs_workspace_clear(cs_workspace *workspace);

#endif
