/* What a YOLO dataset's YAML file says. */
#ifndef CS_EVAL_YOLO_YAML_H
#define CS_EVAL_YOLO_YAML_H

#include "eval/dataset_classes.h"
#include "eval/dataset_files.h"
#include "eval/yolo_label.h"

typedef struct cs_yolo_config {
    char *path;            /* the dataset's folder; NULL where the file does not say */
    cs_names photos;       /* folders and lists of photographs; empty where the file names none */
    const char *split;     /* the key that they stand under: "val", "test" or "train" */
    cs_class_list classes; /* sorted; never empty */
    cs_yolo_form form;
} cs_yolo_config;

#define CS_YOLO_CONFIG_EMPTY                                                                                           \
    { NULL, CS_NAMES_EMPTY, NULL, CS_CLASS_LIST_EMPTY, CS_YOLO_BOXES }

/* Parses YAML: names (a list, or numbers with names), path, val (else test, else train; one entry or a list), and
 * kpt_shape, which makes the labels poses. All other keys are passed over. `path` stands for the file in messages,
 * which also give the line. cs_yolo_config_free() in any case. */
cs_status cs_yolo_parse_yaml(const char *text, size_t size, const char *path, cs_yolo_config *config, cs_error *error);

/* Class names from a text file, one a line, the first being class 0. */
cs_status cs_yolo_parse_names(const char *text, size_t size, const char *path, cs_class_list *classes, cs_error *error);

void cs_yolo_config_free(cs_yolo_config *config);

#endif
