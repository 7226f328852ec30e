/* Ctrl-C and SIGTERM: the first asks the work to stop, the second ends the process at once. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* Also makes writing to a closed pipe an error instead of a signal. */
void interrupt_install(void);

/* The signal that came, or 0. The exit status is then 128 more. */
int interrupt_signal(void);

#endif
