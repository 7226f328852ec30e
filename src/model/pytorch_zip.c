#include "model/pytorch_zip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/pytorch_bytes.h"
#include "model/pytorch_zip_end.h"

enum { CENTRAL_SIGNATURE = 0x02014b50, CENTRAL_SIZE = 46 };
enum { LOCAL_SIGNATURE = 0x04034b50, LOCAL_SIZE = 30 };
enum { ZIP64_EXTRA = 1, FLAG_ENCRYPTED = 1, MAX_NAME = 511 };

#define NAME_ARGUMENTS(entry) (int)((entry)->name_length < 100 ? (entry)->name_length : 100), (entry)->name

/* Takes the next eight bytes of the ZIP64 field for a number that does not fit where it stands. */
static int widen(uint64_t *number, const uint8_t **at, const uint8_t *end) {
    if (*number != UINT32_MAX) return 1;
    if (end - *at < 8) return 0;
    *number = cs_read_u64(*at);
    *at += 8;
    return 1;
}

/* Numbers of the entry that are at their 32-bit limit are in the extra field instead. */
static int read_extra(const uint8_t *extra, size_t length, cs_zip_entry *entry) {
    const uint8_t *end = extra + length, *field = extra, *field_end = extra;
    while (end - extra >= 4) {
        size_t size = cs_read_u16(extra + 2);
        if (size > (size_t)(end - extra) - 4) return 0;
        if (cs_read_u16(extra) == ZIP64_EXTRA) {
            field = extra + 4;
            field_end = field + size;
            break;
        }
        extra += 4 + size;
    }
    return widen(&entry->size, &field, field_end) && widen(&entry->packed_size, &field, field_end) &&
           widen(&entry->place, &field, field_end);
}

static int is_plain_name(const char *name, size_t length) {
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f) return 0;
    return length > 0 && length <= MAX_NAME;
}

/* One record [*size] of the directory, of which `left` bytes remain; 0 if it is damaged. */
static int read_record(const uint8_t *record, size_t left, cs_zip_entry *entry, size_t *size) {
    if (left < CENTRAL_SIZE || cs_read_u32(record) != CENTRAL_SIGNATURE) return 0;
    size_t name = cs_read_u16(record + 28), extra = cs_read_u16(record + 30), comment = cs_read_u16(record + 32);
    *size = CENTRAL_SIZE + name + extra + comment;
    if (*size > left || cs_read_u16(record + 34) != 0) return 0;
    *entry = (cs_zip_entry){.name = (const char *)record + CENTRAL_SIZE,
                            .name_length = name,
                            .flags = cs_read_u16(record + 8),
                            .method = cs_read_u16(record + 10),
                            .packed_size = cs_read_u32(record + 20),
                            .size = cs_read_u32(record + 24),
                            .place = cs_read_u32(record + 42)};
    return read_extra(record + CENTRAL_SIZE + name, extra, entry) && is_plain_name(entry->name, name);
}

static cs_status read_records(cs_zip *zip, const cs_zip_end *end, cs_error *error) {
    const uint8_t *record = zip->bytes + end->place;
    size_t left = (size_t)end->size, size;
    for (; zip->count < end->entries; zip->count++) {
        if (!read_record(record, left, &zip->entries[zip->count], &size))
            return cs_fail(error, CS_ERR_FORMAT, "%s: entry %zu of the zip directory is damaged", zip->file,
                           zip->count);
        record += size;
        left -= size;
    }
    if (left == 0) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: %zu bytes behind the zip directory's %zu entries, expected none",
                   zip->file, left, zip->count);
}

static int compare_names(const void *a, const void *b) {
    const cs_zip_entry *first = a, *second = b;
    size_t common = first->name_length < second->name_length ? first->name_length : second->name_length;
    int order = memcmp(first->name, second->name, common);
    if (order) return order;
    return (first->name_length > second->name_length) - (first->name_length < second->name_length);
}

static cs_status sort_entries(cs_zip *zip, cs_error *error) {
    qsort(zip->entries, zip->count, sizeof *zip->entries, compare_names);
    for (size_t i = 1; i < zip->count; i++)
        if (compare_names(&zip->entries[i - 1], &zip->entries[i]) == 0)
            return cs_fail(error, CS_ERR_FORMAT, "%s: the zip archive has two entries '%.*s'", zip->file,
                           NAME_ARGUMENTS(&zip->entries[i]));
    return CS_OK;
}

static void find_folder(cs_zip *zip) {
    if (zip->count == 0) return;
    const cs_zip_entry *first = &zip->entries[0];
    const char *slash = memchr(first->name, '/', first->name_length);
    zip->folder = first->name;
    zip->folder_length = slash ? (size_t)(slash - first->name) : 0;
}

static cs_status read_directory(cs_zip *zip, const cs_zip_end *end, cs_error *error) {
    if (end->entries > end->size / CENTRAL_SIZE)
        return cs_fail(error, CS_ERR_FORMAT, "%s: %llu entries do not fit in the zip directory's %llu bytes", zip->file,
                       (unsigned long long)end->entries, (unsigned long long)end->size);
    zip->entries = cs_alloc((size_t)end->entries, sizeof *zip->entries);
    if (!zip->entries) return cs_fail_memory(error, zip->file);
    cs_status status = read_records(zip, end, error);
    if (status != CS_OK) return status;
    find_folder(zip); /* before the entries are put in another order */
    return sort_entries(zip, error);
}

cs_status cs_zip_open(const uint8_t *bytes, size_t size, const char *file, cs_zip *zip, cs_error *error) {
    cs_zip_end end;
    *zip = (cs_zip){.file = file, .bytes = bytes, .size = size};
    cs_status status = cs_zip_find_end(bytes, size, file, &end, error);
    if (status == CS_OK) status = read_directory(zip, &end, error);
    if (status != CS_OK) cs_zip_free(zip);
    return status;
}

void cs_zip_free(cs_zip *zip) {
    free(zip->entries);
    zip->entries = NULL;
    zip->count = 0;
}

/* folder/name in buffer [MAX_NAME + 1]; its length, 0 where it is longer than any entry's name. */
static size_t full_name(const cs_zip *zip, const char *name, char *buffer) {
    int length = snprintf(buffer, MAX_NAME + 1, "%.*s/%s", (int)zip->folder_length, zip->folder, name);
    return length > 0 && length <= MAX_NAME ? (size_t)length : 0;
}

const cs_zip_entry *cs_zip_find(const cs_zip *zip, const char *name) {
    char buffer[MAX_NAME + 1];
    cs_zip_entry key = {.name = buffer};
    if (zip->count > 0) key.name_length = full_name(zip, name, buffer);
    if (key.name_length == 0) return NULL;
    return bsearch(&key, zip->entries, zip->count, sizeof *zip->entries, compare_names);
}

int cs_zip_has(const cs_zip *zip, const char *start) {
    char buffer[MAX_NAME + 1];
    size_t length = zip->count > 0 ? full_name(zip, start, buffer) : 0;
    for (size_t i = 0; length && i < zip->count; i++) {
        const cs_zip_entry *entry = &zip->entries[i];
        if (entry->name_length >= length && memcmp(entry->name, buffer, length) == 0) return 1;
    }
    return 0;
}

static cs_status check_stored(const cs_zip *zip, const cs_zip_entry *entry, cs_error *error) {
    if (entry->flags & FLAG_ENCRYPTED)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: entry '%.*s' is encrypted", zip->file, NAME_ARGUMENTS(entry));
    if (entry->method != 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%s: entry '%.*s' is compressed (method %u), and PyTorch never does that; pack the files again "
                       "without compression (zip -0)",
                       zip->file, NAME_ARGUMENTS(entry), entry->method);
    if (entry->packed_size == entry->size) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: entry '%.*s' is stored, but has two sizes: %llu and %llu", zip->file,
                   NAME_ARGUMENTS(entry), (unsigned long long)entry->packed_size, (unsigned long long)entry->size);
}

cs_status cs_zip_data(const cs_zip *zip, const cs_zip_entry *entry, const uint8_t **data, cs_error *error) {
    cs_status status = check_stored(zip, entry, error);
    if (status != CS_OK) return status;
    size_t left = entry->place < zip->size ? zip->size - (size_t)entry->place : 0;
    const uint8_t *local = zip->bytes + (zip->size - left);
    if (left < LOCAL_SIZE || cs_read_u32(local) != LOCAL_SIGNATURE)
        return cs_fail(error, CS_ERR_FORMAT, "%s: entry '%.*s' does not begin at byte %llu", zip->file,
                       NAME_ARGUMENTS(entry), (unsigned long long)entry->place);
    size_t name = cs_read_u16(local + 26), header = LOCAL_SIZE + name + cs_read_u16(local + 28);
    if (header > left || entry->size > left - header)
        return cs_fail(error, CS_ERR_FORMAT,
                       "%s: entry '%.*s' of %llu bytes goes past the file's end: is it cut short?", zip->file,
                       NAME_ARGUMENTS(entry), (unsigned long long)entry->size);
    if (name != entry->name_length || memcmp(local + LOCAL_SIZE, entry->name, name) != 0)
        return cs_fail(error, CS_ERR_FORMAT, "%s: entry '%.*s' has another name where its bytes begin", zip->file,
                       NAME_ARGUMENTS(entry));
    *data = local + header;
    return CS_OK;
}
