/* The peak test: every kernel that the processor has runs, and does what its name and its count say. */
#include "support/support.h"

#include <string.h>

#include "base/clock.h"
#include "base/peak.h"

/* Rounds a second, the best of a few. */
static double speed(const cs_peak_kernel *kernel) {
    double best = 0;
    for (int i = 0; i < 5; i++) {
        double start = cs_clock();
        volatile float result = kernel->run(1 << 16);
        (void)result;
        double rate = (1 << 16) / (cs_clock() - start);
        best = rate > best ? rate : best;
    }
    return best;
}

/* A loop that a compiler had thinned out would pass these bounds: no processor starts more than four vector
 * instructions in a cycle, nor runs at more than 10 GHz. */
static void no_kernel_is_faster_than_can_be(void **state) {
    (void)state;
    int count;
    const cs_peak_kernel *kernels = cs_peak_kernels(&count);
    for (int i = 0; i < count; i++) {
        if (!kernels[i].is_there()) continue;
        double instructions = 12 * speed(&kernels[i]);
        if (!(instructions > 1e6 && instructions < 4e10))
            fail_msg("%s: %g steps a second", kernels[i].instructions, instructions);
    }
}

/* Sums of floats go to 2 y: each step halves the sum and adds y, with y = 1. */
static void sums_of_floats_are_right(void **state) {
    (void)state;
    int count;
    const cs_peak_kernel *kernels = cs_peak_kernels(&count);
    for (int i = 0; i < count; i++)
        if (kernels[i].precision == CS_PRECISION_FP32 && kernels[i].is_there()) {
            assert_true(kernels[i].run(0) == 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13);
            assert_true(kernels[i].run(1000) == 12 * 2);
        }
}

static void every_precision_has_a_kernel(void **state) {
    (void)state;
    cs_error error;
    cs_peak peak;
    assert_non_null(cs_peak_find(CS_PRECISION_FP32));
    assert_non_null(cs_peak_find(CS_PRECISION_INT8));
    assert_ok(cs_machine_peak(CS_PRECISION_FP32, 1, &peak, &error));
    assert_true(peak.gflops > 0.1 && peak.gflops < 1e5);
    assert_string_equal(peak.instructions, cs_peak_find(CS_PRECISION_FP32)->instructions);
    if (!cs_peak_find(CS_PRECISION_BF16))
        assert_fails(cs_machine_peak(CS_PRECISION_BF16, 1, &peak, &error), CS_ERR_UNSUPPORTED, "bf16");
    else
        assert_ok(cs_machine_peak(CS_PRECISION_BF16, 2, &peak, &error));
}

static void wrong_arguments_are_refused(void **state) {
    (void)state;
    cs_error error;
    cs_peak peak;
    assert_fails(cs_machine_peak(CS_PRECISION_AUTO, 1, &peak, &error), CS_ERR_ARGUMENT, "precision");
    assert_fails(cs_machine_peak((cs_precision)17, 1, &peak, &error), CS_ERR_ARGUMENT, "precision");
    assert_fails(cs_machine_peak(CS_PRECISION_FP32, -1, &peak, &error), CS_ERR_ARGUMENT, "threads");
    assert_null(cs_precision_name((cs_precision)17));
    assert_string_equal(cs_precision_name(CS_PRECISION_INT8), "int8");
}

static void the_machine_is_described(void **state) {
    (void)state;
    cs_machine machine;
    cs_machine_describe(&machine);
    assert_true(machine.processor[0] && machine.instructions[0]);
    assert_true(machine.processors >= 1);
    assert_true(machine.memory_bytes > 1 << 20);
    assert_true(strncmp(machine.onednn, "2.", 2) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_kernel_is_faster_than_can_be), cmocka_unit_test(sums_of_floats_are_right),
        cmocka_unit_test(every_precision_has_a_kernel),    cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(the_machine_is_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
