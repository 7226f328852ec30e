/* Numbers in annotations. */
#ifndef CS_EVAL_DATASET_NUMBER_H
#define CS_EVAL_DATASET_NUMBER_H

#define CS_DATASET_NUMBER_LIMIT 1e9 /* no photograph comes near, and f32 holds it */

/* True and *value if the whole text is one decimal number ("12", "-0.5", "3e2") within the limit, whatever the locale.
 */
int cs_dataset_number(const char *text, double *value);

#endif
