#include "report/formats.h"
#include "report/json.h"

cs_status cs_json_detections(const cs_found *found, char **text, cs_error *error) {
    json_t *list = json_array();
    for (size_t i = 0; i < found->count; i++)
        cs_json_add(&list,
                    cs_json_detection(cs_prompts_label(found->prompts, found->boxes[i].prompt), &found->boxes[i]));
    json_t *root = json_pack("{s:o, s:i, s:i, s:o}", "image", cs_json_text(found->photo->path), "width",
                             found->photo->width, "height", found->photo->height, "detections", list);
    return cs_json_finish(root, text, error);
}
