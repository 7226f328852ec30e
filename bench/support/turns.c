#include "support/turns.h"

#include <stdio.h>

int turns_next(bench_turns *turns) {
    char line[64];
    if (turns->serve) return fgets(line, sizeof line, stdin) != NULL;
    return turns->left-- > 0;
}

void turns_answer(const bench_turns *turns, double seconds) {
    if (!turns->serve) return;
    printf("%.9f\n", seconds);
    fflush(stdout);
}
