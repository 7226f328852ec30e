/* Where signals are handled: not on the stack of whoever they interrupt, which inside oneDNN is none. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "../../cli/interrupt.h"
#include "support/support.h"

enum { SIZE = 65536 };

static ucontext_t outside, inside;
static int number;

static void take_signal(void) {
    raise(number);
}

/* How much of a stack is written to until the signal has been taken. */
static size_t depth_of(int signal) {
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    number = signal;
    getcontext(&inside);
    inside.uc_stack.ss_sp = memory;
    inside.uc_stack.ss_size = SIZE;
    inside.uc_link = &outside;
    makecontext(&inside, take_signal, 0);
    swapcontext(&outside, &inside);
    size_t untouched = 0;
    while (untouched < SIZE && memory[untouched] == 0)
        untouched++;
    munmap(memory, SIZE);
    return SIZE - untouched;
}

static void test_nothing_is_written_below_the_stack_pointer(void **state) {
    (void)state;
    interrupt_install();
    depth_of(SIGURG); /* the first time raise() is looked up */
    size_t ignored = depth_of(SIGURG);
    size_t handled = depth_of(SIGTERM);
    assert_int_equal(interrupt_signal(), SIGTERM);
    assert_int_equal(handled, ignored);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nothing_is_written_below_the_stack_pointer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
