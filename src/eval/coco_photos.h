/* The files of a COCO dataset. */
#ifndef CS_EVAL_COCO_PHOTOS_H
#define CS_EVAL_COCO_PHOTOS_H

#include "eval/dataset_files.h"

/* Looks in `folder` and its subfolder annotations for a JSON file. Only with a name that begins with "instances_", if
 * `instances` is true. *path stays NULL where there is none; several are refused, because any choice among them would
 * be a guess. */
cs_status cs_coco_find_json(const char *folder, int instances, char **path, cs_error *error);

/* Folders in which photographs may lie. */
typedef struct cs_coco_roots {
    cs_names folders;
    size_t last; /* where the last photograph was: the next is looked for there first */
} cs_coco_roots;

/* The folders around the document `json`, which need not all exist: its own, the one above it, and in both: images, and
 * the one called like the document (train2017 for instances_train2017.json), also within images. */
cs_status cs_coco_roots_of(const char *json, cs_coco_roots *roots, cs_error *error);
void cs_coco_roots_free(cs_coco_roots *roots);

/* Finds a photograph in them: by its whole name, which may be a path, then by what is behind its last slash. *path
 * stays NULL where it is in none. */
cs_status cs_coco_find_photo(cs_coco_roots *roots, const char *file_name, char **path, cs_error *error);

#endif
