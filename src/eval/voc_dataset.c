/* Reads a PASCAL VOC folder into a dataset. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "eval/dataset.h"
#include "eval/voc_folder.h"

#define XML_LIMIT (16 << 20) /* bytes; annotations have a few thousand */

typedef struct voc_folders {
    char *annotations, *images;
} voc_folders;

static cs_status parse_file(const char *path, cs_voc_annotation *annotation, cs_error *error) {
    char *xml;
    size_t size;
    cs_status status = cs_file_read(path, XML_LIMIT, &xml, &size, error);
    if (status != CS_OK) return status;
    status = cs_voc_parse(xml, size, path, annotation, error);
    free(xml);
    return status;
}

static cs_status read_annotation(const voc_folders *folders, const char *name, cs_voc_annotation *annotation,
                                 char **photo, cs_error *error) {
    char *path = cs_path_join(folders->annotations, name);
    if (!path) return cs_fail_memory(error, name);
    cs_status status = parse_file(path, annotation, error);
    if (status == CS_OK) status = cs_voc_photo(folders->images, name, annotation->filename, photo, error);
    free(path);
    return status;
}

static cs_status read_all(cs_dataset *dataset, const voc_folders *folders, const cs_names *names,
                          cs_voc_annotation *annotations, cs_error *error) {
    cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && i < names->count; i++)
        status = read_annotation(folders, names->items[i], &annotations[i], &dataset->entries[i].photo, error);
    return status == CS_OK ? cs_dataset_fill(dataset, annotations, error) : status;
}

static cs_status read_listed(cs_dataset *dataset, const voc_folders *folders, const cs_names *names, cs_error *error) {
    dataset->entries = cs_alloc_zero(names->count, sizeof *dataset->entries);
    cs_voc_annotation *annotations = cs_alloc_zero(names->count, sizeof *annotations);
    if (!dataset->entries || !annotations) {
        free(annotations);
        return cs_fail_memory(error, folders->annotations);
    }
    dataset->count = names->count;
    cs_status status = read_all(dataset, folders, names, annotations, error);
    for (size_t i = 0; i < names->count; i++)
        cs_voc_annotation_free(&annotations[i]);
    free(annotations);
    return status;
}

cs_status cs_dataset_read_voc(cs_dataset *dataset, const char *folder, cs_error *error) {
    voc_folders folders = {NULL, NULL};
    cs_names names = CS_NAMES_EMPTY;
    cs_status status = cs_voc_subfolder(folder, "Annotations", "annotations", &folders.annotations, error);
    if (status == CS_OK) status = cs_voc_subfolder(folder, "JPEGImages", "images", &folders.images, error);
    if (status == CS_OK) status = cs_voc_list(folders.annotations, &names, error);
    if (status == CS_OK) status = read_listed(dataset, &folders, &names, error);
    cs_names_free(&names);
    free(folders.annotations);
    free(folders.images);
    return status;
}
