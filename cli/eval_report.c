#include "eval_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

/* A class without objects in the data has no figure. */
static void put_figure(FILE *out, float value) {
    if (isnan(value))
        fprintf(out, "%10s", "-");
    else
        fprintf(out, "%10.4f", (double)value);
}

static void put_row(FILE *out, const char *name, float ap30, float ap50, float image_ap) {
    fprintf(out, "%-20s", name);
    put_figure(out, ap30);
    put_figure(out, ap50);
    put_figure(out, image_ap);
}

static char *close_text(FILE *out, char **text) {
    fclose(out);
    if (!*text) memory_exhausted();
    return *text;
}

static double seconds_each(const eval_result *result) {
    return result->photographs ? result->seconds / (double)result->photographs : 0;
}

char *eval_report_table(const eval_result *result) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out) memory_exhausted();
    fprintf(out, "%-20s%10s%10s%10s%10s\n", "class", "AP@0.3", "AP@0.5", "image AP", "objects");
    size_t objects = 0;
    for (size_t i = 0; i < cs_dataset_class_count(result->dataset); i++) {
        const cs_class_figures *figures = &result->classes[i];
        put_row(out, cs_dataset_class(result->dataset, i), figures->ap30, figures->ap50, figures->image_ap);
        fprintf(out, "%10zu\n", figures->objects);
        objects += figures->objects;
    }
    put_row(out, "mean", result->means.ap30, result->means.ap50, result->means.image_map);
    fprintf(out, "%10zu\n\n%zu photograph%s, %.3f seconds each\n", objects, result->photographs,
            result->photographs == 1 ? "" : "s", seconds_each(result));
    return close_text(out, &text);
}

static void put_json_string(FILE *out, const char *text) {
    fputc('"', out);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            fprintf(out, "\\u%04x", (unsigned)*c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

static void put_json_figure(FILE *out, const char *name, float value) {
    if (isnan(value))
        fprintf(out, ",\"%s\":null", name);
    else
        fprintf(out, ",\"%s\":%.6g", name, (double)value);
}

static void put_json_class(FILE *out, const char *label, const cs_class_figures *figures) {
    fputs("{\"label\":", out);
    put_json_string(out, label);
    fprintf(out, ",\"objects\":%zu", figures->objects);
    put_json_figure(out, "ap30", figures->ap30);
    put_json_figure(out, "ap50", figures->ap50);
    put_json_figure(out, "image_ap", figures->image_ap);
    fputc('}', out);
}

char *eval_report_json(const eval_result *result) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out) memory_exhausted();
    fputs("{\"dataset\":", out);
    put_json_string(out, result->folder);
    fprintf(out, ",\"photographs\":%zu,\"seconds_per_photograph\":%.6g", result->photographs, seconds_each(result));
    put_json_figure(out, "ap30", result->means.ap30);
    put_json_figure(out, "ap50", result->means.ap50);
    put_json_figure(out, "image_map", result->means.image_map);
    fputs(",\"classes\":[", out);
    for (size_t i = 0; i < cs_dataset_class_count(result->dataset); i++) {
        if (i > 0) fputc(',', out);
        put_json_class(out, cs_dataset_class(result->dataset, i), &result->classes[i]);
    }
    fputs("]}\n", out);
    return close_text(out, &text);
}
