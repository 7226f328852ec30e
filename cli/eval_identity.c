#include "eval_identity.h"

#include <stdlib.h>
#include <string.h>

#include "eval_json.h"
#include "say.h"

/* Options that leave every photograph's boxes as they are, or whose meaning is told by a field of its own. All others
 * count, so that an option that is added later is not forgotten here. */
static const char *const HARMLESS[] = {
    "limit",   "shard",  "state",         "metric", "curve",      "format", "min-score", "calibrate", "model", "batch",
    "threads", "report", "class-prompts", "quiet",  "max-pixels", "help",   "search",    "store",     NULL};

static int is_harmless(const char *name) {
    for (const char *const *each = HARMLESS; *each; each++)
        if (strcmp(*each, name) == 0) return 1;
    return 0;
}

static void put(json_t *object, const char *name, json_t *value) {
    if (!value || json_object_set_new(object, name, value) != 0) memory_exhausted();
}

static json_t *texts(char *const *items, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        eval_json_add(array, eval_json_text(items[i]));
    return array;
}

static json_t *choice_name(const option_choice *choice, int value) {
    while (choice->name && choice->value != value)
        choice++;
    return choice->name ? json_string(choice->name) : json_integer(value);
}

static json_t *option_value(const cli_option *option, const cli_settings *settings) {
    const void *field = (const char *)settings + option->offset;
    const text_list *list = field;
    const char *text;
    switch (option->kind) {
    case OPTION_TEXT:
        text = *(const char *const *)field;
        return text ? eval_json_text(text) : json_null();
    case OPTION_TEXTS:
        return texts(list->items, list->count);
    case OPTION_WHOLE:
        return json_integer(*(const long long *)field);
    case OPTION_NUMBER:
        return json_real(*(const double *)field);
    case OPTION_CHOICE:
        return choice_name(option->choices, *(const int *)field);
    case OPTION_FLAG:
    case OPTION_HELP:
        break;
    }
    return json_boolean(*(const int *)field);
}

static void put_options(json_t *identity, const option_group *group, const cli_settings *settings) {
    for (const cli_option *option = group->options; option->name; option++) {
        if (is_harmless(option->name)) continue;
        char *name = text_format("--%s", option->name);
        put(identity, name, option_value(option, settings));
        free(name);
    }
}

static json_t *class_names(const cs_dataset *dataset) {
    json_t *array = json_array();
    for (size_t i = 0; i < cs_dataset_class_count(dataset); i++)
        eval_json_add(array, eval_json_text(cs_dataset_class(dataset, i)));
    return array;
}

/* By what is in the model's files, not by where they are: the parts of a run may come from several machines. A
 * calibration changes the scores; two with the same smallest score are one. */
static json_t *model_identity(const cs_model *model) {
    double calibrated = cs_model_is_calibrated(model) ? (double)cs_model_default_min_score(model) : -1;
    json_t *calibration = calibrated < 0 ? json_null() : json_real(calibrated);
    return json_pack("{s:s, s:s, s:o}", "type", cs_model_type(model), "weights", cs_model_weights_id(model),
                     "calibration", calibration);
}

json_t *eval_identity(const cli_session *session, const eval_run *run, const text_list *prompts,
                      const option_group *const *groups) {
    json_t *identity = json_object();
    put(identity, "clipsight_eval", json_string(cs_version()));
    put(identity, "model", model_identity(session->model));
    put(identity, "photographs", json_integer((json_int_t)run->photographs));
    put(identity, "classes", class_names(run->dataset));
    put(identity, "prompts", texts(prompts->items, prompts->count));
    for (; *groups; groups++)
        put_options(identity, *groups, session->settings);
    return identity;
}

static char *short_value(const json_t *value) {
    int is_given = value && !json_is_null(value);
    char *text = is_given ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)) : NULL;
    char *shown = text_format("%.100s%s", text ? text : "not given", text && strlen(text) > 100 ? "..." : "");
    free(text);
    return shown;
}

static int say_difference(const char *path, const char *key, const json_t *found, const json_t *expected) {
    char *theirs = short_value(found), *ours = short_value(expected);
    complain("%s: was written by another run (%s: %s there, %s here)", path, key, theirs, ours);
    free(theirs);
    free(ours);
    return STATUS_FAILURE;
}

/* Compared as they are written: reading back a number may change its kind. */
static int same(const json_t *a, const json_t *b) {
    char *first = a ? json_dumps(a, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION(9)) : NULL;
    char *second = b ? json_dumps(b, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION(9)) : NULL;
    int equal = first && second && strcmp(first, second) == 0;
    free(first);
    free(second);
    return equal;
}

/* Of two lists of one length the first entries that differ say more than the lists. */
static int differs(const char *path, const char *key, const json_t *found, const json_t *expected) {
    size_t count = json_array_size(expected), i = 0;
    if (count == 0 || json_array_size(found) != count) return say_difference(path, key, found, expected);
    while (i + 1 < count && same(json_array_get(found, i), json_array_get(expected, i)))
        i++;
    char *name = text_format("number %zu of %s", i + 1, key);
    int status = say_difference(path, name, json_array_get(found, i), json_array_get(expected, i));
    free(name);
    return status;
}

int eval_identity_check(const char *path, const json_t *found, const json_t *expected) {
    const char *key;
    json_t *value;
    if (!json_object_get(found, "clipsight_eval")) {
        complain("%s: is no file that clipsight eval --state wrote", path);
        return STATUS_FAILURE;
    }
    json_object_foreach((json_t *)(uintptr_t)expected, key, value) {
        const json_t *other = json_object_get(found, key);
        if (!same(other, value)) return differs(path, key, other, value);
    }
    json_object_foreach((json_t *)(uintptr_t)found, key, value) {
        if (!json_object_get(expected, key)) return differs(path, key, value, NULL);
    }
    return STATUS_OK;
}
