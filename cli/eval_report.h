/* The figures of `clipsight eval` as text. */
#ifndef CLI_EVAL_REPORT_H
#define CLI_EVAL_REPORT_H

#include "clipsight.h"
#include "memory.h"

typedef struct eval_result {
    const cs_dataset *dataset;
    const char *folder;
    const text_list *prompts;  /* one per class */
    double seconds_each;       /* reading a photograph and detecting, the mean */
    float min_score;           /* of the figures of pairs */
    cs_class_figures *classes; /* [cs_dataset_class_count()] */
    cs_figures figures;
} eval_result;

/* The caller frees the text. */
char *eval_report_table(const eval_result *result);
char *eval_report_json(const eval_result *result);

/* Draws the precision-recall curves and saves the picture. */
cs_status eval_report_curves(const eval_result *result, const char *path, cs_error *error);

#endif
