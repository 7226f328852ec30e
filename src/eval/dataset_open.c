/* Tells what kind of dataset a path stands for. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "eval/coco_photos.h"
#include "eval/dataset.h"
#include "eval/dataset_files.h"
#include "eval/yolo_files.h"

/* What was found: the path to be read, and by which reader. */
typedef struct finding {
    cs_dataset_kind kind;
    char *path; /* NULL while nothing is found */
} finding;

static cs_status settle(finding *found, cs_dataset_kind kind, const char *path, cs_error *error) {
    found->kind = kind;
    found->path = cs_strdup(path);
    return found->path ? CS_OK : cs_fail_memory(error, path);
}

static int is_xml(const char *name) {
    return cs_ends_in(name, ".xml");
}

/* The folder of annotations, if there is one, and how many XML files are in it. */
static cs_status count_annotations(const char *folder, int *is_there, size_t *count, cs_error *error) {
    char *annotations = NULL;
    cs_names names = CS_NAMES_EMPTY;
    cs_status status = cs_find_in(folder, "Annotations", cs_folder_exists, &annotations, error);
    if (status == CS_OK && !annotations)
        status = cs_find_in(folder, "annotations", cs_folder_exists, &annotations, error);
    *is_there = annotations != NULL;
    if (status == CS_OK && annotations) status = cs_list_folder(annotations, is_xml, &names, error);
    *count = names.count;
    cs_names_free(&names);
    free(annotations);
    return status;
}

static cs_status look_for_json(const char *folder, int instances, finding *found, cs_error *error) {
    found->kind = CS_DATASET_COCO;
    return cs_coco_find_json(folder, instances, &found->path, error);
}

static cs_status look_for_yolo(const char *folder, finding *found, cs_error *error) {
    char *sign = NULL;
    cs_status status = cs_find_in(folder, "labels", cs_folder_exists, &sign, error);
    if (status == CS_OK && !sign) status = cs_yolo_find_yaml(folder, &sign, error);
    if (status == CS_OK && sign) status = settle(found, CS_DATASET_YOLO, folder, error);
    free(sign);
    return status;
}

/* Stray JSON files are common, those of COCO's name are not: so labels come before the one and behind the other. */
static cs_status look_into(const char *folder, finding *found, cs_error *error) {
    size_t annotations;
    int is_there;
    cs_status status = count_annotations(folder, &is_there, &annotations, error);
    if (status == CS_OK && annotations) return settle(found, CS_DATASET_VOC, folder, error);
    if (status == CS_OK) status = look_for_json(folder, 1, found, error);
    if (status == CS_OK && !found->path) status = look_for_yolo(folder, found, error);
    if (status == CS_OK && !found->path) status = look_for_json(folder, 0, found, error);
    if (status != CS_OK || found->path) return status;
    if (is_there) return settle(found, CS_DATASET_VOC, folder, error); /* whose reader says what is missing */
    return cs_fail(error, CS_ERR_FORMAT,
                   "%s: is no dataset of a known kind: expected Annotations with XML files and JPEGImages (VOC), "
                   "a JSON file of instances (COCO), or labels, images and data.yaml or classes.txt (YOLO)",
                   folder);
}

static cs_status look_at_file(const char *path, finding *found, cs_error *error) {
    if (cs_ends_in(path, ".json")) return settle(found, CS_DATASET_COCO, path, error);
    if (cs_ends_in(path, ".yaml") || cs_ends_in(path, ".yml")) return settle(found, CS_DATASET_YOLO, path, error);
    return cs_fail(error, CS_ERR_FORMAT,
                   "%s: expected a folder, a COCO document (.json) or the YAML file of a YOLO dataset", path);
}

static cs_status look(const char *path, finding *found, cs_error *error) {
    if (cs_folder_exists(path)) return look_into(path, found, error);
    if (cs_file_exists(path)) return look_at_file(path, found, error);
    return cs_fail(error, CS_ERR_IO, "%s: expected a folder or a file, found neither", path);
}

static cs_status read_found(const finding *found, cs_dataset *dataset, cs_error *error) {
    dataset->kind = found->kind;
    switch (found->kind) {
    case CS_DATASET_COCO:
        return cs_dataset_read_coco(dataset, found->path, error);
    case CS_DATASET_YOLO:
        return cs_dataset_read_yolo(dataset, found->path, error);
    default:
        return cs_dataset_read_voc(dataset, found->path, error);
    }
}

cs_status cs_dataset_open(const char *path, cs_dataset **dataset, cs_error *error) {
    finding found = {CS_DATASET_VOC, NULL};
    *dataset = NULL;
    if (!path) return cs_fail(error, CS_ERR_ARGUMENT, "expected the folder or file of a dataset, found none");
    cs_dataset *opened = cs_alloc_zero(1, sizeof *opened);
    if (!opened) return cs_fail_memory(error, path);
    cs_status status = look(path, &found, error);
    if (status == CS_OK) status = read_found(&found, opened, error);
    free(found.path);
    if (status == CS_OK)
        *dataset = opened;
    else
        cs_dataset_close(opened);
    return status;
}
