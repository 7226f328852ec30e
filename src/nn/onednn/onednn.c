#include "nn/onednn/onednn.h"

#include <omp.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/host_memory.h"

int cs_onednn_enter(const cs_nn *nn) {
    int saved = omp_get_max_threads();
    omp_set_num_threads(nn->threads);
    return saved;
}

void cs_onednn_leave(int saved_threads) {
    omp_set_num_threads(saved_threads);
}

cs_status cs_onednn_reserve(void **memory, size_t *have, size_t size, cs_error *error) {
    if (*have >= size) return CS_OK;
    free(*memory);
    *have = 0;
    *memory = cs_alloc_aligned(size, 1);
    if (!*memory) return cs_fail_memory(error, "the inputs of a layer");
    *have = size;
    return CS_OK;
}

cs_status cs_onednn_fail(cs_error *error, dnnl_status_t status, const char *what) {
    if (status == dnnl_out_of_memory) return cs_fail_memory(error, what);
    return cs_fail(error, CS_ERR_INTERNAL, "oneDNN cannot make %s (status %d)", what, (int)status);
}

static void close_onednn(cs_nn *nn) {
    if (!nn) return;
    if (nn->stream) dnnl_stream_destroy(nn->stream);
    if (nn->engine) dnnl_engine_destroy(nn->engine);
    free(nn->narrow);
    free(nn->block);
    free(nn);
}

/* ONEDNN_MAX_CPU_ISA counts, too. */
static int has_bf16(void) {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}

/* Without VNNI oneDNN multiplies bytes by an instruction that adds two products in 16 bits, where they may not fit:
 * results were off by up to half of the largest. */
static int has_int8(void) {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni;
}

static cs_status check_precision(cs_precision precision, cs_error *error) {
    if (precision == CS_PRECISION_BF16 && !has_bf16())
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "precision bf16: this processor has no instructions for it (AVX512_BF16); take %s",
                       has_int8() ? "fp32 or int8" : "fp32");
    if (precision == CS_PRECISION_INT8 && !has_int8())
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "precision int8: this processor has no instructions for it (AVX512_VNNI); take fp32");
    return CS_OK;
}

static cs_status open_onednn(int threads, cs_precision precision, cs_nn **nn, cs_error *error) {
    cs_status status = check_precision(precision, error);
    if (status != CS_OK) return status;
    cs_nn *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "the oneDNN backend");
    made->threads = threads;
    made->precision = precision;
    made->has_bf16 = has_bf16();
    dnnl_status_t opened = dnnl_engine_create(&made->engine, dnnl_cpu, 0);
    if (opened == dnnl_success) opened = dnnl_stream_create(&made->stream, made->engine, dnnl_stream_default_flags);
    if (opened != dnnl_success) {
        close_onednn(made);
        return cs_onednn_fail(error, opened, "a CPU engine");
    }
    *nn = made;
    return CS_OK;
}

static double macs(const cs_nn *nn) {
    return nn->macs;
}

const cs_nn_ops cs_nn_onednn = {
    .name = "onednn",
    .open = open_onednn,
    .close = close_onednn,
    .macs = macs,
    .buffer = cs_host_buffer,
    .release = cs_host_release,
    .upload = cs_host_copy,
    .download = cs_host_copy,
    .linear = cs_onednn_linear,
    .conv = cs_onednn_conv,
    .layer_free = cs_onednn_layer_free,
    .run_linear = cs_onednn_run_linear,
    .run_conv = cs_onednn_run_conv,
    .run_inverted = cs_onednn_run_inverted,
    .layer_norm = cs_cpu_layer_norm,
    .attention = cs_cpu_attention,
    .attention_pairs = cs_cpu_attention_pairs,
    .attention_regions = cs_cpu_attention_regions,
    .product = cs_cpu_product,
    .blend = cs_cpu_blend,
    .unit_rows = cs_cpu_unit_rows,
    .take = cs_cpu_take,
    .softmax = cs_cpu_softmax,
    .global_mean = cs_cpu_global_mean,
    .mean_pool = cs_cpu_mean_pool,
    .assemble = cs_cpu_assemble,
    .take_first = cs_cpu_take_first,
    .local_mean = cs_cpu_local_mean,
};
