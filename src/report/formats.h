/* One writer per format. Arguments were checked by report.c: paths and prompt indices are sound. */
#ifndef CS_REPORT_FORMATS_H
#define CS_REPORT_FORMATS_H

#include "clipsight.h"

/* What one photograph's report says. */
typedef struct cs_found {
    const cs_photo *photo;
    const cs_prompts *prompts;
    const cs_detection *boxes; /* [count] */
    size_t count;
} cs_found;

typedef struct cs_classes {
    const cs_photo *photo;
    const cs_prompts *prompts;
    const float *logits, *probabilities; /* [prompts] */
} cs_classes;

typedef struct cs_relevance {
    const cs_photo *photo;
    const cs_prompts *prompts;
    const cs_maps *maps; /* as many as prompts */
} cs_relevance;

typedef struct cs_coco {
    const cs_photo *photos;                 /* [count] */
    const cs_detections *const *detections; /* [count] */
    size_t count;
    const cs_prompts *prompts;
} cs_coco;

cs_status cs_json_detections(const cs_found *found, char **text, cs_error *error);
cs_status cs_csv_detections(const cs_found *found, char **text, cs_error *error);
cs_status cs_table_detections(const cs_found *found, char **text, cs_error *error);
cs_status cs_yolo_detections(const cs_found *found, char **text, cs_error *error);
cs_status cs_voc_detections(const cs_found *found, char **text, cs_error *error);

cs_status cs_json_classes(const cs_classes *classes, char **text, cs_error *error);
cs_status cs_csv_classes(const cs_classes *classes, char **text, cs_error *error);
cs_status cs_table_classes(const cs_classes *classes, char **text, cs_error *error);

cs_status cs_json_maps(const cs_relevance *relevance, char **text, cs_error *error);
cs_status cs_tsv_maps(const cs_relevance *relevance, char **text, cs_error *error);
cs_status cs_table_maps(const cs_relevance *relevance, char **text, cs_error *error);

cs_status cs_coco_document(const cs_coco *coco, char **text, cs_error *error);

/* A box cut to its photograph, as edges in pixels: left <= right <= width, top <= bottom <= height. */
typedef struct cs_edges {
    double left, top, right, bottom;
} cs_edges;

cs_edges cs_box_edges(const cs_detection *box, int width, int height);

#endif
