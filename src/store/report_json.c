/* {"query": [{"text" or "image", "weight"}], "hits": [{"image", "score", ...}]} */
#include "report/json.h"
#include "report/number.h"
#include "store/report.h"

static json_t *number(float value) {
    return cs_json_number(cs_number_shortest(value));
}

static json_t *query_object(const cs_query_label *label) {
    return json_pack("{s:o, s:o}", label->text ? "text" : "image",
                     cs_json_text(label->text ? label->text : label->image), "weight", number(label->weight));
}

static json_t *query_list(const cs_hits_report *report) {
    json_t *list = json_array();
    for (size_t i = 0; i < report->label_count; i++)
        cs_json_add(&list, query_object(&report->labels[i]));
    return list;
}

/* Adds a value (taken over) to an object; where that fails the object is released and *object becomes NULL. */
static void put(json_t **object, const char *key, json_t *value) {
    if (json_object_set_new(*object, key, value) == 0) return;
    json_decref(*object);
    *object = NULL;
}

static json_t *cosine_list(const cs_hits_report *report, const cs_hit *hit) {
    json_t *list = json_array();
    for (size_t i = 0; i < report->label_count; i++)
        cs_json_add(&list, number(hit->cosines[i]));
    return list;
}

static json_t *box_list(const cs_hits_report *report, const cs_detections *detections) {
    json_t *list = json_array();
    for (size_t i = 0; i < cs_detections_count(detections); i++) {
        const cs_detection *box = cs_detections_get(detections) + i;
        cs_json_add(&list, cs_json_detection(cs_prompts_label(report->prompts, box->prompt), box));
    }
    return list;
}

static json_t *hit_object(const cs_hits_report *report, size_t index) {
    const cs_hit *hit = cs_hits_get(report->hits, index);
    const cs_hit_note note = cs_report_note(report, index);
    json_t *object = json_pack("{s:o, s:o, s:i, s:i}", "image", cs_json_text(cs_report_name(report, index)), "score",
                               number(hit->score), "width", hit->width, "height", hit->height);
    if (report->label_count > 1) put(&object, "cosines", cosine_list(report, hit));
    if (cs_report_has_window(hit))
        put(&object, "window", json_pack("[i, i, i, i]", hit->box.x, hit->box.y, hit->box.width, hit->box.height));
    if (note.link) put(&object, "link", cs_json_text(note.link));
    if (note.detections) put(&object, "boxes", box_list(report, note.detections));
    if (note.problem) put(&object, "problem", cs_json_text(note.problem));
    return object;
}

cs_status cs_json_hits(const cs_hits_report *report, char **text, cs_error *error) {
    json_t *list = json_array();
    for (size_t i = 0; i < cs_hits_count(report->hits); i++)
        cs_json_add(&list, hit_object(report, i));
    return cs_json_finish(json_pack("{s:o, s:o}", "query", query_list(report), "hits", list), text, error);
}
