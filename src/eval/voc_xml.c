#include "eval/voc_xml.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "eval/dataset_number.h"

enum { XMIN, YMIN, XMAX, YMAX, SIDES };

/* What was read of the object at hand. */
typedef struct object_draft {
    char *name;
    double sides[SIDES];
    int has_side[SIDES];
    int difficult, has_difficult;
} object_draft;

typedef struct voc_reader {
    XML_Parser parser;
    const char *path; /* of the XML file */
    cs_voc_annotation *annotation;
    object_draft object;
    cs_strbuf place; /* names of the open elements: "annotation/object/bndbox" */
    cs_strbuf text;  /* characters since the last tag */
    cs_status status;
    cs_error *error;
} voc_reader;

/* Notes the first failure and stops expat; later ones are consequences. */
static void stop(voc_reader *reader, cs_status status) {
    if (reader->status != CS_OK) return;
    reader->status = status;
    XML_StopParser(reader->parser, XML_FALSE);
}

static void stop_memory(voc_reader *reader) {
    if (reader->status == CS_OK) stop(reader, cs_fail_memory(reader->error, reader->path));
}

static void stop_format(voc_reader *reader, const char *problem, const char *found) {
    if (reader->status != CS_OK) return;
    stop(reader, cs_fail(reader->error, CS_ERR_FORMAT, "%s:%lu: %s%.60s", reader->path,
                         XML_GetCurrentLineNumber(reader->parser), problem, found));
}

static int is_at(const voc_reader *reader, const char *place) {
    return strcmp(reader->place.data, place) == 0;
}

/* The element's text without white space around it; never NULL. */
static char *trimmed(voc_reader *reader) {
    static const char space[] = " \t\r\n";
    if (!reader->text.data) return reader->place.data + reader->place.length; /* "" */
    char *end = reader->text.data + reader->text.length;
    while (end > reader->text.data && strchr(space, end[-1]))
        *--end = '\0';
    return reader->text.data + strspn(reader->text.data, space);
}

/* An empty element counts as absent. */
static void take_string(voc_reader *reader, char **target, const char *text, const char *element) {
    if (!*text) return;
    if (*target) {
        stop_format(reader, "expected one element, found a second: ", element);
        return;
    }
    *target = cs_strdup(text);
    if (!*target) stop_memory(reader);
}

static void take_difficult(voc_reader *reader, const char *text) {
    object_draft *object = &reader->object;
    if (object->has_difficult++) stop_format(reader, "expected one element, found a second: ", "difficult");
    if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
        stop_format(reader, "difficult: expected 0 or 1, found ", text);
    object->difficult = text[0] == '1';
}

static void take_side(voc_reader *reader, const char *text) {
    static const char *const places[SIDES] = {"annotation/object/bndbox/xmin", "annotation/object/bndbox/ymin",
                                              "annotation/object/bndbox/xmax", "annotation/object/bndbox/ymax"};
    object_draft *object = &reader->object;
    for (int i = 0; i < SIDES; i++) {
        if (!is_at(reader, places[i])) continue;
        if (object->has_side[i]++) stop_format(reader, "expected one element, found a second: ", places[i]);
        if (!cs_dataset_number(text, &object->sides[i]))
            stop_format(reader, "bndbox: expected a number of pixels, found ", text);
    }
}

static int is_complete(voc_reader *reader) {
    const object_draft *object = &reader->object;
    const double *side = object->sides;
    if (!object->name) stop_format(reader, "an object without a name", "");
    for (int i = 0; i < SIDES; i++)
        if (!object->has_side[i]) stop_format(reader, "expected xmin, ymin, xmax, ymax in the bndbox of an object", "");
    if (side[XMAX] - side[XMIN] + 1 <= 0 || side[YMAX] - side[YMIN] + 1 <= 0)
        stop_format(reader, "a bndbox whose maximum lies before its minimum", "");
    return reader->status == CS_OK;
}

static cs_voc_object *grow(cs_voc_annotation *annotation) {
    if (annotation->count == annotation->capacity) {
        size_t capacity = annotation->capacity ? annotation->capacity * 2 : 8;
        cs_voc_object *objects = cs_realloc(annotation->objects, capacity, sizeof *objects);
        if (!objects) return NULL;
        annotation->objects = objects;
        annotation->capacity = capacity;
    }
    return &annotation->objects[annotation->count];
}

static void finish_object(voc_reader *reader) {
    if (!is_complete(reader)) return;
    cs_voc_object *object = grow(reader->annotation);
    if (!object) {
        stop_memory(reader);
        return;
    }
    const double *side = reader->object.sides;
    *object = (cs_voc_object){.name = reader->object.name,
                              .x = (float)(side[XMIN] - 1),
                              .y = (float)(side[YMIN] - 1),
                              .width = (float)(side[XMAX] - side[XMIN] + 1),
                              .height = (float)(side[YMAX] - side[YMIN] + 1),
                              .difficult = reader->object.difficult};
    reader->annotation->count++;
    reader->object = (object_draft){.name = NULL};
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes) {
    voc_reader *reader = context;
    (void)attributes;
    if (reader->status != CS_OK) return;
    if (reader->place.length) cs_strbuf_puts(&reader->place, "/");
    cs_strbuf_puts(&reader->place, name);
    reader->text.length = 0;
    cs_strbuf_puts(&reader->text, "");
    if (reader->place.failed || reader->text.failed)
        stop_memory(reader);
    else if (reader->place.length == strlen(name) && strcmp(name, "annotation") != 0)
        stop_format(reader, "expected the element annotation, found ", name);
}

static void XMLCALL on_text(void *context, const char *text, int length) {
    voc_reader *reader = context;
    cs_strbuf_append(&reader->text, text, (size_t)length);
    if (reader->text.failed) stop_memory(reader);
}

static void leave(voc_reader *reader, size_t name_length) {
    size_t length = reader->place.length - name_length;
    reader->place.length = length ? length - 1 : 0; /* the slash too */
    reader->place.data[reader->place.length] = '\0';
    reader->text.length = 0;
    reader->text.data[0] = '\0';
}

static void XMLCALL on_end(void *context, const char *name) {
    voc_reader *reader = context;
    if (reader->status != CS_OK) return;
    if (is_at(reader, "annotation/filename"))
        take_string(reader, &reader->annotation->filename, trimmed(reader), "filename");
    else if (is_at(reader, "annotation/object/name"))
        take_string(reader, &reader->object.name, trimmed(reader), "name");
    else if (is_at(reader, "annotation/object/difficult"))
        take_difficult(reader, trimmed(reader));
    else if (is_at(reader, "annotation/object"))
        finish_object(reader);
    else
        take_side(reader, trimmed(reader));
    leave(reader, strlen(name));
}

static void XMLCALL on_doctype(void *context, const char *name, const char *system, const char *public, int internal) {
    (void)system, (void)public, (void)internal;
    stop_format(context, "a DOCTYPE is not accepted: ", name);
}

/* expat's own complaint, where ours did not come first. */
static cs_status parse_failure(const voc_reader *reader) {
    enum XML_Error code = XML_GetErrorCode(reader->parser);
    if (reader->status != CS_OK) return reader->status;
    if (code == XML_ERROR_NO_MEMORY) return cs_fail_memory(reader->error, reader->path);
    return cs_fail(reader->error, CS_ERR_FORMAT, "%s:%lu: %s", reader->path, XML_GetCurrentLineNumber(reader->parser),
                   XML_ErrorString(code));
}

static cs_status run(voc_reader *reader, const char *xml, size_t size) {
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    if (XML_Parse(reader->parser, xml, (int)size, XML_TRUE) != XML_STATUS_OK) return parse_failure(reader);
    return reader->status;
}

cs_status cs_voc_parse(const char *xml, size_t size, const char *path, cs_voc_annotation *annotation, cs_error *error) {
    /* Through our allocator, so that failing allocations can be tested in expat as well. */
    const XML_Memory_Handling_Suite memory = {malloc, realloc, free};
    cs_voc_annotation found = {NULL, NULL, 0, 0};
    if (size > INT_MAX) return cs_fail(error, CS_ERR_LIMIT, "%s: %zu bytes of XML are too many", path, size);
    voc_reader reader = {.parser = XML_ParserCreate_MM(NULL, &memory, NULL),
                         .path = path,
                         .annotation = &found,
                         .place = CS_STRBUF_EMPTY,
                         .text = CS_STRBUF_EMPTY,
                         .status = CS_OK,
                         .error = error};
    if (!reader.parser) return cs_fail_memory(error, path);
    cs_status status = run(&reader, xml, size);
    XML_ParserFree(reader.parser);
    cs_strbuf_free(&reader.place);
    cs_strbuf_free(&reader.text);
    free(reader.object.name);
    if (status == CS_OK)
        *annotation = found;
    else
        cs_voc_annotation_free(&found);
    return status;
}

void cs_voc_annotation_free(cs_voc_annotation *annotation) {
    for (size_t i = 0; i < annotation->count; i++)
        free(annotation->objects[i].name);
    free(annotation->objects);
    free(annotation->filename);
    *annotation = (cs_voc_annotation){NULL, NULL, 0, 0};
}
