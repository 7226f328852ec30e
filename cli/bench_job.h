/* What the processes of bench do when they are asked. */
#ifndef CLI_BENCH_JOB_H
#define CLI_BENCH_JOB_H

#include "bench_process.h"
#include "settings.h"

/* A model, opened when its process is first asked for something. Nothing is released: the process ends. */
typedef struct bench_job {
    const char *folder;
    cs_model_options options; /* batch: the largest that is asked for */
    const cli_settings *settings;
    cs_model *model;
    cs_prompts *prompts;
    cs_image *picture; /* noise, of the size that the encoder takes */
    float *embeddings;
} bench_job;

/* TASK_ENCODE and TASK_PHOTO; context: a bench_job. */
void job_serve(void *context, const bench_request *request, bench_reply *reply);

/* TASK_PEAK; no context. */
void peak_serve(void *context, const bench_request *request, bench_reply *reply);

#endif
