#include "bench_process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

/* The most memory that the process has held. */
static double peak_memory(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    double kilobytes = 0;
    if (!file) return 0;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %lf", &kilobytes) == 1) break;
    fclose(file);
    return kilobytes * 1024;
}

/* Returns when the other end is closed. Ctrl-C reaches every process of the group, and ends this one at once. */
static void serve_all(int channel, bench_serve_fn *serve, void *context) {
    bench_request request;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    while (read(channel, &request, sizeof request) == (ssize_t)sizeof request) {
        bench_reply reply = {.error = {CS_OK, ""}};
        serve(context, &request, &reply);
        reply.memory = peak_memory();
        if (write(channel, &reply, sizeof reply) != (ssize_t)sizeof reply) return;
    }
}

int process_start(bench_process *process, bench_serve_fn *serve, void *context) {
    int ends[2];
    *process = (bench_process){0, -1};
    /* A sequenced packet is read as a whole or not at all. */
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        complain("cannot start a process: %s", strerror(errno));
        return STATUS_FAILURE;
    }
    fflush(NULL);
    pid_t id = fork();
    if (id == 0) {
        close(ends[0]);
        serve_all(ends[1], serve, context);
        _exit(STATUS_OK);
    }
    close(ends[1]);
    if (id > 0) {
        *process = (bench_process){id, ends[0]};
        return STATUS_OK;
    }
    complain("cannot start a process: %s", strerror(errno));
    close(ends[0]);
    return STATUS_FAILURE;
}

int process_ask(const bench_process *process, const bench_request *request, bench_reply *reply) {
    if (write(process->channel, request, sizeof *request) != (ssize_t)sizeof *request) return STATUS_FAILURE;
    return read(process->channel, reply, sizeof *reply) == (ssize_t)sizeof *reply ? STATUS_OK : STATUS_FAILURE;
}

/* Processes that were started later hold a copy of this channel, so that closing it would not be noticed. */
void process_stop(bench_process *process) {
    if (process->id == 0) return;
    close(process->channel);
    kill(process->id, SIGTERM);
    waitpid(process->id, NULL, 0);
    *process = (bench_process){0, -1};
}
