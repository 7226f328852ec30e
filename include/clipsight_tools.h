/*
 * clipsight_tools: what surrounds detection without being part of it: fetching models, looking after them, checking
 * them. A library of its own, libclipsight-tools, so that libclipsight needs no network code. The rules of clipsight.h
 * hold here, too.
 */
#ifndef CLIPSIGHT_TOOLS_H
#define CLIPSIGHT_TOOLS_H

#include "clipsight.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Fetching ---------------------------------------------------------------------------------------------- */

/* Called often while a model is fetched: `file` is under way, `done` of `total` bytes of the whole model are here. Both
 * are 0 while the endpoint has not yet said what there is. A non-zero return stops: CS_ERR_CANCELLED, and what has come
 * so far is kept for the next pull. */
typedef int (*cs_pull_progress_fn)(void *context, const char *file, uint64_t done, uint64_t total);

typedef struct cs_pull_options {
    const char *endpoint; /* "https://...", a server with the Hugging Face hub's layout of URLs; has no default */
    const char *revision; /* branch, tag or commit; NULL: "main" */
    const char *token;    /* sent to the endpoint's host and no other; NULL: none */
    cs_pull_progress_fn progress; /* may be NULL */
    void *context;
    int tries;            /* how often in a row a request may fail before the pull gives up; 0: 5 */
    double pause_seconds; /* before the second try, then doubled each time; 0: 1 */
    int stall_seconds;    /* a connection this long nearly silent counts as broken; 0: 30 */
} cs_pull_options;

#define CS_PULL_OPTIONS_DEFAULT                                                                                        \
    { 0 }

/* Fetches the model `name` ("owner/name") into the cache and checks the size and the hash of each file. Broken
 * downloads go on where they stopped. The model appears when it is complete. Two pulls of one model wait for each
 * other. *folder (may be NULL) is what cs_model_find() gives for the name; release it with cs_string_free(). */
CS_API cs_status cs_models_pull(const char *name, const cs_pull_options *options, char **folder, cs_error *error);

/* ---- What is there ----------------------------------------------------------------------------------------- */

typedef enum cs_model_source {
    CS_SOURCE_STARTER,     /* comes with clipsight */
    CS_SOURCE_CACHE,       /* $CLIPSIGHT_CACHE, else $XDG_CACHE_HOME/clipsight, else ~/.cache/clipsight */
    CS_SOURCE_HUGGINGFACE, /* what other programs have put into $HF_HUB_CACHE, $HF_HOME/hub or ~/.cache/huggingface/hub
                            */
    CS_SOURCE_PARTIAL      /* a pull that was broken off; the next one goes on with it */
} cs_model_source;

typedef struct cs_model_entry {
    const char *name;   /* as -m and cs_model_find() take it */
    const char *folder; /* where it lies */
    cs_model_source source;
    uint64_t bytes;
} cs_model_entry;

typedef struct cs_model_list cs_model_list;

/* The models of this machine: the starter first, then by name. Of other programs' models only those that say they are
 * CLIP. */
CS_API cs_status cs_models_list(cs_model_list **list, cs_error *error);
CS_API size_t cs_model_list_count(const cs_model_list *list);
CS_API const cs_model_entry *cs_model_list_get(const cs_model_list *list, size_t index);
CS_API void cs_model_list_free(cs_model_list *list);

/* "starter", "cache", "huggingface" or "partial". */
CS_API const char *cs_model_source_name(cs_model_source source);

/* Removes a model, or what a broken pull left of it, from clipsight's own cache; refuses all others. */
CS_API cs_status cs_models_remove(const char *name, cs_error *error);

/* The licence that the model card (README.md in the folder) names; NULL where it names none. *license is released with
 * cs_string_free(). */
CS_API cs_status cs_model_license(const char *folder, char **license, cs_error *error);

/* ---- Checking ---------------------------------------------------------------------------------------------- */

/* Known results of a model on known pictures. */
typedef struct cs_check_options {
    const char *goldens; /* JSON file with results (docs/models.md); NULL: those built in for the name */
    const char *cats;    /* pictures by path; what needs a picture that is NULL is left out */
    const char *diagram;
    const char *photo;
    cs_model_options model;
} cs_check_options;

#define CS_CHECK_OPTIONS_DEFAULT                                                                                       \
    {                                                                                                                  \
        NULL, NULL, NULL, NULL, {                                                                                      \
            0                                                                                                          \
        }                                                                                                              \
    }

typedef struct cs_check_line {
    const char *what;     /* valid during the call */
    double expected, got; /* of a map: the cell that is furthest off */
    double tolerance;
    int passed;
    int skipped; /* its picture was not given; the numbers mean nothing */
} cs_check_line;

typedef void (*cs_check_fn)(void *context, const cs_check_line *line);

/* Computes each result and reports it. *failed counts the lines that did not pass. CS_ERR_UNSUPPORTED: nothing is known
 * of this model. CS_ERR_ARGUMENT: no picture was given. */
CS_API cs_status cs_model_check(const char *name, const cs_check_options *options, cs_check_fn report, void *context,
                                size_t *failed, cs_error *error);

#ifdef __cplusplus
}
#endif

#endif
