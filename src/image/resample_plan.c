#include "image/resample_plan.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* More threads than the work is worth cost more than they give. */
static int count_workers(const cs_resample_plan *plan, int threads) {
    const int64_t worthwhile = 1 << 16; /* samples of source and output for each */
    int64_t samples = (int64_t)plan->source.width * plan->source.height + (int64_t)plan->width * plan->height;
    int64_t most = samples / worthwhile + 1;
    if (most > plan->height) most = plan->height;
    if (threads < 1) threads = 1;
    return threads < most ? threads : (int)most;
}

static cs_status create_weights(cs_resample_plan *plan, cs_filter filter, cs_error *error) {
    cs_status status = CS_OK;
    if (plan->changes_width)
        status = cs_row_filter_create(plan->source.width, plan->width, filter, plan->kernels.packs_weights,
                                      &plan->across, error);
    if (status == CS_OK && plan->changes_height)
        status = cs_taps_create(plan->source.height, plan->height, filter, &plan->down, error);
    return status;
}

/* Vertical first: a few rows as wide as the source. Otherwise a ring that holds the taps of an output row and the rows
 * that were filtered ahead. */
static cs_status create_scratch(cs_resample_plan *plan, cs_error *error) {
    size_t workers = (size_t)plan->workers, wide = (size_t)(plan->vertical_first ? plan->source.width : plan->width);
    plan->slots = CS_ROWS_AT_ONCE;
    if (!plan->vertical_first) {
        plan->slots += plan->down.most - 1;
        if (plan->slots > plan->source.height) plan->slots = plan->source.height;
    }
    plan->slot_stride = (wide * 3 + 63) / 64 * 64;
    plan->rows = cs_alloc(workers * (size_t)plan->down.most, sizeof *plan->rows);
    if (plan->changes_width && plan->changes_height)
        plan->scratch = cs_alloc_aligned(workers * (size_t)plan->slots, plan->slot_stride);
    int short_of_memory = !plan->rows || (plan->changes_width && plan->changes_height && !plan->scratch);
    return short_of_memory ? cs_fail_memory(error, "the scratch rows of a resize") : CS_OK;
}

cs_status cs_resample_plan_create(cs_kernels kernels, cs_view source, int width, int height, cs_filter filter,
                                  int threads, cs_resample_plan *plan, cs_error *error) {
    *plan = (cs_resample_plan){.kernels = kernels, .source = source, .width = width, .height = height};
    plan->changes_width = width != source.width;
    plan->changes_height = height != source.height;
    plan->vertical_first = cs_vertical_first(source, width, height);
    plan->workers = count_workers(plan, threads);
    cs_status status = create_weights(plan, filter, error);
    if (status == CS_OK && plan->changes_height) status = create_scratch(plan, error);
    if (status != CS_OK) cs_resample_plan_free(plan);
    return status;
}

void cs_resample_plan_free(cs_resample_plan *plan) {
    cs_row_filter_free(&plan->across);
    cs_taps_free(&plan->down);
    free(plan->rows);
    free(plan->scratch);
    *plan = (cs_resample_plan){.width = 0};
}
