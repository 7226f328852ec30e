#include "fetch/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "fetch/plan_internal.h"

/* What each layout calls its weights, best first. */
static const char *const HF_WEIGHTS[] = {"model.safetensors", "model.safetensors.index.json", NULL};
static const char *const HF_PICKLE = "pytorch_model.bin";
static const char *const OPEN_CLIP_WEIGHTS[] = {"open_clip_model.safetensors", "open_clip_pytorch_model.bin", NULL};
static const char *const PREPROCESSORS[] = {"preprocessor_config.json", "processor_config.json", NULL};

static const char *first_of(const cs_listing *listing, const char *const *names) {
    for (; *names; names++) {
        if (cs_listing_find(listing, *names)) return *names;
    }
    return NULL;
}

cs_status cs_plan_add(const cs_listing *listing, const char *name, cs_plan *plan, cs_error *error) {
    const cs_remote_file *file = cs_listing_find(listing, name);
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity ? plan->capacity * 2 : 16;
        cs_planned_file *files = cs_realloc(plan->files, capacity, sizeof *files);
        if (!files) return cs_fail_memory(error, name);
        plan->files = files;
        plan->capacity = capacity;
    }
    cs_planned_file planned = {cs_strdup(file->name), cs_strdup(listing->commit), file->size, file->digest};
    if (!planned.name || !planned.commit) {
        free(planned.name);
        free(planned.commit);
        return cs_fail_memory(error, name);
    }
    plan->files[plan->count++] = planned;
    plan->bytes += file->size;
    return CS_OK;
}

static cs_status add_if_there(const cs_listing *listing, const char *name, cs_plan *plan, cs_error *error) {
    return name && cs_listing_find(listing, name) ? cs_plan_add(listing, name, plan, error) : CS_OK;
}

static int has_tokenizer(const cs_listing *listing) {
    return cs_listing_find(listing, "tokenizer.json") ||
           (cs_listing_find(listing, "vocab.json") && cs_listing_find(listing, "merges.txt"));
}

static cs_status add_tokenizer(const cs_listing *listing, cs_plan *plan, cs_error *error) {
    if (cs_listing_find(listing, "tokenizer.json")) return cs_plan_add(listing, "tokenizer.json", plan, error);
    if (!has_tokenizer(listing)) return CS_OK;
    cs_status status = cs_plan_add(listing, "vocab.json", plan, error);
    return status == CS_OK ? cs_plan_add(listing, "merges.txt", plan, error) : status;
}

/* Repositories can hold both layouts. In some, config.json and model.safetensors then describe the image tower alone;
 * those lack what a whole transformers model has besides. */
static int prefers_open_clip(const cs_listing *listing) {
    if (!cs_listing_find(listing, "open_clip_config.json") || !first_of(listing, OPEN_CLIP_WEIGHTS)) return 0;
    return !cs_listing_find(listing, "config.json") || !first_of(listing, PREPROCESSORS) || !has_tokenizer(listing) ||
           (!first_of(listing, HF_WEIGHTS) && !cs_listing_find(listing, HF_PICKLE));
}

static cs_status no_weights(const char *name, cs_error *error) {
    return cs_fail(error, CS_ERR_UNSUPPORTED,
                   "model %s: expected model.safetensors, model.safetensors.index.json, pytorch_model.bin or "
                   "open_clip_model.safetensors among its files; found none",
                   name);
}

static cs_status plan_open_clip(const cs_listing *listing, cs_plan *plan, cs_error *error) {
    cs_status status = cs_plan_add(listing, "open_clip_config.json", plan, error);
    if (status == CS_OK) status = add_tokenizer(listing, plan, error);
    if (status == CS_OK) status = cs_plan_add(listing, first_of(listing, OPEN_CLIP_WEIGHTS), plan, error);
    return status;
}

/* Safetensors, else a known conversion to it, else the pickled file. */
static cs_status plan_weights(const char *name, const cs_listing *listing, int may_convert, cs_plan *plan,
                              cs_error *error) {
    const char *weights = first_of(listing, HF_WEIGHTS);
    if (!weights && may_convert && cs_conversion_find(name)) {
        plan->wants_conversion = 1;
        return CS_OK;
    }
    if (!weights && cs_listing_find(listing, HF_PICKLE)) weights = HF_PICKLE;
    if (!weights) return no_weights(name, error);
    plan->wants_shards = strcmp(weights, "model.safetensors.index.json") == 0;
    return cs_plan_add(listing, weights, plan, error);
}

static cs_status plan_transformers(const char *name, const cs_listing *listing, int may_convert, cs_plan *plan,
                                   cs_error *error) {
    if (!cs_listing_find(listing, "config.json"))
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "model %s: expected config.json or open_clip_config.json among its files; found neither", name);
    cs_status status = cs_plan_add(listing, "config.json", plan, error);
    if (status == CS_OK) status = add_if_there(listing, first_of(listing, PREPROCESSORS), plan, error);
    if (status == CS_OK) status = add_tokenizer(listing, plan, error);
    if (status == CS_OK) status = plan_weights(name, listing, may_convert, plan, error);
    return status;
}

cs_status cs_plan_make(const char *name, const cs_listing *listing, int may_convert, cs_plan *plan, cs_error *error) {
    *plan = (cs_plan){0};
    cs_status status = add_if_there(listing, "README.md", plan, error); /* the licence stands there */
    if (status == CS_OK)
        status = prefers_open_clip(listing) ? plan_open_clip(listing, plan, error)
                                            : plan_transformers(name, listing, may_convert, plan, error);
    if (status != CS_OK) cs_plan_clear(plan);
    return status;
}

cs_status cs_plan_add_conversion(const cs_conversion *conversion, const cs_listing *listing, cs_plan *plan,
                                 cs_error *error) {
    const cs_remote_file *file = cs_listing_find(listing, conversion->file);
    if (!file || file->size != conversion->size || file->digest.kind != CS_DIGEST_SHA256)
        return cs_fail(error, CS_ERR_FORMAT,
                       "model %s, revision %s: expected %s of %llu bytes with a SHA-256, found %s of %llu bytes",
                       conversion->name, conversion->revision, conversion->file, (unsigned long long)conversion->size,
                       file ? "one" : "none", file ? (unsigned long long)file->size : 0);
    plan->wants_conversion = 0;
    return cs_plan_add(listing, conversion->file, plan, error);
}

void cs_plan_clear(cs_plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->files[i].name);
        free(plan->files[i].commit);
    }
    free(plan->files);
    *plan = (cs_plan){0};
}
