/* One photograph's objects from a PASCAL VOC annotation. */
#ifndef CS_EVAL_VOC_XML_H
#define CS_EVAL_VOC_XML_H

#include "clipsight.h"

typedef struct cs_voc_object {
    char *name;
    float x, y, width, height; /* pixels, from the photograph's top left corner */
    int difficult;
} cs_voc_object;

typedef struct cs_voc_annotation {
    char *filename;         /* of the photograph; NULL where the file does not say */
    cs_voc_object *objects; /* [count], in the file's order */
    size_t count, capacity;
} cs_voc_annotation;

/* Parses the bytes of one XML file; `path` stands for it in messages, which also give the line. VOC counts pixels from
 * 1 and its boxes include their last pixel: x = xmin - 1, width = xmax - xmin + 1; fractions are kept. The boxes of an
 * object's parts (head, hand, foot) are not read. A DOCTYPE is refused, and with it every entity that could be declared
 * to swell or to open other files. */
cs_status cs_voc_parse(const char *xml, size_t size, const char *path, cs_voc_annotation *annotation, cs_error *error);
void cs_voc_annotation_free(cs_voc_annotation *annotation);

#endif
