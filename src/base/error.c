#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

cs_status cs_fail(cs_error *error, cs_status code, const char *format, ...) {
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        error->code = code;
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
    return code;
}

cs_status cs_fail_memory(cs_error *error, const char *what) {
    return cs_fail(error, CS_ERR_MEMORY, "out of memory for %s", what);
}

const char *cs_status_name(cs_status status) {
    switch (status) {
    case CS_OK:
        return "ok";
    case CS_ERR_ARGUMENT:
        return "invalid argument";
    case CS_ERR_IO:
        return "input/output error";
    case CS_ERR_FORMAT:
        return "format error";
    case CS_ERR_UNSUPPORTED:
        return "unsupported";
    case CS_ERR_LIMIT:
        return "limit exceeded";
    case CS_ERR_MEMORY:
        return "out of memory";
    case CS_ERR_CANCELLED:
        return "cancelled";
    case CS_ERR_INTERNAL:
        return "internal error";
    }
    return "unknown status";
}

const char *cs_version(void) {
    return CLIPSIGHT_VERSION;
}
