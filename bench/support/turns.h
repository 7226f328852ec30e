/* When to do the next run. By itself a program does so many; as one of two that take turns (bench/peers) it does one
 * for each line on standard input, and answers with a line. */
#ifndef BENCH_SUPPORT_TURNS_H
#define BENCH_SUPPORT_TURNS_H

typedef struct bench_turns {
    int left;  /* runs to do; not used by one that serves */
    int serve; /* non-zero: wait for a line */
} bench_turns;

/* Non-zero when there is another run to do. */
int turns_next(bench_turns *turns);

/* Answers the one who asked with this run's seconds; nothing where nobody did. */
void turns_answer(const bench_turns *turns, double seconds);

#endif
