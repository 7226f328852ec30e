/* Layers that one thread runs by itself while others run theirs, maybe the same one. */
#include <omp.h>

#include "nn/onednn/layer.h"

cs_status cs_layer_plan_alone(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, cs_plan **plan, int *made,
                              cs_error *error) {
    const cs_plan_key key = {*size, layer->spec.accumulate, 1};
    *plan = cs_layer_find_plan(layer, &key);
    if (*plan) return CS_OK;
    int saved = omp_get_max_threads();
    omp_set_num_threads(1);
    cs_status status = cs_layer_plan(nn, layer, &key, plan, error);
    omp_set_num_threads(saved);
    ++*made;
    return status;
}

/* Memory objects are small, and each thread needs its own. */
static dnnl_status_t make_views(cs_nn *nn, const cs_plan *plan, const float *x, float *y, dnnl_memory_t views[3]) {
    dnnl_status_t status = dnnl_memory_create(&views[0], &plan->source_layout, nn->engine, (void *)(uintptr_t)x);
    if (status == dnnl_success) status = dnnl_memory_create(&views[1], &plan->target_layout, nn->engine, y);
    if (status == dnnl_success && dnnl_memory_desc_get_size(&plan->scratch_layout) > 0)
        status = dnnl_memory_create(&views[2], &plan->scratch_layout, nn->engine, DNNL_MEMORY_ALLOCATE);
    return status;
}

dnnl_status_t cs_layer_execute_alone(cs_nn *nn, const cs_layer *layer, const cs_plan *plan, const float *x, float *y) {
    dnnl_memory_t views[3] = {NULL, NULL, NULL};
    dnnl_status_t status = make_views(nn, plan, x, y, views);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, views[0]},
                                       {DNNL_ARG_WEIGHTS, layer->packed[plan->packed]},
                                       {DNNL_ARG_BIAS, layer->bias},
                                       {DNNL_ARG_DST, views[1]},
                                       {DNNL_ARG_SCRATCHPAD, views[2]}};
        status = dnnl_primitive_execute(plan->primitive, nn->stream, views[2] ? 5 : 4, arguments);
    }
    for (int i = 0; i < 3; i++)
        if (views[i]) dnnl_memory_destroy(views[i]);
    return status;
}
