#include <math.h>

#include "bench_report.h"
#include "say.h"

/* Beyond these the figures are doubted. */
static const double spread_limit = 0.10, load_limit = 0.5;

const char *const BENCH_STAGE_LABELS[STAGE_COUNT] = {"decode", "crop, resample", "encode", "map", "boxes", "draw"};
const char *const BENCH_STAGE_KEYS[STAGE_COUNT] = {"decode_ms", "prepare_ms", "encode_ms",
                                                   "map_ms",    "boxes_ms",   "draw_ms"};

bench_rates bench_rates_of(const bench_plan *plan, const bench_variant *variant) {
    const bench_peak *peak = plan_peak(plan, &plan->opened[variant->model]);
    double median = times_median(&variant->times);
    bench_rates rates = {.best = 1e3 * times_best(&variant->times) / variant->batch,
                         .median = 1e3 * median / variant->batch,
                         .spread = times_spread(&variant->times),
                         .windows_a_second = variant->batch / median,
                         .gmac = variant->gmac / variant->batch,
                         .gflops = 2 * variant->gmac / median,
                         .share = NAN};
    if (peak) rates.share = rates.gflops / peak->gflops;
    return rates;
}

static double widest_spread(const bench_plan *plan) {
    double widest = 0;
    for (size_t i = 0; i < plan->variant_count; i++)
        widest = fmax(widest, times_spread(&plan->variants[i].times));
    for (size_t i = 0; i < plan->opened_count; i++)
        widest = fmax(widest, times_spread(&plan->opened[i].photo));
    return widest;
}

void bench_warn(const bench_plan *plan) {
    double spread = widest_spread(plan);
    if (plan->load_before > load_limit)
        complain("note: the load average was %.2f before anything ran; figures of a busy machine mean little",
                 plan->load_before);
    if (spread > spread_limit)
        complain("note: times of one thing differ by up to %.0f %% of their median", 100 * spread);
}
