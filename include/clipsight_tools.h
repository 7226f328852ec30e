/*
 * clipsight_tools: what surrounds detection without being part of it: fetching models, looking after them, checking
 * them, and keeping embeddings to search in. A library of its own, libclipsight-tools, so that libclipsight needs no
 * network code and no database. The rules of clipsight.h hold here, too.
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

/* ---- Search ------------------------------------------------------------------------------------------------ */

/* Photographs and what one model made of them, in a file (SQLite) or a database (PostgreSQL with pgvector). A handle is
 * used by one thread at a time; any number of processes may have the same store open. */
typedef struct cs_store cs_store;

/* Whose embeddings a store holds. */
typedef struct cs_store_model {
    const char *weights_id; /* of cs_model_weights_id() */
    int dim;                /* of cs_model_dim() */
    const char *name;       /* for messages: "starter" */
} cs_store_model;

typedef struct cs_store_options {
    const cs_store_model *model; /* NULL: whichever the store was made with; else another one's is CS_ERR_ARGUMENT */
    int create;                  /* non-zero: made where there is none, which needs a model */
    int threads;                 /* for searching; 0: as many as the process may use */
} cs_store_options;

#define CS_STORE_OPTIONS_DEFAULT                                                                                       \
    { 0 }

/* The user's own store, which is made when it is first indexed into: $XDG_DATA_HOME/clipsight/search.sqlite, else below
 * ~/.local/share. *where is released with cs_string_free(). */
CS_API cs_status cs_store_default(char **where, cs_error *error);

/* where: a file name, or "postgresql://..." as libpq takes it. Where a file is made, so are the folders above it. A
 * store of a newer clipsight is CS_ERR_UNSUPPORTED, a file that is none CS_ERR_FORMAT. A file that may not be written
 * can be searched in all the same. Messages never show a URL's password. */
CS_API cs_status cs_store_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error);
CS_API void cs_store_close(cs_store *store);

typedef struct cs_store_info {
    const char *kind;           /* "sqlite" or "postgresql"; static */
    const char *where;          /* without a password; like the strings below owned by the store */
    cs_store_model model;       /* that the store was made with */
    size_t photographs, broken; /* that can be found, and those that could not be read */
    size_t rows;                /* embeddings: one per photograph and one per window */
    int windows;                /* non-zero: windows are stored, too */
} cs_store_info;

CS_API cs_status cs_store_describe(cs_store *store, cs_store_info *info, cs_error *error);

/* Makes the store one with windows, which it stays. */
CS_API cs_status cs_store_set_windows(cs_store *store, cs_error *error);

/* A photograph as the store has it, or is to have it. */
typedef struct cs_store_photo {
    const char *path;        /* absolute; any bytes but 0 */
    uint64_t bytes;          /* size of the file */
    int64_t modified;        /* its time, nanoseconds since 1970 */
    uint8_t hash[32];        /* SHA-256 of its contents; zeros where it could not be read */
    int width, height;       /* of the oriented photograph; 0 where it could not be read */
    const char *problem;     /* why it could not be read; NULL: it could */
    size_t rows;             /* embeddings: the whole photograph's, then its windows'; 0 where there is a problem */
    const cs_rect *boxes;    /* [rows], the first one the whole photograph */
    const float *embeddings; /* [rows, dim], unit length; like boxes NULL in what cs_store_each() hands out and
                              * cs_store_find_path() finds */
} cs_store_photo;

/* SHA-256 of a file's contents. */
CS_API cs_status cs_content_hash(const void *bytes, size_t size, uint8_t hash[32], cs_error *error);

/* A non-zero return stops, and cs_store_each() returns CS_ERR_CANCELLED. The photograph is valid during the call. */
typedef int (*cs_store_photo_fn)(void *context, const cs_store_photo *photo);

/* All photographs, broken ones too, whose path begins with `prefix` ("" or a folder with its slash), by rising path
 * (bytes compared as unsigned). The function must not call the store. */
CS_API cs_status cs_store_each(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context,
                               cs_error *error);

/* Adds n photographs, each in place of the one with its path. Either all of them are in the store for good when this
 * returns CS_OK, whatever happens to the process afterwards, or none. Removes their paths from the work to do. An
 * embedding that is not of unit length is CS_ERR_ARGUMENT, more than 500 MB of them in one photograph CS_ERR_LIMIT. */
CS_API cs_status cs_store_put(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);

/* Notes that these files have other sizes or times now but the contents that they had; their rows stay. A path that is
 * not in the store is passed over. */
CS_API cs_status cs_store_touch(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);

/* Forgets n photographs. A path that is not in the store is passed over. */
CS_API cs_status cs_store_remove(cs_store *store, const char *const *paths, size_t n, cs_error *error);

/* The photograph with this path, broken or not, without boxes and embeddings. *photo is NULL where there is none;
 * released with cs_store_photo_free(). */
CS_API cs_status cs_store_find_path(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error);

/* A stored photograph with this content, with boxes and embeddings, so that a file that was moved or copied need not be
 * encoded again. *photo is NULL where there is none; released with cs_store_photo_free(). */
CS_API cs_status cs_store_find_content(cs_store *store, const uint8_t hash[32], cs_store_photo **photo,
                                       cs_error *error);
CS_API void cs_store_photo_free(cs_store_photo *photo);

/* Work that several indexers share. Each offers the paths that it found to do, and then takes some, again and again,
 * and puts them. In a PostgreSQL store a path is offered once for all indexers, and nobody takes what another has taken
 * and not yet put, unless that one's connection ended. A SQLite store has one indexer at a time: whoever offers,
 * touches, removes, sets windows or finishes is it until the store is closed, and for all others that is CS_ERR_IO,
 * which says so. */
CS_API cs_status cs_store_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error);

/* Up to `most` paths to do next, in the order of the offers. *n is 0 when nothing is left that is not taken. The
 * strings are owned by the store until the next take. What was taken before and neither put nor dropped is offered
 * again. */
CS_API cs_status cs_store_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error);

/* Ends the work on what was taken without a result: the file has vanished. */
CS_API cs_status cs_store_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error);

/* Makes the store ready for searching after much was added: builds what is missing of an index, gives back space. */
CS_API cs_status cs_store_finish(cs_store *store, cs_error *error);

/* One of the things that are searched for. */
typedef struct cs_query {
    const float *embedding; /* [dim], unit length: of a text or of a photograph */
    float weight;           /* in the score; negative: photographs that fit it are not wanted */
} cs_query;

/* How many of them one search takes. */
#define CS_SEARCH_QUERIES_MOST 500

/* What clipsight gives texts that are not wanted as their weight, beside 1 for those that are: at -1, photographs come
 * first that show neither (docs/search.md has the figures). */
#define CS_SEARCH_UNWANTED (-0.5F)

typedef struct cs_search_options {
    size_t top;         /* how many photographs at most; 0: 20 */
    int exact;          /* non-zero: a PostgreSQL store compares with every photograph instead of asking its index */
    int has_min_score;  /* non-zero: hits with a lower score than min_score are left out */
    float min_score;    /* cosine */
    const char *prefix; /* only photographs whose path begins so; NULL: all */
} cs_search_options;

#define CS_SEARCH_OPTIONS_DEFAULT                                                                                      \
    { 0 }

typedef struct cs_hit {
    const char *path; /* like `cosines` owned by the hits */
    int width, height;
    float score;          /* the weighted cosines, added up and divided by the sum of the positive weights */
    const float *cosines; /* [queries], each of the row of the photograph that fits the query best */
    cs_rect box;          /* of the row that fits the first query best */
} cs_hit;

typedef struct cs_hits cs_hits;

/* The photographs with the highest scores, falling; equal scores by path. queries: [n], at most CS_SEARCH_QUERIES_MOST
 * (else CS_ERR_LIMIT), at least one of them with a positive weight (else CS_ERR_ARGUMENT). All that is found was in the
 * store at one moment. A SQLite store keeps rows in memory from the second search of a handle on, up to half of the
 * machine's. */
CS_API cs_status cs_store_search(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                                 cs_hits **hits, cs_error *error);
CS_API size_t cs_hits_count(const cs_hits *hits);
CS_API const cs_hit *cs_hits_get(const cs_hits *hits, size_t index);
CS_API void cs_hits_free(cs_hits *hits);

/* What one of the queries was made of. */
typedef struct cs_query_label {
    const char *text;  /* words; NULL: it is a photograph */
    const char *image; /* its name */
    float weight;
} cs_query_label;

/* What a report says of a hit beside what the store knows. */
typedef struct cs_hit_note {
    const char *name;                /* stands in the place of the path; NULL: the path */
    const char *link;                /* where the photograph can be had (JSON alone); NULL: not said */
    const cs_detections *detections; /* where the things are in it; NULL: nobody looked, or there is a problem */
    const char *problem;             /* why nobody could look; NULL: none */
} cs_hit_note;

typedef struct cs_hits_report {
    const cs_query_label *labels; /* [label_count], of the queries in their order */
    size_t label_count;
    const cs_hits *hits;
    const cs_hit_note *notes;  /* [cs_hits_count()]; NULL: nothing is added */
    const cs_prompts *prompts; /* of the detections; NULL where there are none */
} cs_hits_report;

/* A search as text: CS_FORMAT_TABLE or CS_FORMAT_JSON (one line: docs/search.md has its form). */
CS_API cs_status cs_report_hits(cs_format format, const cs_hits_report *report, char **text, cs_error *error);

#ifdef __cplusplus
}
#endif

#endif
