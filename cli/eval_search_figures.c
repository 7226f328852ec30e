#include "eval_search_figures.h"

#include <math.h>
#include <stdlib.h>

#include "eval_json.h"

typedef struct ranked_photo {
    float score;
    int shows;
    size_t place; /* in the dataset, by which equal scores stand */
} ranked_photo;

/* By falling score. */
static int compare(const void *left, const void *right) {
    const ranked_photo *a = left, *b = right;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* 1: an object that counts is there; 0: the class is not there; -1: only objects that do not count are. */
static int shows(const eval_run *run, size_t photo, size_t class_index) {
    size_t count;
    const cs_truth *truth = cs_dataset_truth(run->dataset, photo, &count);
    int result = 0;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != class_index) continue;
        if (!truth[i].difficult && !truth[i].crowd) return 1;
        result = -1;
    }
    return result;
}

static search_figure figure_of(const eval_run *run, const float *scores, size_t class_index, ranked_photo *ranked) {
    search_figure figure = {0, NAN};
    size_t n = 0, found = 0;
    for (size_t i = 0; i < run->photographs; i++) {
        int there = isnan(scores[i]) ? -1 : shows(run, i, class_index);
        if (there < 0) continue;
        figure.photographs += (size_t)there;
        ranked[n++] = (ranked_photo){scores[i], there, i};
    }
    qsort(ranked, n, sizeof *ranked, compare);
    size_t first = figure.photographs < SEARCH_FIRST ? figure.photographs : SEARCH_FIRST;
    for (size_t i = 0; i < first; i++)
        found += (size_t)ranked[i].shows;
    if (first > 0) figure.precision = (double)found / (double)first;
    return figure;
}

void search_figures(const eval_run *run, const float *scores, search_figure *classes) {
    ranked_photo *ranked = memory_grow(NULL, run->photographs, sizeof *ranked);
    for (size_t i = 0; i < cs_dataset_class_count(run->dataset); i++)
        classes[i] = figure_of(run, scores + i * run->photographs, i, ranked);
    free(ranked);
}

/* Over the classes with at least `least` photographs, and at least one; *count says how many they are. */
static double mean_of(const search_figure *classes, size_t n, size_t least, size_t *count) {
    double sum = 0;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        if (classes[i].photographs < least || isnan(classes[i].precision)) continue;
        sum += classes[i].precision;
        ++*count;
    }
    return *count > 0 ? sum / (double)*count : NAN;
}

static char *with_line(char *text, char *line) {
    char *longer = text_format("%s%s", text, line);
    free(text);
    free(line);
    return longer;
}

static char *row(const char *name, double precision, size_t number) {
    if (isnan(precision)) return text_format("%-40s%12s%12zu\n", name, "-", number);
    return text_format("%-40s%12.4f%12zu\n", name, precision, number);
}

char *search_figures_table(const eval_run *run, const search_figure *classes, size_t photographs) {
    size_t n = cs_dataset_class_count(run->dataset), all, large;
    double mean = mean_of(classes, n, 1, &all), mean_large = mean_of(classes, n, SEARCH_FIRST, &large);
    char *text = text_format("%-40s%12s%12s\n", "class", "precision@5", "photographs");
    for (size_t i = 0; i < n; i++)
        text = with_line(text, row(cs_dataset_class(run->dataset, i), classes[i].precision, classes[i].photographs));
    text = with_line(text, text_format("%-40s%12s%12s\n", "", "", "classes"));
    text = with_line(text, row("mean of classes with 5 or more", mean_large, large));
    text = with_line(text, row("mean of all", mean, all));
    return with_line(text, text_format("\n%zu photograph%s\n", photographs, photographs == 1 ? "" : "s"));
}

static json_t *number(double value) {
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *class_object(const eval_run *run, size_t index, const search_figure *figure, const char *prompt) {
    return json_pack("{s:o, s:o, s:I, s:o}", "label", eval_json_text(cs_dataset_class(run->dataset, index)), "prompt",
                     eval_json_text(prompt), "photographs", (json_int_t)figure->photographs, "precision",
                     number(figure->precision));
}

char *search_figures_json(const eval_run *run, const search_figure *classes, size_t photographs, const char *folder,
                          const text_list *prompts) {
    size_t n = cs_dataset_class_count(run->dataset), all, large;
    double mean = mean_of(classes, n, 1, &all), mean_large = mean_of(classes, n, SEARCH_FIRST, &large);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        eval_json_add(list, class_object(run, i, &classes[i], prompts->items[i]));
    json_t *object = json_pack("{s:o, s:I, s:i, s:o, s:I, s:o, s:I, s:o}", "dataset", eval_json_text(folder),
                               "photographs", (json_int_t)photographs, "first", SEARCH_FIRST, "precision", number(mean),
                               "classes_counted", (json_int_t)all, "precision_large", number(mean_large),
                               "classes_large", (json_int_t)large, "classes", list);
    char *text = eval_json_line(object, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(object);
    return text;
}
