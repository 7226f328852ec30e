/* The files of a YOLO dataset. */
#ifndef CS_EVAL_YOLO_FILES_H
#define CS_EVAL_YOLO_FILES_H

#include "eval/dataset_files.h"

/* The YAML file of `folder`: data.yaml, data.yml, dataset.yaml, or the only one there is. *path stays NULL where there
 * is none. */
cs_status cs_yolo_find_yaml(const char *folder, char **path, cs_error *error);

/* The text file with the class names: classes.txt, labels/classes.txt, or the only one that ends in .names. */
cs_status cs_yolo_find_names(const char *folder, char **path, cs_error *error);

/* Appends the photographs that `entry` stands for: a folder (with all within it, in the order of their paths), or a
 * .txt list of photographs (in its order). Entry and lines may be relative to any of the folders `bases`, lines also to
 * the list's own. `yaml` and `key` say in messages where the entry stands. */
cs_status cs_yolo_gather(const char *entry, const cs_names *bases, const char *yaml, const char *key, cs_names *photos,
                         cs_error *error);

/* Where a photograph's label file is, whether or not it exists: the path with the last folder "images" become "labels",
 * and .txt at its end. A photograph in no such folder has its labels beside it. */
cs_status cs_yolo_label_path(const char *photo, char **path, cs_error *error);

#endif
