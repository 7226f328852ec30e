/* Classes that annotations name by number. */
#ifndef CS_EVAL_DATASET_CLASSES_H
#define CS_EVAL_DATASET_CLASSES_H

#include "eval/dataset.h"

typedef struct cs_class {
    int64_t id;
    char *name;
} cs_class;

typedef struct cs_class_list {
    cs_class *items; /* [count] */
    size_t count, capacity;
} cs_class_list;

#define CS_CLASS_LIST_EMPTY                                                                                            \
    { NULL, 0, 0 }

/* Appends a class; `name` then belongs to the list, even on failure; NULL counts as short memory. */
cs_status cs_class_list_take(cs_class_list *list, int64_t id, char *name, cs_error *error);

/* Puts the classes in the order of their numbers. CS_ERR_FORMAT if two share one; `path` stands for the file. */
cs_status cs_class_list_sort(cs_class_list *list, const char *path, cs_error *error);

/* True and *index, if the sorted list has this number. */
int cs_class_list_find(const cs_class_list *list, int64_t id, size_t *index);

/* Moves the names over; the list's order becomes that of the dataset. */
cs_status cs_class_list_give(cs_class_list *list, cs_dataset *dataset, cs_error *error);
void cs_class_list_free(cs_class_list *list);

#endif
