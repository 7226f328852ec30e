/* A pickle machine that knows what describes a state dict of tensors, and nothing else.
 *
 * Format: Python's pickletools.py, protocol 2, which torch.save writes; torch/_utils.py and torch/serialization.py for
 * what the names and the persistent ids mean. Python's own machine calls whatever functions a pickle names. This one
 * calls nothing: its functions are the members of cs_global_kind, and each makes one of the values below. Opcodes and
 * names outside its lists are refused by name. Each opcode adds at most one item to each pool, so memory grows with the
 * pickle and not with numbers in it; nothing recurses. */
#ifndef CS_MODEL_PYTORCH_PICKLE_H
#define CS_MODEL_PYTORCH_PICKLE_H

#include "model/pytorch_global.h"
#include "model/pytorch_pool.h"
#include "model/pytorch_zip.h"

typedef enum cs_value_kind {
    CS_VALUE_MARK,
    CS_VALUE_NONE,
    CS_VALUE_BOOL,
    CS_VALUE_INT,
    CS_VALUE_FLOAT, /* nobody asks for its number */
    CS_VALUE_STRING,
    CS_VALUE_GLOBAL,
    CS_VALUE_TUPLE,
    CS_VALUE_LIST, /* nobody asks for its items */
    CS_VALUE_DICT,
    CS_VALUE_STORAGE,
    CS_VALUE_TENSOR
} cs_value_kind;

typedef struct cs_value {
    cs_value_kind kind;
    uint32_t length; /* bytes of a string, items of a tuple */
    union {
        int64_t integer;
        const char *text;        /* in the pickle, not NUL-terminated */
        const cs_global *global; /* CS_VALUE_GLOBAL */
        size_t index;            /* tuple: its first item in `items`; else into the pool of its kind */
    } is;
} cs_value;

/* One entry of a dictionary: a link in the chain of its entries, in the order in which they were set. */
typedef struct cs_pair {
    cs_value key, value;
    size_t next; /* index + 1 of the next pair, 0 at the end */
} cs_pair;

typedef struct cs_dict {
    size_t first, last; /* index + 1 into the pairs, 0 while empty */
    int ordered;        /* an OrderedDict, which BUILD may give attributes */
} cs_dict;

/* The bytes of one entry data/KEY. */
typedef struct cs_storage {
    const uint8_t *data; /* [bytes] inside the archive */
    size_t bytes;
    const cs_global *type; /* CS_GLOBAL_STORAGE or CS_GLOBAL_UNTYPED */
} cs_storage;

typedef struct cs_pickled_tensor {
    cs_tensor tensor; /* without a name */
    int contiguous;   /* zero: the strides are not those of rows one after another, and data has no meaning */
} cs_pickled_tensor;

typedef struct cs_pickle {
    const char *file; /* for messages */
    const cs_zip *zip;
    const uint8_t *begin, *at, *end;
    int stopped;
    cs_pool stack, memo, items; /* cs_value */
    cs_pool pairs;              /* cs_pair */
    cs_pool dicts;              /* cs_dict */
    cs_pool storages;           /* cs_storage */
    cs_pool tensors;            /* cs_pickled_tensor */
} cs_pickle;

/* The longest pickle that is read; that of a state dict of a thousand tensors has about 100,000 bytes. */
#define CS_PICKLE_LIMIT ((size_t)16 << 20)

/* Runs a pickle [size] over the archive that holds its storages. *result is its one value; it and all that hangs on it
 * live until cs_pickle_free(), which is to be called whether this succeeds or not. */
cs_status cs_pickle_run(const cs_zip *zip, const uint8_t *bytes, size_t size, cs_pickle *pickle, cs_value *result,
                        cs_error *error);
void cs_pickle_free(cs_pickle *pickle);

/* "a dictionary" */
const char *cs_value_kind_name(cs_value_kind kind);

/* True if the value is this string. */
int cs_value_is_string(const cs_value *value, const char *string);

#endif
