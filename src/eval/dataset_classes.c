#include "eval/dataset_classes.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/dataset_files.h"

cs_status cs_class_list_take(cs_class_list *list, int64_t id, char *name, cs_error *error) {
    cs_class *items = name ? cs_room(list->items, list->count, &list->capacity, sizeof *items) : NULL;
    if (!items) {
        free(name);
        return cs_fail_memory(error, "class names");
    }
    list->items = items;
    list->items[list->count++] = (cs_class){id, name};
    return CS_OK;
}

static int compare_ids(const void *a, const void *b) {
    const cs_class *first = a, *second = b;
    return (first->id > second->id) - (first->id < second->id);
}

cs_status cs_class_list_sort(cs_class_list *list, const char *path, cs_error *error) {
    if (list->count) qsort(list->items, list->count, sizeof *list->items, compare_ids);
    for (size_t i = 1; i < list->count; i++) {
        const cs_class *one = &list->items[i - 1], *next = &list->items[i];
        if (one->id == next->id)
            return cs_fail(error, CS_ERR_FORMAT, "%s: two classes have the number %" PRId64 ": '%.60s' and '%.60s'",
                           path, one->id, one->name, next->name);
    }
    return CS_OK;
}

int cs_class_list_find(const cs_class_list *list, int64_t id, size_t *index) {
    const cs_class key = {id, NULL};
    if (!list->count) return 0;
    const cs_class *found = bsearch(&key, list->items, list->count, sizeof *list->items, compare_ids);
    if (!found) return 0;
    *index = (size_t)(found - list->items);
    return 1;
}

cs_status cs_class_list_give(cs_class_list *list, cs_dataset *dataset, cs_error *error) {
    dataset->classes = cs_alloc(list->count, sizeof *dataset->classes);
    if (!dataset->classes) return cs_fail_memory(error, "class names");
    for (size_t i = 0; i < list->count; i++) {
        dataset->classes[i] = list->items[i].name;
        list->items[i].name = NULL;
    }
    dataset->class_count = list->count;
    return CS_OK;
}

void cs_class_list_free(cs_class_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].name);
    free(list->items);
    *list = (cs_class_list)CS_CLASS_LIST_EMPTY;
}
