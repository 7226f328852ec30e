/* What a document of COCO's instances says. */
#ifndef CS_EVAL_COCO_JSON_H
#define CS_EVAL_COCO_JSON_H

#include "eval/dataset_classes.h"

typedef struct cs_coco_image {
    int64_t id;
    size_t index; /* in the document's list */
    char *file_name;
} cs_coco_image;

typedef struct cs_coco_object {
    int64_t image, category;   /* their numbers */
    float x, y, width, height; /* pixels */
    int crowd;
} cs_coco_object;

typedef struct cs_coco {
    cs_coco_image *images;   /* [image_count], in the order of their numbers, no two of which are equal */
    cs_coco_object *objects; /* [object_count], in the document's order */
    size_t image_count, image_capacity, object_count, object_capacity;
    cs_class_list categories; /* sorted */
} cs_coco;

#define CS_COCO_EMPTY                                                                                                  \
    { NULL, NULL, 0, 0, 0, 0, CS_CLASS_LIST_EMPTY }

/* Parses a document that holds "images" (id, file_name), "annotations" (image_id, category_id, bbox, iscrowd) and
 * "categories" (id, name), in any order; all else is jumped over. `path` stands for the file in messages, which also
 * give the line and the item. Numbers of images and categories are whole; a box is [x, y, width, height] with sides of
 * at least 0 (COCO itself has a box without a height). cs_coco_free() in any case. */
cs_status cs_coco_parse(const char *json, size_t size, const char *path, cs_coco *coco, cs_error *error);
void cs_coco_free(cs_coco *coco);

/* The image of this number; NULL where there is none. */
const cs_coco_image *cs_coco_find_image(const cs_coco *coco, int64_t id);

#endif
