/* The Python names that a pickled state dict may use. They are looked up here and nowhere else: nothing is imported. */
#ifndef CS_MODEL_PYTORCH_GLOBAL_H
#define CS_MODEL_PYTORCH_GLOBAL_H

#include "model/checkpoint.h"

typedef enum cs_global_kind {
    CS_GLOBAL_ORDERED_DICT,   /* collections.OrderedDict */
    CS_GLOBAL_TENSOR,         /* torch._utils._rebuild_tensor_v2 */
    CS_GLOBAL_TENSOR_OF_TYPE, /* torch._utils._rebuild_tensor_v3: over an untyped storage */
    CS_GLOBAL_PARAMETER,      /* torch._utils._rebuild_parameter */
    CS_GLOBAL_STORAGE,        /* torch.FloatStorage and its like */
    CS_GLOBAL_UNTYPED,        /* torch.storage.UntypedStorage */
    CS_GLOBAL_DTYPE           /* torch.float32 and its like */
} cs_global_kind;

typedef struct cs_global {
    const char *module, *name;
    cs_global_kind kind;
    cs_dtype dtype; /* of CS_GLOBAL_STORAGE and CS_GLOBAL_DTYPE */
} cs_global;

/* NULL for every name that is not allowed. The strings need no NUL. */
const cs_global *cs_global_find(const char *module, size_t module_length, const char *name, size_t name_length);

#endif
