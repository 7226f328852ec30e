#include "model/workspace.h"

#include "base/error.h"

void cs_workspace_init(cs_workspace *workspace, const cs_nn_ops *ops, cs_nn *nn) {
    *workspace = (cs_workspace){.ops = ops, .nn = nn};
}

cs_status cs_workspace_get(cs_workspace *workspace, int slot, size_t count, float **buffer, cs_error *error) {
    if (count > workspace->sizes[slot]) {
        if (workspace->buffers[slot]) workspace->ops->release(workspace->nn, workspace->buffers[slot]);
        workspace->sizes[slot] = 0;
        workspace->buffers[slot] = workspace->ops->buffer(workspace->nn, count);
        if (!workspace->buffers[slot]) return cs_fail_memory(error, "the activations of a network");
        workspace->sizes[slot] = count;
    }
    *buffer = workspace->buffers[slot];
    return CS_OK;
}

void cs_workspace_clear(cs_workspace *workspace) {
    for (int i = 0; i < CS_WORKSPACE_SLOTS; i++) {
        if (workspace->buffers[i]) workspace->ops->release(workspace->nn, workspace->buffers[i]);
        workspace->buffers[i] = NULL;
        workspace->sizes[i] = 0;
    }
}
