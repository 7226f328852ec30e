/* ONEDNN_MAX_CPU_ISA and a build with CLIPSIGHT_MAX_ISA=avx2 do what they are there for (preset avx2): otherwise the
 * other tests would see nothing new under them. */
#include "nn/pair.h"

#include <stdio.h>

#include "nn/onednn/onednn.h"

static int is_capped(void) {
    const char *cap = getenv("ONEDNN_MAX_CPU_ISA");
    return cap && strcmp(cap, "AVX2") == 0;
}

static void onednn_keeps_to_the_cap(void **state) {
    (void)state;
    if (!is_capped()) skip();
    const cs_linear_spec spec = {64, 64, CS_ACT_NONE, 0, CS_TOLERATES_INT8};
    cs_error error;
    cs_nn *nn;
    cs_layer *layer;
    float *w = noises(64 * 64), *x = noises(64 * 64), *y = noises(64 * 64);
    assert_fails(cs_nn_onednn.open(1, CS_PRECISION_BF16, &nn, &error), CS_ERR_UNSUPPORTED, "bf16");
    assert_fails(cs_nn_onednn.open(1, CS_PRECISION_INT8, &nn, &error), CS_ERR_UNSUPPORTED, "int8");
    assert_ok(cs_nn_onednn.open(1, CS_PRECISION_FP32, &nn, &error));
    assert_ok(cs_nn_onednn.linear(nn, &spec, w, NULL, &layer, &error));
    assert_ok(cs_nn_onednn.run_linear(nn, layer, 64, x, y, &error));
    if (strstr(cs_onednn_implementation(layer), "avx512")) fail_msg("%s", cs_onednn_implementation(layer));
    cs_nn_onednn.layer_free(nn, layer);
    cs_nn_onednn.close(nn);
    free(w), free(x), free(y);
}

/* A clone's symbol bears its level. */
static void own_kernels_keep_to_the_cap(void **state) {
    (void)state;
    FILE *file = fopen("/proc/self/exe", "rb");
    char highest[] = "?arch_x86_64_v4";
    size_t matched = 0;
    int found = 0;
    assert_non_null(file);
    *(volatile char *)highest = '.'; /* only now, or the program would hold what it looks for in any case */
    for (int c; !found && (c = fgetc(file)) != EOF;) {
        matched = c == highest[matched] ? matched + 1 : c == highest[0];
        found = matched == sizeof highest - 1;
    }
    fclose(file);
#if defined(CS_MAX_ISA_AVX2)
    assert_false(found);
#else
    (void)found;
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(onednn_keeps_to_the_cap),
                                       cmocka_unit_test(own_kernels_keep_to_the_cap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
