#include "eval/yolo_yaml.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/alloc.h"
#include "base/error.h"

typedef struct yaml_reader {
    yaml_document_t document;
    const char *path;
    cs_yolo_config *config;
    cs_error *error;
} yaml_reader;

static cs_status refuse(const yaml_reader *reader, const yaml_node_t *node, const char *key, const char *expected) {
    return cs_fail(reader->error, CS_ERR_FORMAT, "%s:%zu: %s: expected %s", reader->path, node->start_mark.line + 1,
                   key, expected);
}

/* A scalar's text; NULL for lists and mappings, and for text that holds a NUL. */
static const char *text_of(const yaml_node_t *node) {
    if (node->type != YAML_SCALAR_NODE) return NULL;
    const char *text = (const char *)node->data.scalar.value;
    return strlen(text) == node->data.scalar.length ? text : NULL;
}

/* "key:" with nothing behind it, or with null. */
static int is_nothing(const yaml_node_t *node) {
    const char *text = text_of(node);
    if (!text || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return 0;
    return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static yaml_node_t *node_of(yaml_reader *reader, int id) {
    return yaml_document_get_node(&reader->document, id);
}

/* The value of a key of the outermost mapping; NULL where it is absent or nothing. */
static const yaml_node_t *find(yaml_reader *reader, const char *key) {
    const yaml_node_t *root = yaml_document_get_root_node(&reader->document);
    const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
    for (; pair < root->data.mapping.pairs.top; pair++) {
        const char *name = text_of(node_of(reader, pair->key));
        const yaml_node_t *value = node_of(reader, pair->value);
        if (name && strcmp(name, key) == 0) return is_nothing(value) ? NULL : value;
    }
    return NULL;
}

static cs_status add_class(yaml_reader *reader, int64_t id, const yaml_node_t *node) {
    const char *name = text_of(node);
    if (!name || !*name) return refuse(reader, node, "names", "the name of a class");
    return cs_class_list_take(&reader->config->classes, id, cs_strdup(name), reader->error);
}

static cs_status read_name_list(yaml_reader *reader, const yaml_node_t *names) {
    const yaml_node_item_t *first = names->data.sequence.items.start, *item = first;
    cs_status status = CS_OK;
    for (; status == CS_OK && item < names->data.sequence.items.top; item++)
        status = add_class(reader, item - first, node_of(reader, *item));
    return status;
}

static cs_status read_name_mapping(yaml_reader *reader, const yaml_node_t *names) {
    const yaml_node_pair_t *pair = names->data.mapping.pairs.start;
    cs_status status = CS_OK;
    for (; status == CS_OK && pair < names->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_of(reader, pair->key);
        const char *digits = text_of(key);
        if (!digits || !*digits || strlen(digits) > 9 || digits[strspn(digits, "0123456789")])
            return refuse(reader, key, "names", "the number of a class (0, 1, 2, ...)");
        status = add_class(reader, strtol(digits, NULL, 10), node_of(reader, pair->value));
    }
    return status;
}

static cs_status read_names(yaml_reader *reader) {
    const yaml_node_t *names = find(reader, "names");
    cs_status status;
    if (!names)
        return cs_fail(reader->error, CS_ERR_FORMAT, "%s: expected names, the classes' names, found none",
                       reader->path);
    if (names->type == YAML_SEQUENCE_NODE)
        status = read_name_list(reader, names);
    else if (names->type == YAML_MAPPING_NODE)
        status = read_name_mapping(reader, names);
    else
        return refuse(reader, names, "names", "a list of names, or numbers with names");
    if (status == CS_OK && !reader->config->classes.count) status = refuse(reader, names, "names", "at least one name");
    return status == CS_OK ? cs_class_list_sort(&reader->config->classes, reader->path, reader->error) : status;
}

static cs_status add_photos(yaml_reader *reader, const char *key, const yaml_node_t *node) {
    const char *text = text_of(node);
    if (!text || !*text) return refuse(reader, node, key, "a folder, a .txt list or several of them");
    return cs_names_add(&reader->config->photos, text, reader->error);
}

static cs_status read_split(yaml_reader *reader, const char *key, const yaml_node_t *node) {
    reader->config->split = key;
    if (node->type != YAML_SEQUENCE_NODE) return add_photos(reader, key, node);
    cs_status status = CS_OK;
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; status == CS_OK && item < node->data.sequence.items.top; item++)
        status = add_photos(reader, key, node_of(reader, *item));
    return status;
}

static cs_status read_photos(yaml_reader *reader) {
    static const char *const splits[] = {"val", "test", "train"};
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < 3 && !reader->config->photos.count; i++) {
        const yaml_node_t *node = find(reader, splits[i]);
        if (node) status = read_split(reader, splits[i], node);
    }
    return status;
}

static cs_status read_root(yaml_reader *reader) {
    const yaml_node_t *root = yaml_document_get_root_node(&reader->document);
    if (!root || root->type != YAML_MAPPING_NODE)
        return cs_fail(reader->error, CS_ERR_FORMAT, "%s: expected a mapping with names, path and val", reader->path);
    const yaml_node_t *folder = find(reader, "path");
    if (folder) {
        if (!text_of(folder)) return refuse(reader, folder, "path", "a folder");
        reader->config->path = cs_strdup(text_of(folder));
        if (!reader->config->path) return cs_fail_memory(reader->error, reader->path);
    }
    if (find(reader, "kpt_shape")) reader->config->form = CS_YOLO_POSES;
    cs_status status = read_names(reader);
    return status == CS_OK ? read_photos(reader) : status;
}

static cs_status parser_failure(const yaml_parser_t *parser, const char *path, cs_error *error) {
    if (parser->error == YAML_MEMORY_ERROR) return cs_fail_memory(error, path);
    return cs_fail(error, CS_ERR_FORMAT, "%s:%zu: %s", path, parser->problem_mark.line + 1,
                   parser->problem ? parser->problem : "is not YAML");
}

cs_status cs_yolo_parse_yaml(const char *text, size_t size, const char *path, cs_yolo_config *config, cs_error *error) {
    yaml_parser_t parser;
    yaml_reader reader = {.path = path, .config = config, .error = error};
    *config = (cs_yolo_config)CS_YOLO_CONFIG_EMPTY;
    if (!yaml_parser_initialize(&parser)) return cs_fail_memory(error, path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    cs_status status = CS_OK;
    if (yaml_parser_load(&parser, &reader.document)) {
        status = read_root(&reader);
        yaml_document_delete(&reader.document);
    } else {
        status = parser_failure(&parser, path, error);
    }
    yaml_parser_delete(&parser);
    return status;
}

void cs_yolo_config_free(cs_yolo_config *config) {
    free(config->path);
    cs_names_free(&config->photos);
    cs_class_list_free(&config->classes);
    *config = (cs_yolo_config)CS_YOLO_CONFIG_EMPTY;
}
