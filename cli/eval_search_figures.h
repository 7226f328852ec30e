/* The figures of `clipsight eval --search`. */
#ifndef CLI_EVAL_SEARCH_FIGURES_H
#define CLI_EVAL_SEARCH_FIGURES_H

#include "eval_run.h"

/* How many photographs count: the first five. */
enum { SEARCH_FIRST = 5 };

typedef struct search_figure {
    size_t photographs; /* that show the class in an object that counts (neither difficult nor a crowd) */
    double precision; /* of the first five, or of as many as there are where there are fewer; NaN where there is none */
} search_figure;

/* scores: [classes, photographs], NaN for a photograph that takes no part. classes: [classes] is filled. Photographs
 * that show a class only in objects that do not count are left out for that class. */
void search_figures(const eval_run *run, const float *scores, search_figure *classes);

/* The caller frees the text. */
char *search_figures_table(const eval_run *run, const search_figure *classes, size_t photographs);
char *search_figures_json(const eval_run *run, const search_figure *classes, size_t photographs, const char *folder,
                          const text_list *prompts);

#endif
