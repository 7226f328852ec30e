/* Everything that can be given on the command line, for every subcommand; a subcommand's option table says which of
 * it can be. Strings belong to argv. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "memory.h"

/* Of serve alone. Numbers are 0 where they were not given. */
typedef struct cli_serve {
    const char *host, *token, *token_file; /* NULL: not given */
    long long port;
    text_list origins, names;
    int log, show_paths;
    long long max_body, max_header, max_prompts, max_prompt_bytes, max_windows;
    long long max_connections, max_per_address, queue, timeout;
} cli_serve;

/* Of search alone. */
typedef struct cli_search {
    text_list without, examples; /* --not, --image, in order */
    const char *under;           /* folder; NULL: not given */
    long long top;               /* 0: 20 */
    double min_score;            /* NO_SCORE: not given */
    double box_score;            /* negative: not given */
    int where, exact;
} cli_search;

#define NO_SCORE (-99)

typedef struct cli_settings {
    text_list operands;
    int help;
    int quiet;

    text_list prompts;         /* --prompt, in order */
    const char *prompts_file;  /* NULL: none; "-": standard input */
    const char *text_template; /* NULL: labels as they are */
    text_list negatives;       /* --negative, in order */

    const char *model;                    /* NULL: the starter */
    int reference;                        /* --backend reference */
    int precision;                        /* cs_precision */
    long long threads, batch, max_pixels; /* 0: the library's choice */

    int recipe;          /* cs_recipe */
    int method;          /* cs_method */
    const char *variant; /* NULL: the best known */
    long long patch, window, stride;
    double threshold; /* 0: the recipe's */
    double min_score; /* negative: not given */
    int single;
    double overlap; /* negative: not given */

    /* eval */
    long long limit; /* photographs; 0: all */
    int metric;      /* cs_metric */
    text_list states;
    int calibrate;
    int search_eval;                           /* --search */
    const char *class_prompts, *shard, *curve; /* NULL: not given */

    int format;         /* cs_format */
    const char *report; /* NULL: standard output */
    const char *picture;
    int heatmap_style; /* cs_heatmap_style; negative: the method's */
    const char *crops; /* folder; NULL: none are wanted */

    /* bench; NULL: the usual ones */
    text_list models;
    const char *precisions, *batches, *thread_counts; /* lists, parted by commas */
    long long runs;                                   /* 0: 5 */

    cli_serve serve;
    const char *store; /* index, search, eval, serve: a file or a URL; NULL: the user's own, or none */
    cli_search search;
    int retry, prune;       /* index */
    text_list texts;        /* embed: --text, in order */
    const char *texts_file; /* NULL: none; "-": standard input */
    int windows;            /* embed, index: those of the photographs, too */

    const char *endpoint, *revision;              /* models pull; NULL: not given */
    const char *goldens, *photo, *cats, *diagram; /* models check; photo also bench */
} cli_settings;

#define SETTINGS_DEFAULT                                                                                               \
    {                                                                                                                  \
        .min_score = -1, .overlap = -1, .heatmap_style = -1, .serve = {.port = 8080}, .search = {                      \
            .min_score = NO_SCORE,                                                                                     \
            .box_score = -1                                                                                            \
        }                                                                                                              \
    }

#endif
