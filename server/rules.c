#include "rules.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum rule_kind { RULE_TEXT, RULE_TEMPLATE, RULE_CHOICE, RULE_WHOLE, RULE_NUMBER } rule_kind;

typedef struct rule_choice {
    const char *name;
    int value;
} rule_choice;

typedef struct web_rule {
    const char *name;
    unsigned routes; /* a bit for each */
    rule_kind kind;
    size_t offset;
    double least, most;
    int open; /* without the two */
    const rule_choice *choices;
} web_rule;

enum {
    DETECT = 1 << ROUTE_DETECT,
    LOCALIZE = 1 << ROUTE_LOCALIZE,
    CLASSIFY = 1 << ROUTE_CLASSIFY,
    EMBED = 1 << ROUTE_EMBED,
    SEARCH = 1 << ROUTE_SEARCH,
    PHOTO = 1 << ROUTE_SEARCH_PHOTO,
    WHERE = DETECT | LOCALIZE,
    ANY = WHERE | CLASSIFY | EMBED | SEARCH
};

static const rule_choice RECIPES[] = {{"default", CS_RECIPE_DEFAULT}, {"chapter", CS_RECIPE_CHAPTER}, {NULL, 0}};
static const rule_choice METHODS[] = {{"auto", CS_METHOD_AUTO},           {"window", CS_METHOD_WINDOW},
                                      {"occlusion", CS_METHOD_OCCLUSION}, {"dense", CS_METHOD_DENSE},
                                      {"region", CS_METHOD_REGION},       {NULL, 0}};
static const rule_choice FLAGS[] = {{"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {NULL, 0}};
static const rule_choice STYLES[] = {{"brightness", CS_HEATMAP_BRIGHTNESS}, {"overlay", CS_HEATMAP_OVERLAY}, {NULL, 0}};

#define WISH(name) offsetof(task_wishes, name)

static const web_rule RULES[] = {
    {"template", ANY, RULE_TEMPLATE, WISH(text_template), 0, 0, 0, NULL},
    {"recipe", WHERE, RULE_CHOICE, WISH(recipe), 0, 0, 0, RECIPES},
    {"method", WHERE, RULE_CHOICE, WISH(method), 0, 0, 0, METHODS},
    {"variant", WHERE, RULE_TEXT, WISH(variant), 0, 0, 0, NULL},
    {"patch", WHERE, RULE_WHOLE, WISH(patch), 1, 65536, 0, NULL},
    {"window", WHERE, RULE_WHOLE, WISH(window), 1, 1024, 0, NULL},
    {"stride", WHERE, RULE_WHOLE, WISH(stride), 1, 1024, 0, NULL},
    {"threshold", DETECT, RULE_NUMBER, WISH(threshold), 0, 1, 1, NULL},
    {"min_score", DETECT, RULE_NUMBER, WISH(min_score), 0, 1, 0, NULL},
    {"overlap", DETECT, RULE_NUMBER, WISH(overlap), 0, 1, 0, NULL},
    {"single", DETECT, RULE_CHOICE, WISH(single), 0, 0, 0, FLAGS},
    {"style", LOCALIZE, RULE_CHOICE, WISH(style), 0, 0, 0, STYLES},
    {"top", SEARCH, RULE_WHOLE, WISH(top), 1, 1000, 0, NULL},
    {"min_score", SEARCH, RULE_NUMBER, WISH(least), -9, 9, 0, NULL},
    {"exact", SEARCH, RULE_CHOICE, WISH(exact), 0, 0, 0, FLAGS},
    {"where", SEARCH, RULE_CHOICE, WISH(where), 0, 0, 0, FLAGS},
    {"box_score", SEARCH, RULE_NUMBER, WISH(min_score), 0, 1, 0, NULL},
    {"id", PHOTO, RULE_TEXT, WISH(id), 0, 0, 0, NULL},
    {"size", PHOTO, RULE_WHOLE, WISH(size), 16, 2048, 0, NULL},
    {"index", LOCALIZE, RULE_WHOLE, WISH(index), 0, 65535, 0, NULL},
};

static const char *shown(const web_field *field) {
    return field->size > 80 ? "a text of more than 80 bytes" : field->value;
}

static int refuse(const web_rule *rule, const web_field *field, const char *expected, web_answer *answer) {
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid_field", "%s: expected %s, got '%s'", rule->name,
                 expected, shown(field));
    return 0;
}

/* strtod() and strtol() also take leading space, "inf" and "0x1p3": none of that is meant by anyone. */
static int only_of(const char *text, const char *allowed) {
    return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

static int store_number(const web_rule *rule, const web_field *field, double *to, web_answer *answer) {
    char expected[96], *end = NULL;
    double value = only_of(field->value, "0123456789+-.eE") ? strtod(field->value, &end) : NAN;
    int inside = rule->open ? value > rule->least && value < rule->most : value >= rule->least && value <= rule->most;
    if (end && *end == '\0' && inside) {
        *to = value;
        return 1;
    }
    snprintf(expected, sizeof expected, "a number between %g and %g%s", rule->least, rule->most,
             rule->open ? " (exclusive)" : "");
    return refuse(rule, field, expected, answer);
}

static int store_whole(const web_rule *rule, const web_field *field, long *to, web_answer *answer) {
    char expected[96], *end = NULL;
    errno = 0;
    long value = only_of(field->value, "0123456789+-") ? strtol(field->value, &end, 10) : 0;
    if (end && *end == '\0' && errno == 0 && (double)value >= rule->least && (double)value <= rule->most) {
        *to = value;
        return 1;
    }
    snprintf(expected, sizeof expected, "a whole number between %.0f and %.0f", rule->least, rule->most);
    return refuse(rule, field, expected, answer);
}

static int store_choice(const web_rule *rule, const web_field *field, int *to, web_answer *answer) {
    char expected[128] = "";
    for (const rule_choice *choice = rule->choices; choice->name; choice++) {
        if (strcmp(choice->name, field->value) == 0) {
            *to = choice->value;
            return 1;
        }
        size_t length = strlen(expected);
        const char *comma = choice == rule->choices ? "" : choice[1].name ? ", " : " or ";
        snprintf(expected + length, sizeof expected - length, "%s%s", comma, choice->name);
    }
    return refuse(rule, field, expected, answer);
}

static int store(const web_rule *rule, const web_field *field, void *to, web_answer *answer) {
    switch (rule->kind) {
    case RULE_TEMPLATE:
        if (!strstr(field->value, "{}")) return refuse(rule, field, "{} where the text goes", answer);
        *(const char **)to = field->value;
        return 1;
    case RULE_TEXT:
        *(const char **)to = field->value;
        return 1;
    case RULE_CHOICE:
        return store_choice(rule, field, to, answer);
    case RULE_WHOLE:
        return store_whole(rule, field, to, answer);
    case RULE_NUMBER:
        return store_number(rule, field, to, answer);
    }
    return 0;
}

int rules_store(const web_field *field, route_kind route, task_wishes *wishes, web_answer *answer) {
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        const web_rule *rule = &RULES[i];
        if (strcmp(rule->name, field->name) == 0 && (rule->routes >> route & 1))
            return store(rule, field, (char *)wishes + rule->offset, answer);
    }
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "unknown_field", "%s has no field '%.80s'", route_name(route),
                 field->name);
    return 0;
}
