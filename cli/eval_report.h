/* The figures of `clipsight eval` as text. */
#ifndef CLI_EVAL_REPORT_H
#define CLI_EVAL_REPORT_H

#include "clipsight.h"

typedef struct eval_result {
    const cs_dataset *dataset;
    const char *folder;
    size_t photographs;
    double seconds;            /* for all of them */
    cs_class_figures *classes; /* [cs_dataset_class_count()] */
    cs_figures means;
} eval_result;

/* The caller frees the text. */
char *eval_report_table(const eval_result *result);
char *eval_report_json(const eval_result *result);

#endif
