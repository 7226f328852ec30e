/* A search through all blocks, by several threads. */
#ifndef CS_STORE_SQLITE_SCAN_H
#define CS_STORE_SQLITE_SCAN_H

#include "store/scan.h"
#include "store/sqlite.h"

/* Adds the best photographs to `top`. Within a transaction of the store's own connection, of which store->index is up
 * to date. */
cs_status cs_sqlite_scan(cs_sqlite_store *store, const cs_scan *scan, const cs_search_options *options, cs_top *top,
                         cs_error *error);

#endif
