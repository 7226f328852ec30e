/* Persistent ids: where a pickle says that the bytes of an entry belong to it. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/checkpoint_dtype.h"
#include "model/pytorch_machine.h"

/* The entry data/KEY, named by a hostile string. */
static cs_status find_entry(const cs_pickle *pickle, const cs_value *key, const cs_zip_entry **entry, cs_error *error) {
    char name[256];
    if (key->length > 200 || memchr(key->is.text, '\0', key->length))
        return cs_pickle_fail(pickle, error, "a storage's key of %u bytes", key->length);
    snprintf(name, sizeof name, "data/%.*s", (int)key->length, key->is.text);
    *entry = cs_zip_find(pickle->zip, name);
    if (*entry) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: the archive has no entry '%s', which a tensor needs", pickle->file, name);
}

static int is_storage_id(const cs_pickle *pickle, const cs_value *id) {
    if (id->kind != CS_VALUE_TUPLE || id->length != 5) return 0;
    const cs_value *type = cs_pickle_item(pickle, id, 1);
    return cs_value_is_string(cs_pickle_item(pickle, id, 0), "storage") && type->kind == CS_VALUE_GLOBAL &&
           (type->is.global->kind == CS_GLOBAL_STORAGE || type->is.global->kind == CS_GLOBAL_UNTYPED) &&
           cs_pickle_item(pickle, id, 2)->kind == CS_VALUE_STRING &&
           cs_pickle_item(pickle, id, 4)->kind == CS_VALUE_INT;
}

cs_status cs_pickle_load_storage(cs_pickle *pickle, const cs_value *id, cs_value *storage, cs_error *error) {
    if (!is_storage_id(pickle, id)) return cs_pickle_fail(pickle, error, "a persistent id that is not of a storage");
    const cs_global *type = cs_pickle_item(pickle, id, 1)->is.global;
    size_t width = type->kind == CS_GLOBAL_STORAGE ? cs_dtype_size(type->dtype) : 1;
    const cs_zip_entry *entry;
    const uint8_t *data;
    cs_status status = find_entry(pickle, cs_pickle_item(pickle, id, 2), &entry, error);
    if (status == CS_OK) status = cs_zip_data(pickle->zip, entry, &data, error);
    if (status != CS_OK) return status;
    int64_t elements = cs_pickle_item(pickle, id, 4)->is.integer;
    if (elements < 0 || (uint64_t)elements != entry->size / width)
        return cs_fail(error, CS_ERR_FORMAT, "%s: entry '%.*s' has %llu bytes, expected %lld elements of %zu",
                       pickle->file, (int)entry->name_length, entry->name, (unsigned long long)entry->size,
                       (long long)elements, width);
    cs_storage *made = cs_pool_add(&pickle->storages);
    if (!made) return cs_fail_memory(error, pickle->file);
    *made = (cs_storage){data, (size_t)entry->size, type};
    *storage = (cs_value){.kind = CS_VALUE_STORAGE, .is.index = pickle->storages.count - 1};
    return CS_OK;
}
