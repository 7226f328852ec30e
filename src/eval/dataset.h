/* What a cs_dataset consists of. */
#ifndef CS_EVAL_DATASET_H
#define CS_EVAL_DATASET_H

#include "clipsight.h"
#include "eval/voc_xml.h"

typedef struct cs_dataset_entry {
    char *photo;     /* path */
    cs_truth *truth; /* [count] */
    size_t count;
} cs_dataset_entry;

struct cs_dataset {
    cs_dataset_kind kind;
    cs_dataset_entry *entries; /* [count] */
    size_t count;
    char **classes; /* [class_count]; VOC: in byte order, COCO and YOLO: by their numbers */
    size_t class_count;
};

/* Fills the classes and every entry's truth from annotations [dataset->count] that run in parallel to the entries. On
 * failure the dataset is left for cs_dataset_close(). */
cs_status cs_dataset_fill(cs_dataset *dataset, const cs_voc_annotation *annotations, cs_error *error);

/* Each fills an empty dataset; on failure it is left for cs_dataset_close().
 * VOC: a folder. COCO: a JSON file. YOLO: a folder or a YAML file. */
cs_status cs_dataset_read_voc(cs_dataset *dataset, const char *folder, cs_error *error);
cs_status cs_dataset_read_coco(cs_dataset *dataset, const char *path, cs_error *error);
cs_status cs_dataset_read_yolo(cs_dataset *dataset, const char *path, cs_error *error);

#endif
