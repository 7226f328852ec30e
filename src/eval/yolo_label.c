#include "eval/yolo_label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "eval/dataset_files.h"
#include "eval/dataset_number.h"

enum { TOKEN = 64, BOX = 4, LEAST_OUTLINE = 6 };

/* Labels are written with few digits, and tools round: a box may end a little outside. */
static const double slack = 0.01;

typedef struct label_reader {
    const char *at, *end; /* of the line under way */
    const char *path;
    size_t line;
    cs_yolo_form form;
    const cs_class_list *classes;
    cs_error *error;
} label_reader;

static cs_status refuse(const label_reader *reader, const char *expected, const char *found) {
    return cs_fail(reader->error, CS_ERR_FORMAT, "%s:%zu: expected %s, found '%s'", reader->path, reader->line,
                   expected, found);
}

static int is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line; false at its end. A longer word than any number is cut, and is then no number. */
static int next_word(label_reader *reader, char word[TOKEN]) {
    size_t n = 0;
    while (reader->at < reader->end && is_space(*reader->at))
        reader->at++;
    for (; reader->at < reader->end && !is_space(*reader->at); reader->at++)
        if (n + 1 < TOKEN) word[n++] = *reader->at;
    word[n] = '\0';
    return n > 0;
}

/* Some tools write the class as 3.0. */
static cs_status read_class(label_reader *reader, const char *word, size_t *index) {
    double number;
    if (!cs_dataset_number(word, &number) || number < 0 || number != floor(number))
        return refuse(reader, "the number of a class", word);
    if (!cs_class_list_find(reader->classes, (int64_t)number, index))
        return refuse(reader, "a class that has a name", word);
    return CS_OK;
}

/* What a line holds behind its class. */
typedef struct numbers {
    double first[BOX];
    double low[2], high[2]; /* if the numbers are points: the box around them */
    size_t count;
} numbers;

static void take_number(numbers *line, double value) {
    size_t axis = line->count % 2;
    if (line->count < BOX) line->first[line->count] = value;
    line->low[axis] = line->count < 2 ? value : fmin(line->low[axis], value);
    line->high[axis] = line->count < 2 ? value : fmax(line->high[axis], value);
    line->count++;
}

static cs_status read_numbers(label_reader *reader, numbers *line) {
    char word[TOKEN];
    double value;
    while (next_word(reader, word)) {
        if (!cs_dataset_number(word, &value)) return refuse(reader, "a number", word);
        int matters = reader->form == CS_YOLO_BOXES || line->count < BOX;
        if (matters && (value < -slack || value > 1 + slack))
            return refuse(reader, "a share of the photograph, 0 to 1", word);
        take_number(line, value);
    }
    return CS_OK;
}

static cs_status make_object(const label_reader *reader, const numbers *line, cs_truth *object) {
    double x, y, width, height;
    int outline = reader->form == CS_YOLO_BOXES && line->count > BOX;
    if (line->count < BOX || (outline && (line->count < LEAST_OUTLINE || line->count % 2)))
        return cs_fail(
            reader->error, CS_ERR_FORMAT,
            "%s:%zu: expected class, centre x, y, width, height, or class and an outline's points x y, found "
            "%zu numbers",
            reader->path, reader->line, line->count + 1);
    if (outline) {
        x = line->low[0], width = line->high[0] - x;
        y = line->low[1], height = line->high[1] - y;
    } else {
        width = line->first[2], x = line->first[0] - width / 2;
        height = line->first[3], y = line->first[1] - height / 2;
    }
    if (width < 0 || height < 0)
        return cs_fail(reader->error, CS_ERR_FORMAT, "%s:%zu: expected a width and a height of at least 0",
                       reader->path, reader->line);
    *object = (cs_truth){object->class_index, (float)x, (float)y, (float)width, (float)height, 0, 0};
    return CS_OK;
}

/* *is_object stays 0 for a line of nothing but white space. */
static cs_status read_line(label_reader *reader, cs_truth *object, int *is_object) {
    char word[TOKEN];
    numbers line = {.count = 0};
    *is_object = next_word(reader, word);
    if (!*is_object) return CS_OK;
    cs_status status = read_class(reader, word, &object->class_index);
    if (status == CS_OK) status = read_numbers(reader, &line);
    return status == CS_OK ? make_object(reader, &line, object) : status;
}

static cs_status read_lines(label_reader *reader, const char *end, cs_truth **truth, size_t *count) {
    size_t capacity = 0;
    for (reader->line = 1; reader->at < end; reader->line++) {
        cs_truth object;
        int is_object;
        const char *line_end = memchr(reader->at, '\n', (size_t)(end - reader->at));
        reader->end = line_end ? line_end : end;
        cs_status status = read_line(reader, &object, &is_object);
        if (status != CS_OK) return status;
        reader->at = line_end ? line_end + 1 : end;
        if (!is_object) continue;
        cs_truth *items = cs_room(*truth, *count, &capacity, sizeof *items);
        if (!items) return cs_fail_memory(reader->error, reader->path);
        *truth = items;
        items[(*count)++] = object;
    }
    return CS_OK;
}

cs_status cs_yolo_parse(const char *text, size_t size, const char *path, cs_yolo_form form,
                        const cs_class_list *classes, cs_truth **truth, size_t *count, cs_error *error) {
    cs_truth *found = NULL;
    size_t found_count = 0;
    label_reader reader = {.at = text, .path = path, .form = form, .classes = classes, .error = error};
    cs_status status = read_lines(&reader, text + size, &found, &found_count);
    if (status != CS_OK) {
        free(found);
        return status;
    }
    *truth = found;
    *count = found_count;
    return CS_OK;
}
