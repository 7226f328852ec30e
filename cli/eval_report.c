#include "eval_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json_text.h"
#include "text_stream.h"

/* ---- Table ---- */

/* A class without objects in the data has no figure. */
static void put_figure(FILE *out, float value) {
    if (isnan(value))
        fprintf(out, "%10s", "-");
    else
        fprintf(out, "%10.4f", (double)value);
}

static void put_row(FILE *out, const char *name, const float figures[4], size_t objects) {
    fprintf(out, "%-20s", name);
    for (int i = 0; i < 4; i++)
        put_figure(out, figures[i]);
    fprintf(out, "%10zu\n", objects);
}

static void put_rate(FILE *out, const char *what, float rate, size_t part, size_t whole) {
    fprintf(out, "  %-52s", what);
    if (isnan(rate))
        fprintf(out, "%7s\n", "-");
    else
        fprintf(out, "%6.1f %%  (%zu of %zu)\n", 100 * (double)rate, part, whole);
}

static void put_pairs(FILE *out, const cs_pair_figures *pairs, float min_score) {
    fprintf(out, "\nOf boxes with a score of at least %.3g:\n", (double)min_score);
    put_rate(out, "absent pairs (photograph, class) that get one", pairs->absent_rate, pairs->absent_with_box,
             pairs->absent);
    put_rate(out, "present pairs with one whose centre is in an object", pairs->kept_rate, pairs->kept, pairs->present);
    put_rate(out, "boxes that overlap an object of theirs (IoU 0.3)", pairs->hit_rate, pairs->hits, pairs->boxes);
    if (!isnan(pairs->boxes_per_kept))
        fprintf(out, "  %-52s%6.2f\n", "boxes per present pair kept", (double)pairs->boxes_per_kept);
}

char *eval_report_table(const eval_result *result) {
    const cs_figures *all = &result->figures;
    text_stream report;
    text_stream_open(&report);
    fprintf(report.out, "%-20s%10s%10s%10s%10s%10s\n", "class", "AP@0.3", "AP@0.5", "AP@.5-.95", "image AP", "objects");
    for (size_t i = 0; i < cs_dataset_class_count(result->dataset); i++) {
        const cs_class_figures *f = &result->classes[i];
        const float row[4] = {f->ap30, f->ap50, f->ap, f->image_ap};
        put_row(report.out, cs_dataset_class(result->dataset, i), row, f->objects);
    }
    const float means[4] = {all->ap30, all->ap50, all->ap, all->image_map};
    put_row(report.out, "mean", means, all->objects);
    put_pairs(report.out, &all->pairs, result->min_score);
    fprintf(report.out, "\n%zu photograph%s, %.3f seconds each; %s metric\n", all->photographs,
            all->photographs == 1 ? "" : "s", result->seconds_each, all->metric == CS_METRIC_COCO ? "COCO's" : "VOC's");
    return text_stream_close(&report);
}

/* ---- JSON ---- */

static void put_json_figure(FILE *out, const char *name, float value) {
    if (isnan(value))
        fprintf(out, ",\"%s\":null", name);
    else
        fprintf(out, ",\"%s\":%.6g", name, (double)value);
}

static void put_json_pairs(FILE *out, const cs_pair_figures *pairs) {
    fprintf(out, ",\"pairs\":{\"absent\":%zu,\"absent_with_box\":%zu,\"present\":%zu,\"kept\":%zu", pairs->absent,
            pairs->absent_with_box, pairs->present, pairs->kept);
    fprintf(out, ",\"boxes\":%zu,\"hits\":%zu,\"kept_boxes\":%zu", pairs->boxes, pairs->hits, pairs->kept_boxes);
    put_json_figure(out, "absent_rate", pairs->absent_rate);
    put_json_figure(out, "kept_rate", pairs->kept_rate);
    put_json_figure(out, "hit_rate", pairs->hit_rate);
    put_json_figure(out, "boxes_per_kept", pairs->boxes_per_kept);
    fputc('}', out);
}

static void put_json_class(FILE *out, const char *label, const char *prompt, const cs_class_figures *figures) {
    fputs("{\"label\":", out);
    json_put(out, label);
    fputs(",\"prompt\":", out);
    json_put(out, prompt);
    fprintf(out, ",\"objects\":%zu", figures->objects);
    put_json_figure(out, "ap30", figures->ap30);
    put_json_figure(out, "ap50", figures->ap50);
    put_json_figure(out, "ap", figures->ap);
    put_json_figure(out, "image_ap", figures->image_ap);
    put_json_pairs(out, &figures->pairs);
    fputc('}', out);
}

static void put_json_means(FILE *out, const eval_result *result) {
    const cs_figures *all = &result->figures;
    put_json_figure(out, "ap30", all->ap30);
    put_json_figure(out, "ap50", all->ap50);
    put_json_figure(out, "ap", all->ap);
    put_json_figure(out, "image_map", all->image_map);
    put_json_figure(out, "min_score", result->min_score);
    put_json_pairs(out, &all->pairs);
}

char *eval_report_json(const eval_result *result) {
    const cs_figures *all = &result->figures;
    text_stream report;
    text_stream_open(&report);
    fputs("{\"dataset\":", report.out);
    json_put(report.out, result->folder);
    fprintf(report.out, ",\"metric\":\"%s\",\"photographs\":%zu,\"objects\":%zu,\"seconds_per_photograph\":%.6g",
            all->metric == CS_METRIC_COCO ? "coco" : "voc", all->photographs, all->objects, result->seconds_each);
    put_json_means(report.out, result);
    fputs(",\"classes\":[", report.out);
    for (size_t i = 0; i < cs_dataset_class_count(result->dataset); i++) {
        if (i > 0) fputc(',', report.out);
        put_json_class(report.out, cs_dataset_class(result->dataset, i), result->prompts->items[i],
                       &result->classes[i]);
    }
    fputs("]}\n", report.out);
    return text_stream_close(&report);
}

/* ---- Curves ---- */

cs_status eval_report_curves(const eval_result *result, const char *path, cs_error *error) {
    const cs_figures *all = &result->figures;
    size_t classes = cs_dataset_class_count(result->dataset), n = 0;
    cs_curve *curves = memory_grow(NULL, classes + 2, sizeof *curves);
    curves[n++] = (cs_curve){"mean, IoU 0.5", all->curve50, all->ap50, CS_CURVE_MEAN};
    curves[n++] = (cs_curve){"mean, IoU 0.3", all->curve30, all->ap30, CS_CURVE_DASHED};
    for (size_t i = 0; i < classes; i++)
        curves[n++] = (cs_curve){cs_dataset_class(result->dataset, i), result->classes[i].curve50,
                                 result->classes[i].ap50, CS_CURVE_THIN};
    const char *name = path_name(result->folder); /* empty behind a slash */
    char *title = text_format("%s: precision over recall, classes at IoU 0.5, %zu photographs",
                              name[0] ? name : result->folder, all->photographs);
    cs_image *picture = NULL;
    cs_status status = cs_draw_curves(title, curves, n, &picture, error);
    if (status == CS_OK) status = cs_image_save(picture, path, error);
    cs_image_close(picture);
    free(title);
    free(curves);
    return status;
}
