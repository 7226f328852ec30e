/* The public report functions: checks what they are given, then hands it to the writer of the format. */
#include "base/error.h"
#include "report/formats.h"

static const char *format_name(cs_format format) {
    static const char *const names[] = {"table", "json", "csv", "coco", "yolo", "voc", "tsv"};
    return (unsigned)format < sizeof names / sizeof *names ? names[format] : "unknown";
}

static cs_status refuse_format(cs_format format, const char *what, cs_error *error) {
    return cs_fail(error, CS_ERR_ARGUMENT, "format %s (%d) cannot hold %s", format_name(format), (int)format, what);
}

static cs_status check_photo(const cs_photo *photo, const cs_prompts *prompts, cs_error *error) {
    if (!photo || !photo->path || !prompts)
        return cs_fail(error, CS_ERR_ARGUMENT, "a report needs a photograph with a path, and prompts");
    if (photo->width < 1 || photo->height < 1)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: size %d x %d; expected at least one pixel", photo->path,
                       photo->width, photo->height);
    return CS_OK;
}

/* Every box must belong to a prompt of the set. */
static cs_status check_boxes(const cs_photo *photo, const cs_prompts *prompts, const cs_detections *detections,
                             cs_error *error) {
    cs_status status = check_photo(photo, prompts, error);
    if (status != CS_OK) return status;
    if (!detections) return cs_fail(error, CS_ERR_ARGUMENT, "%s: no detections given", photo->path);
    const cs_detection *boxes = cs_detections_get(detections);
    for (size_t i = 0; i < cs_detections_count(detections); i++)
        if (boxes[i].prompt >= cs_prompts_count(prompts))
            return cs_fail(error, CS_ERR_ARGUMENT, "%s: detection %zu is of prompt %zu; the prompt set has %zu",
                           photo->path, i, boxes[i].prompt, cs_prompts_count(prompts));
    return CS_OK;
}

cs_status cs_report_detections(cs_format format, const cs_photo *photo, const cs_prompts *prompts,
                               const cs_detections *detections, char **text, cs_error *error) {
    cs_status status = check_boxes(photo, prompts, detections, error);
    if (status != CS_OK) return status;
    cs_found found = {photo, prompts, cs_detections_get(detections), cs_detections_count(detections)};
    switch (format) {
    case CS_FORMAT_TABLE:
        return cs_table_detections(&found, text, error);
    case CS_FORMAT_JSON:
        return cs_json_detections(&found, text, error);
    case CS_FORMAT_CSV:
        return cs_csv_detections(&found, text, error);
    case CS_FORMAT_YOLO:
        return cs_yolo_detections(&found, text, error);
    case CS_FORMAT_VOC:
        return cs_voc_detections(&found, text, error);
    default:
        return refuse_format(format, "one photograph's detections", error);
    }
}

const char *cs_report_heading(cs_format format) {
    return format == CS_FORMAT_CSV ? "image,label,score,x,y,width,height\n" : "";
}

cs_status cs_report_coco(const cs_photo *photos, const cs_detections *const *detections, size_t n,
                         const cs_prompts *prompts, char **text, cs_error *error) {
    if (!prompts || (n > 0 && (!photos || !detections)))
        return cs_fail(error, CS_ERR_ARGUMENT, "a COCO report needs photographs, their detections, and prompts");
    for (size_t i = 0; i < n; i++) {
        cs_status status = check_boxes(&photos[i], prompts, detections[i], error);
        if (status != CS_OK) return status;
    }
    cs_coco coco = {photos, detections, n, prompts};
    return cs_coco_document(&coco, text, error);
}

cs_status cs_report_classes(cs_format format, const cs_photo *photo, const cs_prompts *prompts, const float *logits,
                            const float *probabilities, char **text, cs_error *error) {
    cs_status status = check_photo(photo, prompts, error);
    if (status != CS_OK) return status;
    if (!logits || !probabilities)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: a report of classes needs logits and probabilities", photo->path);
    cs_classes classes = {photo, prompts, logits, probabilities};
    switch (format) {
    case CS_FORMAT_TABLE:
        return cs_table_classes(&classes, text, error);
    case CS_FORMAT_JSON:
        return cs_json_classes(&classes, text, error);
    case CS_FORMAT_CSV:
        return cs_csv_classes(&classes, text, error);
    default:
        return refuse_format(format, "classes", error);
    }
}

cs_status cs_report_maps(cs_format format, const cs_photo *photo, const cs_prompts *prompts, const cs_maps *maps,
                         char **text, cs_error *error) {
    cs_status status = check_photo(photo, prompts, error);
    if (status != CS_OK) return status;
    if (!maps || cs_maps_count(maps) != cs_prompts_count(prompts))
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: %zu relevance maps for %zu prompts; expected one each", photo->path,
                       maps ? cs_maps_count(maps) : 0, cs_prompts_count(prompts));
    cs_relevance relevance = {photo, prompts, maps};
    switch (format) {
    case CS_FORMAT_TABLE:
        return cs_table_maps(&relevance, text, error);
    case CS_FORMAT_JSON:
        return cs_json_maps(&relevance, text, error);
    case CS_FORMAT_TSV:
        return cs_tsv_maps(&relevance, text, error);
    default:
        return refuse_format(format, "relevance maps", error);
    }
}
