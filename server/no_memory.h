/* Memory is short, as the library would say it. */
#ifndef SERVER_NO_MEMORY_H
#define SERVER_NO_MEMORY_H

#include "clipsight.h"

static inline cs_status no_memory(cs_error *error) {
    *error = (cs_error){CS_ERR_MEMORY, "out of memory"};
    return CS_ERR_MEMORY;
}

#endif
