/* Stands in until stores in PostgreSQL are there. */
#include "base/error.h"
#include "store/backend.h"

cs_status cs_postgres_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error) {
    (void)where, (void)options, (void)store;
    return cs_fail(error, CS_ERR_UNSUPPORTED, "stores in PostgreSQL are not there yet");
}
