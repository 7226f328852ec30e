#include "store/report.h"

#include "base/error.h"

cs_hit_note cs_report_note(const cs_hits_report *report, size_t index) {
    return report->notes ? report->notes[index] : (cs_hit_note){NULL, NULL, NULL, NULL};
}

const char *cs_report_name(const cs_hits_report *report, size_t index) {
    const char *name = cs_report_note(report, index).name;
    return name ? name : cs_hits_get(report->hits, index)->path;
}

int cs_report_has_window(const cs_hit *hit) {
    return hit->box.width < hit->width || hit->box.height < hit->height;
}

static cs_status check_note(const cs_hits_report *report, size_t index, cs_error *error) {
    const cs_detections *detections = cs_report_note(report, index).detections;
    size_t prompts = report->prompts ? cs_prompts_count(report->prompts) : 0;
    for (size_t i = 0; detections && i < cs_detections_count(detections); i++) {
        size_t prompt = cs_detections_get(detections)[i].prompt;
        if (prompt >= prompts)
            return cs_fail(error, CS_ERR_ARGUMENT, "hit %zu: a box of prompt %zu; there are %zu", index, prompt,
                           prompts);
    }
    return CS_OK;
}

static cs_status check(const cs_hits_report *report, char **text, cs_error *error) {
    if (!report || !report->hits || !text || (report->label_count > 0 && !report->labels))
        return cs_fail(error, CS_ERR_ARGUMENT, "a report needs hits, what was searched for, and room for the text");
    for (size_t i = 0; i < report->label_count; i++)
        if (!report->labels[i].text && !report->labels[i].image)
            return cs_fail(error, CS_ERR_ARGUMENT, "query %zu: expected words or the name of a photograph", i);
    cs_status status = CS_OK;
    for (size_t i = 0; i < cs_hits_count(report->hits) && status == CS_OK; i++)
        status = check_note(report, i, error);
    return status;
}

cs_status cs_report_hits(cs_format format, const cs_hits_report *report, char **text, cs_error *error) {
    cs_status status = check(report, text, error);
    if (status != CS_OK) return status;
    if (format == CS_FORMAT_JSON) return cs_json_hits(report, text, error);
    if (format == CS_FORMAT_TABLE) return cs_table_hits(report, text, error);
    return cs_fail(error, CS_ERR_ARGUMENT, "hits are reported as a table or as JSON; format %d is neither",
                   (int)format);
}
