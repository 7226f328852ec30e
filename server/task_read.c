/* From the fields of a request to a task. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "task_search.h"
#include "utf8.h"

static int fail(web_answer *answer, const char *code, const char *message) {
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, code, "%s", message);
    return 0;
}

static int refuse_memory(web_answer *answer) {
    answer_no_memory(answer);
    return 0;
}

/* JSON takes strings of UTF-8 alone, and a text with a zero byte is not the text that the model would read. */
static int is_text(const web_field *field) {
    return !memchr(field->value, '\0', field->size) && utf8_is_valid(field->value, field->size);
}

static int add_label(const char ***list, size_t *count, const char *label, web_answer *answer) {
    const char **grown = realloc(*list, (*count + 1) * sizeof *grown);
    if (!grown) return refuse_memory(answer);
    grown[(*count)++] = label;
    *list = grown;
    return 1;
}

static int refuse_length(const web_field *field, const server_limits *limits, web_answer *answer) {
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "text_too_long", "%.80s: expected at most %zu bytes, got %zu",
                 field->name, limits->prompt_length, field->size);
    return 0;
}

static size_t most_labels(const web_task *task, const server_limits *limits) {
    const size_t searched = CS_SEARCH_QUERIES_MOST;
    return task->route == ROUTE_SEARCH && limits->prompts > searched ? searched : limits->prompts;
}

static int take_label(web_task *task, const web_field *field, const server_limits *limits, web_answer *answer) {
    int is_negative = strcmp(field->name, "negative") == 0 || strcmp(field->name, "not") == 0;
    size_t most = most_labels(task, limits);
    if (task->label_count + task->negative_count >= most) {
        answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "too_many_prompts", "expected at most %zu prompts", most);
        return 0;
    }
    if (field->size > limits->prompt_length) return refuse_length(field, limits, answer);
    if (field->value[strspn(field->value, " \t\r\n\f\v")] == '\0') {
        answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid_field", "%s: expected words, found an empty text",
                     field->name);
        return 0;
    }
    if (is_negative) return add_label(&task->negatives, &task->negative_count, field->value, answer);
    return add_label(&task->labels, &task->label_count, field->value, answer);
}

static int take_photo(web_task *task, const char *bytes, size_t size, const char *name, web_answer *answer) {
    if (task->photo) return fail(answer, "invalid_field", "image: expected one photograph, got several");
    task->photo = bytes;
    task->photo_size = size;
    task->photo_name = strdup(name && name[0] ? name : "-");
    return task->photo_name ? 1 : refuse_memory(answer);
}

static int is_label(const web_task *task, const char *name) {
    if (task->route == ROUTE_EMBED) return strcmp(name, "text") == 0;
    if (task->route == ROUTE_SEARCH) return strcmp(name, "q") == 0 || strcmp(name, "not") == 0;
    return strcmp(name, "prompt") == 0 || (task->route == ROUTE_DETECT && strcmp(name, "negative") == 0);
}

/* True where the query, or the body, has a field of this name below the index. */
static int has_field(const field_list *fields, size_t below, const char *name, int of_query) {
    for (size_t i = 0; i < below; i++)
        if (fields->items[i].of_query == of_query && strcmp(fields->items[i].name, name) == 0) return 1;
    return 0;
}

static int is_repeated(const field_list *fields, size_t index) {
    const web_field *field = &fields->items[index];
    return has_field(fields, index, field->name, field->of_query);
}

/* What a form says counts in place of what the query says. */
static int is_overruled(const field_list *fields, size_t index) {
    const web_field *field = &fields->items[index];
    return field->of_query && has_field(fields, fields->count, field->name, 0);
}

static int take_field(web_task *task, size_t index, const server_options *options, web_answer *answer) {
    const web_field *field = &task->fields.items[index];
    if (strcmp(field->name, "image") == 0 && route_has_body(task->route))
        return take_photo(task, field->value, field->size, field->file_name, answer);
    if (!is_text(field)) {
        answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid_field", "%.80s: expected text in UTF-8",
                     utf8_is_valid(field->name, strlen(field->name)) ? field->name : "a field");
        return 0;
    }
    if (is_label(task, field->name)) return take_label(task, field, &options->limits, answer);
    if (is_repeated(&task->fields, index)) {
        answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid_field", "%.80s: given more than once",
                     field->name);
        return 0;
    }
    if (field->size > options->limits.prompt_length) return refuse_length(field, &options->limits, answer);
    return rules_store(field, task->route, &task->wishes, answer);
}

static int check_search(const web_task *task, web_answer *answer) {
    if (task->label_count == 0) return fail(answer, "missing_field", "q: expected at least one");
    if (!task->wishes.where || task->wishes.top <= MOST_LOOKED_AT) return 1;
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid_field", "top: expected at most %d with where",
                 MOST_LOOKED_AT);
    return 0;
}

/* What no single field can tell. */
static int check(const web_task *task, web_answer *answer) {
    const task_wishes *wishes = &task->wishes;
    if (task->route == ROUTE_SEARCH) return check_search(task, answer);
    if (task->route == ROUTE_SEARCH_PHOTO)
        return wishes->id ? 1 : fail(answer, "missing_field", "id: expected that of a photograph");
    if (task->route == ROUTE_EMBED && (task->photo != NULL) == (task->label_count > 0))
        return fail(answer, "missing_field", "expected either a photograph (image) or texts (text)");
    if (task->route != ROUTE_EMBED && !task->photo)
        return fail(answer, "missing_field", "image: expected a photograph");
    if (task->route != ROUTE_EMBED && task->label_count == 0)
        return fail(answer, "missing_field", "prompt: expected at least one");
    if ((size_t)wishes->index >= task->label_count && task->route == ROUTE_LOCALIZE)
        return fail(answer, "invalid_field", "index: expected a number below that of the prompts");
    if (task->route == ROUTE_EMBED && task->photo && wishes->text_template)
        return fail(answer, "invalid_field", "template: goes with texts, not with a photograph");
    return 1;
}

/* Method, variant and windows that do not go together, or not with this model, are found before the photograph is
 * decoded. */
static int check_method(const web_task *task, const cs_model *model, web_answer *answer) {
    const cs_localize_options options = task_localize_options(task);
    cs_error error;
    if (task->route != ROUTE_DETECT && task->route != ROUTE_LOCALIZE) return 1;
    if (cs_localize_check(model, &options, &error) == CS_OK) return 1;
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "invalid_field", "%s", error.message);
    return 0;
}

int task_read(web_task *task, const server_options *options, const char *raw, size_t raw_size, web_answer *answer) {
    task->wishes = (task_wishes){.min_score = -1, .overlap = -1, .style = -1, .top = 20, .size = 320, .least = NAN};
    task->show_paths = options->show_paths;
    if (raw && !take_photo(task, raw, raw_size, "-", answer)) return 0;
    for (size_t i = 0; i < task->fields.count; i++)
        if (!is_overruled(&task->fields, i) && !take_field(task, i, options, answer)) return 0;
    return check(task, answer) && check_method(task, options->model, answer);
}
