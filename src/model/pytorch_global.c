#include "model/pytorch_global.h"

#include <string.h>

static const cs_global globals[] = {
    {"collections", "OrderedDict", CS_GLOBAL_ORDERED_DICT, 0},
    {"torch._utils", "_rebuild_tensor_v2", CS_GLOBAL_TENSOR, 0},
    {"torch._utils", "_rebuild_tensor_v3", CS_GLOBAL_TENSOR_OF_TYPE, 0},
    {"torch._utils", "_rebuild_parameter", CS_GLOBAL_PARAMETER, 0},
    {"torch", "FloatStorage", CS_GLOBAL_STORAGE, CS_F32},
    {"torch", "HalfStorage", CS_GLOBAL_STORAGE, CS_F16},
    {"torch", "BFloat16Storage", CS_GLOBAL_STORAGE, CS_BF16},
    {"torch", "DoubleStorage", CS_GLOBAL_STORAGE, CS_F64},
    {"torch", "LongStorage", CS_GLOBAL_STORAGE, CS_I64},
    {"torch", "IntStorage", CS_GLOBAL_STORAGE, CS_I32},
    {"torch", "ShortStorage", CS_GLOBAL_STORAGE, CS_I16},
    {"torch", "CharStorage", CS_GLOBAL_STORAGE, CS_I8},
    {"torch", "ByteStorage", CS_GLOBAL_STORAGE, CS_U8},
    {"torch", "BoolStorage", CS_GLOBAL_STORAGE, CS_BOOL},
    {"torch.storage", "UntypedStorage", CS_GLOBAL_UNTYPED, 0},
    {"torch", "float32", CS_GLOBAL_DTYPE, CS_F32},
    {"torch", "float16", CS_GLOBAL_DTYPE, CS_F16},
    {"torch", "bfloat16", CS_GLOBAL_DTYPE, CS_BF16},
    {"torch", "float64", CS_GLOBAL_DTYPE, CS_F64},
    {"torch", "int64", CS_GLOBAL_DTYPE, CS_I64},
    {"torch", "int32", CS_GLOBAL_DTYPE, CS_I32},
    {"torch", "int16", CS_GLOBAL_DTYPE, CS_I16},
    {"torch", "int8", CS_GLOBAL_DTYPE, CS_I8},
    {"torch", "uint8", CS_GLOBAL_DTYPE, CS_U8},
    {"torch", "bool", CS_GLOBAL_DTYPE, CS_BOOL},
    {"torch", "uint16", CS_GLOBAL_DTYPE, CS_U16},
    {"torch", "uint32", CS_GLOBAL_DTYPE, CS_U32},
    {"torch", "uint64", CS_GLOBAL_DTYPE, CS_U64},
    {"torch", "float8_e4m3fn", CS_GLOBAL_DTYPE, CS_F8_E4M3},
    {"torch", "float8_e5m2", CS_GLOBAL_DTYPE, CS_F8_E5M2},
};

static int is_same(const char *string, const char *bytes, size_t length) {
    return strlen(string) == length && memcmp(string, bytes, length) == 0;
}

const cs_global *cs_global_find(const char *module, size_t module_length, const char *name, size_t name_length) {
    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++)
        if (is_same(globals[i].module, module, module_length) && is_same(globals[i].name, name, name_length))
            return &globals[i];
    return NULL;
}
