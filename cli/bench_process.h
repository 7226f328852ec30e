/* Processes that do one thing each time they are asked. A model that is measured has one to itself: its threads are not
 * another's, and its memory can be told apart. */
#ifndef CLI_BENCH_PROCESS_H
#define CLI_BENCH_PROCESS_H

#include <sys/types.h>

#include "clipsight.h"

typedef enum bench_stage {
    STAGE_DECODE,
    STAGE_PREPARE,
    STAGE_ENCODE,
    STAGE_MAP,
    STAGE_BOXES,
    STAGE_DRAW,
    STAGE_COUNT
} bench_stage;

typedef enum bench_task {
    TASK_ENCODE, /* `number` pictures, once */
    TASK_PHOTO,  /* a photograph, from its file to the annotated picture */
    TASK_PEAK    /* of the precision `number`, on so many threads */
} bench_task;

typedef struct bench_request {
    bench_task task;
    int number, threads;
} bench_request;

typedef struct bench_reply {
    cs_error error; /* code CS_OK: it went well */
    double seconds;
    double gmac;                /* executed meanwhile */
    double memory;              /* most bytes that the process has ever held */
    double stages[STAGE_COUNT]; /* seconds */
    double gflops;
    char instructions[32];
} bench_reply;

typedef void bench_serve_fn(void *context, const bench_request *request, bench_reply *reply);

typedef struct bench_process {
    pid_t id; /* 0: there is none */
    int channel;
} bench_process;

/* Starts one, whose answers `serve` gives. It works on a copy of everything, *context among it. Returns STATUS_OK, or
 * STATUS_FAILURE after saying why. This process must not have started threads. */
int process_start(bench_process *process, bench_serve_fn *serve, void *context);

/* Waits for the answer. STATUS_FAILURE: the process is gone, or Ctrl-C. */
int process_ask(const bench_process *process, const bench_request *request, bench_reply *reply);

void process_stop(bench_process *process);

#endif
