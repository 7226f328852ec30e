#include "check/goldens.h"

#include <string.h>

#include "base/error.h"
#include "model/json.h"

static cs_status wrong(const char *source, const char *key, const char *expected, cs_error *error) {
    return cs_fail(error, CS_ERR_FORMAT, "%s: a golden's \"%s\": expected %s", source, key, expected);
}

/* The position of the entry's text among the choices, -1 where it is none of them. */
static int choice(const json_t *entry, const char *key, const char *const *choices) {
    const char *text = json_string_value(json_object_get(entry, key));
    for (int i = 0; text && choices[i]; i++) {
        if (strcmp(text, choices[i]) == 0) return i;
    }
    return -1;
}

static cs_status parse_prompts(const char *source, const json_t *entry, cs_golden *golden, cs_error *error) {
    const json_t *prompts = json_object_get(entry, "prompts");
    size_t most = golden->kind == CS_GOLDEN_MAP ? 1 : CS_GOLDEN_PROMPTS;
    golden->count = json_array_size(prompts);
    if (golden->count < 1 || golden->count > most)
        return wrong(source, "prompts", most == 1 ? "a list of one text" : "a list of 1 to 64 texts", error);
    for (size_t i = 0; i < golden->count; i++) {
        golden->prompts[i] = json_string_value(json_array_get(prompts, i));
        if (!golden->prompts[i]) return wrong(source, "prompts", "texts", error);
    }
    return CS_OK;
}

static int all_numbers(const json_t *list, size_t count) {
    if (!json_is_array(list) || json_array_size(list) != count || count == 0) return 0;
    for (size_t i = 0; i < count; i++) {
        if (!json_is_number(json_array_get(list, i))) return 0;
    }
    return 1;
}

static cs_status parse_expected(const char *source, const json_t *entry, cs_golden *golden, cs_error *error) {
    golden->expected = json_object_get(entry, "expected");
    if (golden->kind != CS_GOLDEN_MAP) {
        if (all_numbers(golden->expected, golden->count)) return CS_OK;
        return wrong(source, "expected", "one number per prompt", error);
    }
    size_t cols = json_array_size(json_array_get(golden->expected, 0)), rows = json_array_size(golden->expected);
    for (size_t i = 0; i < rows; i++) {
        if (!all_numbers(json_array_get(golden->expected, i), cols)) rows = 0;
    }
    return rows > 0 ? CS_OK : wrong(source, "expected", "rows of numbers, all of one length", error);
}

static cs_status parse_map(const char *source, const json_t *entry, cs_golden *golden, cs_error *error) {
    golden->clips = 1;
    golden->normalised = !json_is_false(json_object_get(entry, "normalised"));
    cs_status status = cs_json_int(source, entry, "patch", 0, 65536, &golden->patch, error);
    if (status == CS_OK) status = cs_json_int(source, entry, "window", 0, 1024, &golden->window, error);
    return status == CS_OK ? cs_json_int(source, entry, "clips", 0, 100, &golden->clips, error) : status;
}

cs_status cs_golden_parse(const char *source, const json_t *entry, cs_golden *golden, cs_error *error) {
    static const char *const kinds[] = {"logits", "probabilities", "map", NULL};
    static const char *const pictures[] = {"cats", "diagram", "photo", NULL};
    *golden = (cs_golden){0};
    int kind = choice(entry, "kind", kinds);
    if (kind < 0) return wrong(source, "kind", "logits, probabilities or map", error);
    golden->kind = (cs_golden_kind)kind;
    if (choice(entry, "picture", pictures) < 0) return wrong(source, "picture", "cats, diagram or photo", error);
    golden->picture = json_string_value(json_object_get(entry, "picture"));
    const char *order = json_string_value(json_object_get(entry, "order"));
    golden->openai_order = order && strcmp(order, "openai") == 0;
    golden->tolerance = json_number_value(json_object_get(entry, "tolerance"));
    if (!(golden->tolerance > 0)) return wrong(source, "tolerance", "a number above zero", error);
    cs_status status = parse_prompts(source, entry, golden, error);
    if (status == CS_OK) status = parse_expected(source, entry, golden, error);
    return status == CS_OK && golden->kind == CS_GOLDEN_MAP ? parse_map(source, entry, golden, error) : status;
}
