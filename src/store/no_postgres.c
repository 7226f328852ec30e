/* In the place of store/postgres_*.c where clipsight was built without libpq. */
#include "base/error.h"
#include "store/backend.h"

#ifndef CLIPSIGHT_POSTGRESQL
cs_status cs_postgres_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error) {
    (void)where, (void)options, (void)store;
    return cs_fail(error, CS_ERR_UNSUPPORTED, "this clipsight was built without PostgreSQL (CLIPSIGHT_POSTGRESQL)");
}
#endif
