#include "model/masks.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

static size_t count_inside(const unsigned char *mask, size_t cells) {
    size_t count = 0;
    for (size_t i = 0; i < cells; i++)
        count += mask[i] != 0;
    return count;
}

cs_status cs_masks_upload(cs_workspace *workspace, int slot, const unsigned char *masks, int k, size_t cells, int mean,
                          float **device, cs_error *error) {
    cs_status status = cs_workspace_get(workspace, slot, (size_t)k * cells, device, error);
    if (status != CS_OK) return status;
    float *host = cs_alloc((size_t)k * cells, sizeof *host);
    if (!host) return cs_fail_memory(error, "regions");
    for (size_t r = 0; r < (size_t)k; r++) {
        const unsigned char *mask = masks + r * cells;
        float inside = mean ? 1.0f / (float)count_inside(mask, cells) : 1.0f;
        for (size_t i = 0; i < cells; i++)
            host[r * cells + i] = mask[i] ? inside : 0.0f;
    }
    workspace->ops->upload(workspace->nn, *device, host, (size_t)k * cells);
    free(host);
    return CS_OK;
}
