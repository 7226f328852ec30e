#include "eval_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "eval_identity.h"
#include "eval_json.h"
#include "say.h"

static int failed(const char *path, const char *what) {
    complain("--state: %s: cannot %s: %s", path, what, strerror(errno));
    return STATUS_FAILURE;
}

/* ---- Reading ---- */

typedef struct state_reader {
    const char *path;
    FILE *file;
    eval_run *run;
    char *line;
    size_t capacity, number; /* of the line, from 1 */
    off_t whole;             /* length of the whole lines so far */
} state_reader;

static int damaged(const state_reader *reader, const char *what) {
    complain("--state: %s:%zu: %s", reader->path, reader->number, what);
    return STATUS_FAILURE;
}

/* True for a whole line; the line end is cut off. What a run that was killed has left of a last line is no line. */
static int next_line(state_reader *reader) {
    ssize_t length = getline(&reader->line, &reader->capacity, reader->file);
    if (length <= 0 && reader->line) reader->line[0] = '\0'; /* getline() leaves it undefined there */
    if (length <= 0 || reader->line[length - 1] != '\n') return 0;
    reader->line[length - 1] = '\0';
    reader->number++;
    reader->whole += length;
    return 1;
}

static int read_box(const json_t *value, size_t classes, cs_detection *box) {
    double numbers[6];
    if (json_array_size(value) != 6) return 0;
    for (size_t i = 0; i < 6; i++) {
        if (!json_is_number(json_array_get(value, i))) return 0;
        numbers[i] = json_number_value(json_array_get(value, i));
    }
    if (!(numbers[0] >= 0 && numbers[0] < (double)classes)) return 0;
    *box = (cs_detection){(size_t)numbers[0], (float)numbers[1], (float)numbers[2],
                          (float)numbers[3],  (float)numbers[4], (float)numbers[5]};
    return 1;
}

static int keep_boxes(const state_reader *reader, const json_t *list, size_t photo) {
    eval_run *run = reader->run;
    cs_error error = {CS_OK, ""};
    size_t count = json_array_size(list), read = 0;
    cs_detection *boxes = memory_grow(NULL, count, sizeof *boxes);
    while (read < count && read_box(json_array_get(list, read), cs_dataset_class_count(run->dataset), &boxes[read]))
        read++;
    int status = read == count ? STATUS_OK : damaged(reader, "expected boxes of class, score, x, y, width, height");
    if (status == STATUS_OK && cs_detections_from(boxes, count, &run->detections[photo], &error) != CS_OK)
        status = damaged(reader, error.message);
    free(boxes);
    return status;
}

static int is_named(const eval_run *run, size_t photo, const char *name) {
    json_t *expected = eval_json_text(path_name(cs_dataset_photo(run->dataset, photo)));
    int same = strcmp(name, json_string_value(expected)) == 0;
    json_decref(expected);
    return same;
}

static int keep_photo(const state_reader *reader, const json_t *root) {
    eval_run *run = reader->run;
    const json_t *index = json_object_get(root, "photo"), *list = json_object_get(root, "boxes");
    const char *name = json_string_value(json_object_get(root, "name"));
    if (!json_is_integer(index) || !name || !json_is_array(list))
        return damaged(reader, "expected a photograph's boxes");
    json_int_t photo = json_integer_value(index);
    if (photo < 0 || (size_t)photo >= run->photographs) return damaged(reader, "the dataset has no such photograph");
    if (!is_named(run, (size_t)photo, name))
        return damaged(reader, "is about another photograph than the dataset has at this place");
    if (run->detections[photo]) return STATUS_OK; /* in another file, too */
    run->seconds[photo] = json_number_value(json_object_get(root, "seconds"));
    return keep_boxes(reader, list, (size_t)photo);
}

static int read_line(const state_reader *reader, const json_t *identity) {
    json_error_t reason;
    json_t *root = json_loads(reader->line, 0, &reason);
    int is_first = reader->number == 1, status;
    if (is_first)
        status = eval_identity_check(reader->path, root, identity);
    else
        status = root ? keep_photo(reader, root) : damaged(reader, reason.text);
    json_decref(root);
    return status;
}

/* A file of something else must not be mistaken for the torn beginning of ours, and cut. */
static int check_torn_start(const state_reader *reader) {
    static const char start[] = "{\"clipsight_eval\":";
    size_t length = strlen(reader->line), most = strlen(start);
    if (strncmp(reader->line, start, length < most ? length : most) == 0) return STATUS_OK;
    complain("%s: is no file that clipsight eval --state wrote", reader->path);
    return STATUS_FAILURE;
}

static int read_file(state_reader *reader, const json_t *identity) {
    int status = STATUS_OK;
    while (status == STATUS_OK && next_line(reader))
        status = read_line(reader, identity);
    if (status == STATUS_OK && ferror(reader->file)) status = failed(reader->path, "read");
    if (status == STATUS_OK && reader->number == 0 && reader->line && reader->line[0])
        status = check_torn_start(reader);
    free(reader->line);
    return status;
}

/* ---- The files ---- */

static FILE *open_file(const char *path, int is_first) {
    int descriptor = open(path, is_first ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0666);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, is_first ? "r+" : "r");
    if (!file) failed(path, "open");
    return file;
}

/* Only the file that is written to is locked: another run may read it for its own figures. */
static int lock_file(FILE *file, const char *path) {
    if (flock(fileno(file), LOCK_EX | LOCK_NB) == 0) return STATUS_OK;
    if (errno != EWOULDBLOCK) return STATUS_OK; /* a file system without locks */
    complain("--state: %s: another run is writing to it", path);
    return STATUS_FAILURE;
}

static int write_line(FILE *file, const json_t *object) {
    char *line = eval_json_line(object, JSON_COMPACT | JSON_REAL_PRECISION(9));
    int is_written = fputs(line, file) != EOF && fflush(file) == 0;
    free(line);
    return is_written;
}

/* Cuts off a torn line, and begins an empty file. */
static int ready_to_append(FILE *file, const state_reader *reader, const json_t *identity) {
    if (ftruncate(fileno(file), reader->whole) != 0 || fseeko(file, reader->whole, SEEK_SET) != 0)
        return failed(reader->path, "write");
    if (reader->number > 0) return STATUS_OK;
    return write_line(file, identity) ? STATUS_OK : failed(reader->path, "write");
}

static int read_one(eval_state *state, const char *path, const json_t *identity, eval_run *run) {
    int is_first = !state->file;
    FILE *file = open_file(path, is_first);
    if (!file) return STATUS_FAILURE;
    state_reader reader = {.path = path, .file = file, .run = run};
    int status = is_first ? lock_file(file, path) : STATUS_OK;
    if (status == STATUS_OK) status = read_file(&reader, identity);
    if (status == STATUS_OK && is_first) status = ready_to_append(file, &reader, identity);
    if (is_first)
        *state = (eval_state){file, path};
    else
        fclose(file);
    return status;
}

int eval_state_open(eval_state *state, const text_list *paths, const json_t *identity, eval_run *run) {
    int status = STATUS_OK;
    *state = (eval_state){NULL, NULL};
    for (size_t i = 0; i < paths->count && status == STATUS_OK; i++)
        status = read_one(state, paths->items[i], identity, run);
    return status;
}

/* ---- Writing ---- */

static json_t *photo_line(const eval_run *run, size_t photo) {
    const cs_detection *boxes = cs_detections_get(run->detections[photo]);
    json_t *list = json_array();
    for (size_t i = 0; i < cs_detections_count(run->detections[photo]); i++)
        eval_json_add(list, json_pack("[I,f,f,f,f,f]", (json_int_t)boxes[i].prompt, (double)boxes[i].score,
                                      (double)boxes[i].x, (double)boxes[i].y, (double)boxes[i].width,
                                      (double)boxes[i].height));
    json_t *name = eval_json_text(path_name(cs_dataset_photo(run->dataset, photo)));
    return json_pack("{s:I, s:o, s:f, s:o}", "photo", (json_int_t)photo, "name", name, "seconds", run->seconds[photo],
                     "boxes", list);
}

cs_status eval_state_add(void *context, const eval_run *run, size_t photo, cs_error *error) {
    eval_state *state = context;
    if (!state->file) return CS_OK;
    json_t *root = photo_line(run, photo);
    int is_written = write_line(state->file, root);
    json_decref(root);
    return is_written ? CS_OK
                      : set_error(error, CS_ERR_IO, "--state: %s: cannot write: %s", state->path, strerror(errno));
}

void eval_state_close(eval_state *state) {
    if (state->file) fclose(state->file);
}
