/* COCO's layout of images, annotations and categories (cocodataset.org, "Data format"), with a score per annotation as
 * in its results format. Ids count from 1, as many readers take 0 for "none". */
#include "report/formats.h"

#include "report/json.h"
#include "report/number.h"

static json_t *image_array(const cs_coco *coco) {
    json_t *images = json_array();
    for (size_t i = 0; i < coco->count; i++) {
        const cs_photo *photo = &coco->photos[i];
        cs_json_add(&images, json_pack("{s:I, s:o, s:i, s:i}", "id", (json_int_t)i + 1, "file_name",
                                       cs_json_text(photo->path), "width", photo->width, "height", photo->height));
    }
    return images;
}

static json_t *annotation_object(const cs_detection *box, size_t image, size_t id) {
    double area = cs_number_pixels((double)box->width * box->height);
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:i, s:o}", "id", (json_int_t)id, "image_id", (json_int_t)image + 1,
                     "category_id", (json_int_t)box->prompt + 1, "bbox", cs_json_box(box), "area", cs_json_number(area),
                     "iscrowd", 0, "score", cs_json_number(cs_number_shortest(box->score)));
}

static json_t *annotation_array(const cs_coco *coco) {
    json_t *annotations = json_array();
    size_t id = 0;
    for (size_t i = 0; i < coco->count; i++) {
        const cs_detection *boxes = cs_detections_get(coco->detections[i]);
        for (size_t k = 0; k < cs_detections_count(coco->detections[i]); k++)
            cs_json_add(&annotations, annotation_object(&boxes[k], i, ++id));
    }
    return annotations;
}

static json_t *category_array(const cs_prompts *prompts) {
    json_t *categories = json_array();
    for (size_t i = 0; i < cs_prompts_count(prompts); i++)
        cs_json_add(&categories, json_pack("{s:I, s:o}", "id", (json_int_t)i + 1, "name",
                                           cs_json_text(cs_prompts_label(prompts, i))));
    return categories;
}

cs_status cs_coco_document(const cs_coco *coco, char **text, cs_error *error) {
    json_t *root = json_pack("{s:o, s:o, s:o}", "images", image_array(coco), "annotations", annotation_array(coco),
                             "categories", category_array(coco->prompts));
    return cs_json_finish(root, text, error);
}
