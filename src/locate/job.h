/* One photograph's work in the hands of cs_jobs: what is asked, how far it is, and what came of it. */
#ifndef CS_LOCATE_JOB_H
#define CS_LOCATE_JOB_H

#include "clipsight.h"
#include "locate/detect.h"
#include "locate/method.h"

typedef struct cs_job {
    struct cs_job *next;
    cs_detect_plan plan; /* of a localization the method and options.localize only */
    cs_method_job asked; /* of the method; points into the plan */
    /* Makes the result of the maps, which are its own then. NULL: there are no maps, and nothing is left to be done. */
    cs_status (*use)(struct cs_job *job, cs_maps *maps);
    float *spreads;    /* [prompts], the caller's: cs_detect_evidence() */
    cs_series *series; /* NULL: a method that makes its maps in one go */
    size_t share;      /* pictures of the series in the batch at work */
    size_t bytes;      /* that the job holds, about */
    int over;          /* the result is there */
    cs_job_result result;
} cs_job;

/* What is refused, is refused here, and progress begins here. The result's tag is left to the caller. */
cs_status cs_job_localize(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                          const cs_localize_options *options, cs_job **job, cs_error *error);
cs_status cs_job_detect(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                        const cs_detect_options *options, cs_job **job, cs_error *error);
cs_status cs_job_embed(cs_model *model, const cs_image *image, float *embedding, cs_job **job, cs_error *error);

/* A detection that stops at the candidates (locate/detect.h). */
cs_status cs_job_evidence(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                          const cs_detect_options *options, float *spreads, cs_job **job, cs_error *error);

/* Pictures of the series that are not made yet, nor in the job's share; 0 where the job is over. */
size_t cs_job_left(const cs_job *job);

/* Makes the result of a job without a series. */
void cs_job_run(cs_job *job);

/* Asks the job's progress whether to go on, unless the job is over. */
void cs_job_report(cs_job *job);

/* Makes the result of a job whose series has been embedded to the end; leaves others alone. */
void cs_job_finish(cs_job *job);

/* Ends the job with an error, unless it is over. */
void cs_job_fail(cs_job *job, const cs_error *error);

/* Releases the result, too. */
void cs_job_destroy(cs_job *job);

/* Runs one job to its end and destroys it. *result is the caller's. */
cs_status cs_job_alone(cs_model *model, cs_job *job, cs_job_result *result, cs_error *error);

#endif
