#include "eval/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static int compare_strings(const void *a, const void *b) {
    const char *const *first = a, *const *second = b;
    return strcmp(*first, *second);
}

/* The names of all objects, with repetitions, in byte order; they stay the annotations'. */
static cs_status collect_names(const cs_voc_annotation *annotations, size_t n, const char ***names, size_t *count,
                               cs_error *error) {
    size_t total = 0, next = 0;
    for (size_t i = 0; i < n; i++)
        total += annotations[i].count;
    const char **list = cs_alloc(total, sizeof *list);
    if (!list) return cs_fail_memory(error, "class names");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < annotations[i].count; k++)
            list[next++] = annotations[i].objects[k].name;
    qsort(list, total, sizeof *list, compare_strings);
    *names = list;
    *count = total;
    return CS_OK;
}

/* Copies each name once. */
static cs_status keep_classes(cs_dataset *dataset, const char *const *names, size_t count, cs_error *error) {
    dataset->classes = cs_alloc(count, sizeof *dataset->classes);
    if (!dataset->classes) return cs_fail_memory(error, "class names");
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(names[i], names[i - 1]) == 0) continue;
        char *copy = cs_strdup(names[i]);
        if (!copy) return cs_fail_memory(error, "class names");
        dataset->classes[dataset->class_count++] = copy;
    }
    return CS_OK;
}

/* The name is one of the classes: they were made from the same annotations. */
static size_t class_of(const cs_dataset *dataset, char *name) {
    char **found = bsearch(&name, dataset->classes, dataset->class_count, sizeof *dataset->classes, compare_strings);
    return (size_t)(found - dataset->classes);
}

static cs_status fill_entry(const cs_dataset *dataset, cs_dataset_entry *entry, const cs_voc_annotation *annotation,
                            cs_error *error) {
    entry->truth = cs_alloc(annotation->count, sizeof *entry->truth);
    if (!entry->truth) return cs_fail_memory(error, entry->photo);
    for (size_t i = 0; i < annotation->count; i++) {
        const cs_voc_object *object = &annotation->objects[i];
        entry->truth[i] = (cs_truth){
            class_of(dataset, object->name), object->x, object->y, object->width, object->height, object->difficult, 0};
    }
    entry->count = annotation->count;
    return CS_OK;
}

cs_status cs_dataset_fill(cs_dataset *dataset, const cs_voc_annotation *annotations, cs_error *error) {
    const char **names = NULL;
    size_t count = 0;
    cs_status status = collect_names(annotations, dataset->count, &names, &count, error);
    if (status != CS_OK) return status;
    status = keep_classes(dataset, names, count, error);
    free(names);
    for (size_t i = 0; status == CS_OK && i < dataset->count; i++)
        status = fill_entry(dataset, &dataset->entries[i], &annotations[i], error);
    return status;
}

void cs_dataset_close(cs_dataset *dataset) {
    if (!dataset) return;
    for (size_t i = 0; dataset->entries && i < dataset->count; i++) {
        free(dataset->entries[i].photo);
        free(dataset->entries[i].truth);
    }
    for (size_t i = 0; i < dataset->class_count; i++)
        free(dataset->classes[i]);
    free(dataset->entries);
    free(dataset->classes);
    free(dataset);
}

cs_dataset_kind cs_dataset_kind_of(const cs_dataset *dataset) {
    return dataset->kind;
}

size_t cs_dataset_count(const cs_dataset *dataset) {
    return dataset->count;
}

const char *cs_dataset_photo(const cs_dataset *dataset, size_t index) {
    return dataset->entries[index].photo;
}

const cs_truth *cs_dataset_truth(const cs_dataset *dataset, size_t index, size_t *count) {
    *count = dataset->entries[index].count;
    return dataset->entries[index].truth;
}

size_t cs_dataset_class_count(const cs_dataset *dataset) {
    return dataset->class_count;
}

const char *cs_dataset_class(const cs_dataset *dataset, size_t class_index) {
    return dataset->classes[class_index];
}
