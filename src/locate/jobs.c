/* Several photographs at once: whose pictures go into the next batch, and what comes after it. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/job.h"
#include "model/model.h"

/* Every so many places of all batches, one is the oldest job's. */
enum { OLDEST_TURN = 4 };

struct cs_jobs {
    cs_model *model;
    size_t most;     /* pictures in a batch */
    cs_batch *batch; /* NULL until there is a job with pictures */
    cs_job *waiting; /* oldest first */
    cs_job *done;    /* in the order in which they were done */
    size_t dealt;    /* places of all batches so far */
    int was_batch;   /* the last step */
};

static void append(cs_job **list, cs_job *job) {
    while (*list)
        list = &(*list)->next;
    job->next = NULL;
    *list = job;
}

static void destroy_list(cs_job *list) {
    while (list) {
        cs_job *next = list->next;
        cs_job_destroy(list);
        list = next;
    }
}

static void clear(cs_jobs *jobs) {
    destroy_list(jobs->waiting);
    destroy_list(jobs->done);
    cs_batch_destroy(jobs->batch);
}

/* Takes the job over, on failure, too. */
static cs_status add(cs_jobs *jobs, cs_job *job, void *tag, cs_error *error) {
    cs_status status = CS_OK;
    if (job->series && !jobs->batch) status = cs_batch_create(jobs->model, jobs->most, &jobs->batch, error);
    if (status != CS_OK) {
        cs_job_destroy(job);
        return status;
    }
    job->result.tag = tag;
    append(&jobs->waiting, job);
    return CS_OK;
}

/* Whose picture is next; NULL where none is left. */
static cs_job *choose(const cs_jobs *jobs) {
    cs_job *oldest = NULL, *shortest = NULL;
    for (cs_job *job = jobs->waiting; job; job = job->next) {
        if (cs_job_left(job) == 0) continue;
        if (!oldest) oldest = job;
        if (!shortest || cs_job_left(job) < cs_job_left(shortest)) shortest = job;
    }
    return jobs->dealt % OLDEST_TURN == 0 ? oldest : shortest;
}

static void deal(cs_jobs *jobs) {
    for (size_t place = 0; place < jobs->most; place++) {
        cs_job *job = choose(jobs);
        if (!job) return;
        job->share++;
        jobs->dealt++;
    }
}

/* Makes the pictures of a job's share. Where one fails, the job has to stay until those before it are out of the batch.
 */
static void fill(cs_batch *batch, cs_job *job) {
    for (size_t i = 0; job->result.status == CS_OK && i < job->share; i++)
        job->result.status = cs_batch_add(batch, job->series, &job->result.error);
}

/* status, error: of the batch. */
static void settle(cs_job *job, cs_status status, const cs_error *error) {
    if (job->result.status != CS_OK)
        cs_job_fail(job, &job->result.error);
    else if (status != CS_OK && job->share > 0)
        cs_job_fail(job, error);
    job->share = 0;
    cs_job_report(job);
    cs_job_finish(job);
}

static void run_batch(cs_jobs *jobs, cs_step *step) {
    cs_error error;
    deal(jobs);
    for (cs_job *job = jobs->waiting; job; job = job->next) {
        step->jobs += job->share > 0;
        if (job->share > 0) fill(jobs->batch, job);
    }
    step->pictures = cs_batch_count(jobs->batch);
    cs_status status = step->pictures > 0 ? cs_batch_encode(jobs->batch, &error) : CS_OK;
    for (cs_job *job = jobs->waiting; job; job = job->next)
        if (job->series) settle(job, status, &error);
}

static void pass_on(cs_jobs *jobs) {
    for (cs_job **at = &jobs->waiting; *at;) {
        cs_job *job = *at;
        if (job->over) {
            *at = job->next;
            append(&jobs->done, job);
        } else {
            at = &job->next;
        }
    }
}

/* The oldest job that makes pictures, or that does not. */
static cs_job *find(const cs_jobs *jobs, int has_series) {
    cs_job *job = jobs->waiting;
    while (job && (job->series != NULL) != has_series)
        job = job->next;
    return job;
}

void cs_jobs_step(cs_jobs *jobs, cs_step *step) {
    cs_step made = {0, 0};
    cs_job *whole = find(jobs, 0);
    jobs->was_batch = find(jobs, 1) && !(whole && jobs->was_batch);
    if (jobs->was_batch) {
        run_batch(jobs, &made);
    } else if (whole) {
        made.jobs = 1;
        cs_job_run(whole);
    }
    pass_on(jobs);
    if (step) *step = made;
}

int cs_jobs_take(cs_jobs *jobs, cs_job_result *result) {
    cs_job *job = jobs->done;
    if (!job) return 0;
    jobs->done = job->next;
    *result = job->result;
    job->result.maps = NULL;
    job->result.detections = NULL;
    cs_job_destroy(job);
    return 1;
}

size_t cs_jobs_waiting(const cs_jobs *jobs) {
    size_t count = 0;
    for (const cs_job *job = jobs->waiting; job; job = job->next)
        count++;
    return count;
}

size_t cs_jobs_bytes(const cs_jobs *jobs) {
    size_t bytes = 0;
    for (const cs_job *job = jobs->waiting; job; job = job->next)
        bytes += job->bytes;
    return bytes;
}

cs_status cs_jobs_create(cs_model *model, cs_jobs **jobs, cs_error *error) {
    cs_jobs *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "jobs");
    made->model = model;
    made->most = (size_t)model->batch;
    *jobs = made;
    return CS_OK;
}

void cs_jobs_destroy(cs_jobs *jobs) {
    if (!jobs) return;
    clear(jobs);
    free(jobs);
}

cs_status cs_jobs_add_localize(cs_jobs *jobs, const cs_prompts *prompts, const cs_image *image,
                               const cs_localize_options *options, void *tag, cs_error *error) {
    cs_job *job;
    cs_status status = cs_job_localize(jobs->model, prompts, image, options, &job, error);
    return status == CS_OK ? add(jobs, job, tag, error) : status;
}

cs_status cs_jobs_add_detect(cs_jobs *jobs, const cs_prompts *prompts, const cs_image *image,
                             const cs_detect_options *options, void *tag, cs_error *error) {
    cs_job *job;
    cs_status status = cs_job_detect(jobs->model, prompts, image, options, &job, error);
    return status == CS_OK ? add(jobs, job, tag, error) : status;
}

cs_status cs_jobs_add_embed(cs_jobs *jobs, const cs_image *image, float *embedding, void *tag, cs_error *error) {
    cs_job *job;
    cs_status status = cs_job_embed(jobs->model, image, embedding, &job, error);
    return status == CS_OK ? add(jobs, job, tag, error) : status;
}

cs_status cs_job_alone(cs_model *model, cs_job *job, cs_job_result *result, cs_error *error) {
    cs_jobs jobs = {.model = model, .most = (size_t)model->batch};
    if (job->series && job->series->count < jobs.most) jobs.most = job->series->count;
    cs_status status = add(&jobs, job, NULL, error);
    if (status != CS_OK) return status;
    while (!cs_jobs_take(&jobs, result))
        cs_jobs_step(&jobs, NULL);
    clear(&jobs);
    if (result->status != CS_OK && error) *error = result->error;
    return result->status;
}
