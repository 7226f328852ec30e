/* Both passes are made row by row of the output: a source row is filtered across when the first output row needs it,
 * and kept only as long as one does. Each thread makes a run of output rows with scratch rows of its own. */
#include "image/resample.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/kernels.h"
#include "image/resample_plan.h"

/* Rows of the output that one thread makes. */
typedef struct run {
    int begin, end;
} run;

static run run_of(const cs_resample_plan *plan, int worker) {
    int64_t height = plan->height;
    return (run){(int)(height * worker / plan->workers), (int)(height * (worker + 1) / plan->workers)};
}

static const uint8_t *source_row(const cs_resample_plan *plan, int y) {
    return plan->source.pixels + (size_t)y * plan->source.stride;
}

static uint8_t *out_row(const cs_resample_plan *plan, int y) {
    return plan->out + (size_t)y * plan->out_stride;
}

static uint8_t *scratch_row(const cs_resample_plan *plan, int worker, int slot) {
    return plan->scratch + ((size_t)worker * (size_t)plan->slots + (size_t)(slot % plan->slots)) * plan->slot_stride;
}

/* Neither side changes. */
static void copy_rows(const cs_resample_plan *plan, int worker) {
    run r = run_of(plan, worker);
    for (int y = r.begin; y < r.end; y++)
        memcpy(out_row(plan, y), source_row(plan, y), (size_t)plan->width * 3);
}

/* Only the width changes. */
static void resize_across(const cs_resample_plan *plan, int worker) {
    run r = run_of(plan, worker);
    for (int y = r.begin; y < r.end; y += CS_ROWS_AT_ONCE) {
        const uint8_t *from[CS_ROWS_AT_ONCE];
        uint8_t *to[CS_ROWS_AT_ONCE];
        int n = r.end - y < CS_ROWS_AT_ONCE ? r.end - y : CS_ROWS_AT_ONCE;
        for (int i = 0; i < n; i++) {
            from[i] = source_row(plan, y + i);
            to[i] = out_row(plan, y + i);
        }
        plan->kernels.across(&plan->across, from, to, n);
    }
}

/* One output row of the vertical pass, from source rows. */
static void make_down(const cs_resample_plan *plan, int worker, int y, uint8_t *out) {
    const uint8_t **rows = plan->rows + (size_t)worker * (size_t)plan->down.most;
    for (int k = 0; k < plan->down.count[y]; k++)
        rows[k] = source_row(plan, plan->down.first[y] + k);
    plan->kernels.down(rows, cs_taps_weights(&plan->down, y), plan->down.count[y], (size_t)plan->source.width * 3, out);
}

/* Only the height changes. */
static void resize_down(const cs_resample_plan *plan, int worker) {
    run r = run_of(plan, worker);
    for (int y = r.begin; y < r.end; y++)
        make_down(plan, worker, y, out_row(plan, y));
}

/* Vertical pass into scratch rows, then across into the output. */
static void resize_down_across(const cs_resample_plan *plan, int worker) {
    run r = run_of(plan, worker);
    for (int y = r.begin; y < r.end; y += CS_ROWS_AT_ONCE) {
        const uint8_t *from[CS_ROWS_AT_ONCE];
        uint8_t *to[CS_ROWS_AT_ONCE];
        int n = r.end - y < CS_ROWS_AT_ONCE ? r.end - y : CS_ROWS_AT_ONCE;
        for (int i = 0; i < n; i++) {
            uint8_t *row = scratch_row(plan, worker, i);
            make_down(plan, worker, y + i, row);
            from[i] = row;
            to[i] = out_row(plan, y + i);
        }
        plan->kernels.across(&plan->across, from, to, n);
    }
}

/* Filters up to CS_ROWS_AT_ONCE source rows from y on across, into their scratch rows. Returns the row after them. */
static int filter_ahead(const cs_resample_plan *plan, int worker, int y) {
    const uint8_t *from[CS_ROWS_AT_ONCE];
    uint8_t *to[CS_ROWS_AT_ONCE];
    int n = plan->source.height - y < CS_ROWS_AT_ONCE ? plan->source.height - y : CS_ROWS_AT_ONCE;
    for (int i = 0; i < n; i++) {
        from[i] = source_row(plan, y + i);
        to[i] = scratch_row(plan, worker, y + i);
    }
    plan->kernels.across(&plan->across, from, to, n);
    return y + n;
}

/* Across into a ring of scratch rows, wide enough for the taps of one output row and what is filtered ahead of them,
 * then down into the output. */
static void resize_across_down(const cs_resample_plan *plan, int worker) {
    const cs_taps *down = &plan->down;
    const uint8_t **rows = plan->rows + (size_t)worker * (size_t)down->most;
    run r = run_of(plan, worker);
    int ready = 0; /* rows below this are in the ring, or no longer needed */
    for (int y = r.begin; y < r.end; y++) {
        int first = down->first[y], count = down->count[y];
        if (ready < first) ready = first;
        while (ready < first + count)
            ready = filter_ahead(plan, worker, ready);
        for (int k = 0; k < count; k++)
            rows[k] = scratch_row(plan, worker, first + k);
        plan->kernels.down(rows, cs_taps_weights(down, y), count, (size_t)plan->width * 3, out_row(plan, y));
    }
}

static void execute(const cs_resample_plan *plan) {
    void (*work)(const cs_resample_plan *, int) = copy_rows;
    if (plan->changes_width && plan->changes_height)
        work = plan->vertical_first ? resize_down_across : resize_across_down;
    else if (plan->changes_width)
        work = resize_across;
    else if (plan->changes_height)
        work = resize_down;
#pragma omp parallel for num_threads(plan->workers) schedule(static) if (plan->workers > 1)
    for (int worker = 0; worker < plan->workers; worker++)
        work(plan, worker);
}

/* Source columns are looked up once. Positions are added up one by one, as Pillow does, because that rounds otherwise
 * than a product. */
static cs_status resize_nearest(cs_view source, int width, int height, uint8_t *out, size_t out_stride,
                                cs_error *error) {
    size_t *columns = cs_alloc((size_t)width, sizeof *columns);
    if (!columns) return cs_fail_memory(error, "the columns of a resize");
    double right = (double)source.width / width, x_in = right * 0.5;
    for (int x = 0; x < width; x++, x_in += right)
        columns[x] = (size_t)x_in * 3;
    double down = (double)source.height / height, y_in = down * 0.5;
    for (int y = 0; y < height; y++, y_in += down) {
        const uint8_t *from = source.pixels + (size_t)y_in * source.stride;
        uint8_t *to = out + (size_t)y * out_stride;
        for (int x = 0; x < width; x++)
            memcpy(to + (size_t)x * 3, from + columns[x], 3);
    }
    free(columns);
    return CS_OK;
}

cs_status cs_resample_with(cs_kernels kernels, cs_view source, int width, int height, cs_filter filter, int threads,
                           uint8_t *out, size_t out_stride, cs_error *error) {
    if (width < 1 || height < 1 || source.width < 1 || source.height < 1)
        return cs_fail(error, CS_ERR_ARGUMENT, "resize from %d x %d to %d x %d: every side must be at least 1",
                       source.width, source.height, width, height);
    if (filter < CS_FILTER_NEAREST || filter > CS_FILTER_BICUBIC)
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "resample filter %d: expected 0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic)",
                       (int)filter);
    if (filter == CS_FILTER_NEAREST) return resize_nearest(source, width, height, out, out_stride, error);
    cs_resample_plan plan;
    cs_status status = cs_resample_plan_create(kernels, source, width, height, filter, threads, &plan, error);
    if (status != CS_OK) return status;
    plan.out = out;
    plan.out_stride = out_stride;
    execute(&plan);
    cs_resample_plan_free(&plan);
    return CS_OK;
}

cs_status cs_resample(cs_view source, int width, int height, cs_filter filter, int threads, uint8_t *out,
                      size_t out_stride, cs_error *error) {
    return cs_resample_with(cs_kernels_best(), source, width, height, filter, threads, out, out_stride, error);
}
