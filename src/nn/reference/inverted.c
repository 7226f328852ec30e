/* An inverted residual block, one layer after the other. Source: Sandler et al., "MobileNetV2: Inverted Residuals and
 * Linear Bottlenecks" (2018). */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/reference/reference.h"

cs_status cs_reference_run_inverted(cs_nn *nn, const cs_inverted *block, const cs_conv_size *size, const float *x,
                                    float *y, cs_error *error) {
    const cs_conv_size before = cs_conv_cells(size->n, size->height, size->width);
    const cs_conv_size after = cs_conv_cells(size->n, size->out_height, size->out_width);
    size_t in = (size_t)size->n * (size_t)size->height * (size_t)size->width;
    size_t out = (size_t)size->n * (size_t)size->out_height * (size_t)size->out_width;
    float *expanded = cs_alloc(in * (size_t)block->expanded, sizeof *expanded);
    float *behind = cs_alloc(out * (size_t)block->expanded, sizeof *behind);
    cs_status status = expanded && behind ? CS_OK : cs_fail_memory(error, "a block");
    if (status == CS_OK && block->expand)
        status = cs_reference_run_conv(nn, block->expand, &before, x, expanded, error);
    if (status == CS_OK)
        status = cs_reference_run_conv(nn, block->depthwise, size, block->expand ? expanded : x, behind, error);
    if (status == CS_OK && block->residual) memcpy(y, x, out * (size_t)block->out * sizeof *y);
    if (status == CS_OK) status = cs_reference_run_conv(nn, block->project, &after, behind, y, error);
    free(expanded);
    free(behind);
    return status;
}
