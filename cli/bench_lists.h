/* Values of options that are lists, parted by commas. */
#ifndef CLI_BENCH_LISTS_H
#define CLI_BENCH_LISTS_H

#include <stddef.h>

#include "clipsight.h"

enum { LIST_MOST = 16 };

typedef struct number_list {
    int items[LIST_MOST];
    size_t count;
} number_list;

/* Whole numbers from 1 to `most`, each once, sorted. Both return STATUS_OK, or STATUS_USAGE after saying what is wrong
 * with the value of --option. */
int list_numbers(const char *option, const char *text, int most, number_list *list);

/* Values of cs_precision, without CS_PRECISION_AUTO, in the order in which they come. */
int list_precisions(const char *option, const char *text, number_list *list);

/* Adds a number unless it is there. */
void list_add(number_list *list, int number);

#endif
