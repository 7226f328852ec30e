#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

/* A handler can reach nothing but a global. */
static volatile sig_atomic_t caught;

static void on_signal(int number) {
    caught = number;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

/* A stack of its own: oneDNN's products of matrices point the stack pointer into a buffer of theirs (seen with 2.6 on
 * AVX2), and what the system writes below it when a signal comes would go over whatever lies there. The system gives
 * the main thread the signal that is for the process. */
static void use_own_stack(void) {
    static char memory[65536];
    const stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    sigaltstack(&stack, NULL);
}

/* A signal that the parent had ignored (a background job of a script) stays ignored. No SA_RESTART: reading prompts
 * from a terminal must end, too. */
static void install(int number) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN) return;
    action = (struct sigaction){.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigaction(number, &action, NULL);
}

void interrupt_install(void) {
    signal(SIGPIPE, SIG_IGN);
    use_own_stack();
    install(SIGINT);
    install(SIGTERM);
}

int interrupt_signal(void) {
    return caught;
}
