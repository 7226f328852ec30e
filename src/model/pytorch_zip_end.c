#include "model/pytorch_zip_end.h"

#include "base/error.h"
#include "model/pytorch_bytes.h"

enum { END_SIGNATURE = 0x06054b50, END_SIZE = 22, MAX_COMMENT = 65535 };
enum { LOCATOR_SIGNATURE = 0x07064b50, LOCATOR_SIZE = 20 };
enum { END64_SIGNATURE = 0x06064b50, END64_SIZE = 56 };

/* Searched from the back. The comment's length must fit, so that a signature within a comment does not count. */
static const uint8_t *find_record(const uint8_t *bytes, size_t size) {
    for (size_t behind = END_SIZE; behind <= size && behind <= END_SIZE + MAX_COMMENT; behind++) {
        const uint8_t *record = bytes + size - behind;
        if (cs_read_u32(record) == END_SIGNATURE && cs_read_u16(record + 20) == behind - END_SIZE) return record;
    }
    return NULL;
}

static cs_status read_end64(const uint8_t *bytes, const uint8_t *locator, const char *file, cs_zip_end *end,
                            cs_error *error) {
    size_t limit = (size_t)(locator - bytes);
    uint64_t place = cs_read_u64(locator + 8);
    if (limit < END64_SIZE || place > limit - END64_SIZE || cs_read_u32(bytes + place) != END64_SIGNATURE)
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a ZIP64 end record at byte %llu", file,
                       (unsigned long long)place);
    const uint8_t *record = bytes + place;
    *end = (cs_zip_end){cs_read_u64(record + 32), cs_read_u64(record + 40), cs_read_u64(record + 48)};
    return CS_OK;
}

/* A field of the short record is either at its limit or the same as in the long one: otherwise readers that look at
 * one of them would see another archive than those that look at the other. */
static int agree(uint64_t small, uint64_t limit, uint64_t large) {
    return small == limit || small == large;
}

static cs_status check_end(const uint8_t *record, const cs_zip_end *end, size_t limit, const char *file,
                           cs_error *error) {
    if (!agree(cs_read_u16(record + 10), UINT16_MAX, end->entries) ||
        !agree(cs_read_u32(record + 12), UINT32_MAX, end->size) ||
        !agree(cs_read_u32(record + 16), UINT32_MAX, end->place))
        return cs_fail(error, CS_ERR_FORMAT, "%s: the zip archive's two end records disagree", file);
    if (end->size > limit || end->place > limit - end->size)
        return cs_fail(error, CS_ERR_FORMAT,
                       "%s: the zip directory (%llu bytes from %llu) does not end before byte %zu", file,
                       (unsigned long long)end->size, (unsigned long long)end->place, limit);
    return CS_OK;
}

cs_status cs_zip_find_end(const uint8_t *bytes, size_t size, const char *file, cs_zip_end *end, cs_error *error) {
    const uint8_t *record = find_record(bytes, size);
    if (!record)
        return cs_fail(error, CS_ERR_FORMAT, "%s: a zip archive without its end record: is the file cut short?", file);
    size_t limit = (size_t)(record - bytes);
    cs_zip_end found = {cs_read_u16(record + 10), cs_read_u32(record + 12), cs_read_u32(record + 16)};
    if (limit >= LOCATOR_SIZE && cs_read_u32(record - LOCATOR_SIZE) == LOCATOR_SIGNATURE) {
        cs_status status = read_end64(bytes, record - LOCATOR_SIZE, file, &found, error);
        if (status != CS_OK) return status;
        limit -= LOCATOR_SIZE;
    }
    cs_status status = check_end(record, &found, limit, file, error);
    if (status == CS_OK) *end = found;
    return status;
}
