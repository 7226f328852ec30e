#include "model/checkpoint_dtype.h"

#include <string.h>

static const struct {
    const char *name;
    size_t size;
} types[] = {[CS_F32] = {"F32", 4}, [CS_F16] = {"F16", 2},         [CS_BF16] = {"BF16", 2},      [CS_F64] = {"F64", 8},
             [CS_I64] = {"I64", 8}, [CS_I32] = {"I32", 4},         [CS_I16] = {"I16", 2},        [CS_I8] = {"I8", 1},
             [CS_U8] = {"U8", 1},   [CS_BOOL] = {"BOOL", 1},       [CS_U16] = {"U16", 2},        [CS_U32] = {"U32", 4},
             [CS_U64] = {"U64", 8}, [CS_F8_E4M3] = {"F8_E4M3", 1}, [CS_F8_E5M2] = {"F8_E5M2", 1}};

const char *cs_dtype_name(cs_dtype dtype) {
    return types[dtype].name;
}

size_t cs_dtype_size(cs_dtype dtype) {
    return types[dtype].size;
}

int cs_dtype_find(const char *name, cs_dtype *dtype) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, name) != 0) continue;
        *dtype = (cs_dtype)i;
        return 1;
    }
    return 0;
}
