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

/* A signal that the parent had ignored (a background job of a script) stays ignored. No SA_RESTART: reading prompts
 * from a terminal must end, too. */
static void install(int number) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN) return;
    action = (struct sigaction){.sa_handler = on_signal};
    sigaction(number, &action, NULL);
}

void interrupt_install(void) {
    signal(SIGPIPE, SIG_IGN);
    install(SIGINT);
    install(SIGTERM);
}

int interrupt_signal(void) {
    return caught;
}
