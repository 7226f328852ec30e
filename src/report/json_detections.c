#include "report/formats.h"
#include "report/json.h"
#include "report/number.h"

static json_t *detection_object(const cs_found *found, const cs_detection *box) {
    return json_pack("{s:o, s:o, s:o}", "label", cs_json_text(cs_prompts_label(found->prompts, box->prompt)), "score",
                     cs_json_number(cs_number_shortest(box->score)), "box", cs_json_box(box));
}

cs_status cs_json_detections(const cs_found *found, char **text, cs_error *error) {
    json_t *list = json_array();
    for (size_t i = 0; i < found->count; i++)
        cs_json_add(&list, detection_object(found, &found->boxes[i]));
    json_t *root = json_pack("{s:o, s:i, s:i, s:o}", "image", cs_json_text(found->photo->path), "width",
                             found->photo->width, "height", found->photo->height, "detections", list);
    return cs_json_finish(root, text, error);
}
