#include "report/formats.h"
#include "report/json.h"
#include "report/number.h"

static json_t *class_object(const cs_classes *classes, size_t index) {
    return json_pack("{s:o, s:o, s:o}", "label", cs_json_text(cs_prompts_label(classes->prompts, index)), "logit",
                     cs_json_number(cs_number_shortest(classes->logits[index])), "probability",
                     cs_json_number(cs_number_shortest(classes->probabilities[index])));
}

cs_status cs_json_classes(const cs_classes *classes, char **text, cs_error *error) {
    json_t *labels = json_array();
    for (size_t i = 0; i < cs_prompts_count(classes->prompts); i++)
        cs_json_add(&labels, class_object(classes, i));
    json_t *root = json_pack("{s:o, s:o}", "image", cs_json_text(classes->photo->path), "labels", labels);
    return cs_json_finish(root, text, error);
}
