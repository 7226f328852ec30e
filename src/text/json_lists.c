#include "text/json_lists.h"

#include <string.h>

#include "base/error.h"
#include "text/json_reader.h"

static cs_status fail(const cs_builder *builder, const cs_json_reader *reader, const char *expected) {
    if (reader->string.failed) return cs_fail_memory(builder->error, builder->name);
    return cs_fail(builder->error, CS_ERR_FORMAT, "%s: line %d: expected %s", builder->name, cs_json_line(reader),
                   expected);
}

static cs_status read_entry(cs_builder *builder, cs_json_reader *reader) {
    int64_t id;
    if (!cs_json_read_string(reader) || !cs_json_accept(reader, ':')) return fail(builder, reader, "\"token\": id");
    if (!cs_json_read_integer(reader, &id)) return fail(builder, reader, "an integer behind a token");
    return cs_vocabulary_add(&builder->vocabulary, reader->string.data, reader->string.length, id, builder->name,
                             builder->error);
}

static cs_status read_vocabulary(cs_builder *builder, cs_json_reader *reader) {
    if (!cs_json_accept(reader, '{')) return fail(builder, reader, "a JSON object of tokens and ids");
    if (!cs_json_accept(reader, '}')) {
        do {
            cs_status status = read_entry(builder, reader);
            if (status != CS_OK) return status;
        } while (cs_json_accept(reader, ','));
        if (!cs_json_accept(reader, '}')) return fail(builder, reader, "a comma or } behind an id");
    }
    return cs_json_at_end(reader) ? CS_OK : fail(builder, reader, "the end of the file");
}

cs_status cs_build_json_vocabulary(cs_builder *builder, const char *data, cs_json_span span) {
    cs_json_reader reader = {data, span.end, span.first, CS_STRBUF_EMPTY};
    cs_status status = read_vocabulary(builder, &reader);
    cs_strbuf_free(&reader.string);
    return status;
}

/* "a b" in the reader's string. */
static cs_status add_joined(cs_builder *builder, const cs_json_reader *reader) {
    const char *text = reader->string.data, *space = memchr(text, ' ', reader->string.length);
    size_t left = space ? (size_t)(space - text) : 0;
    if (!space || strchr(space + 1, ' ')) return fail(builder, reader, "[\"a\", \"b\"] or \"a b\" as a merge");
    return cs_build_merge(builder, text, left, space + 1, reader->string.length - left - 1);
}

/* The rest of ["a", "b"]: both strings one behind the other in `pair`. */
static cs_status read_pair(cs_builder *builder, cs_json_reader *reader, cs_strbuf *pair) {
    static const char expected[] = "[\"a\", \"b\"] or \"a b\" as a merge";
    pair->length = 0;
    if (!cs_json_read_string(reader)) return fail(builder, reader, expected);
    size_t left = reader->string.length;
    cs_strbuf_append(pair, reader->string.data, left);
    if (!cs_json_accept(reader, ',') || !cs_json_read_string(reader) || !cs_json_accept(reader, ']'))
        return fail(builder, reader, expected);
    if (pair->failed) return cs_fail_memory(builder->error, "a merge");
    return cs_build_merge(builder, pair->data, left, reader->string.data, reader->string.length);
}

static cs_status read_merge(cs_builder *builder, cs_json_reader *reader, cs_strbuf *pair) {
    if (cs_json_accept(reader, '[')) return read_pair(builder, reader, pair);
    if (!cs_json_read_string(reader)) return fail(builder, reader, "[\"a\", \"b\"] or \"a b\" as a merge");
    return add_joined(builder, reader);
}

static cs_status read_merges(cs_builder *builder, cs_json_reader *reader, cs_strbuf *pair) {
    if (!cs_json_accept(reader, '[')) return fail(builder, reader, "a list of merges");
    if (cs_json_accept(reader, ']')) return CS_OK;
    do {
        cs_status status = read_merge(builder, reader, pair);
        if (status != CS_OK) return status;
    } while (cs_json_accept(reader, ','));
    return cs_json_accept(reader, ']') ? CS_OK : fail(builder, reader, "a comma or ] behind a merge");
}

cs_status cs_build_json_merges(cs_builder *builder, const char *data, cs_json_span span) {
    cs_json_reader reader = {data, span.end, span.first, CS_STRBUF_EMPTY};
    cs_strbuf pair = CS_STRBUF_EMPTY;
    cs_status status = read_merges(builder, &reader, &pair);
    cs_strbuf_free(&reader.string);
    cs_strbuf_free(&pair);
    return status;
}
