/* One indexer at a time: it has the lock, and the work to do in memory. */
#include "store/sqlite.h"

cs_status cs_sqlite_hold(cs_sqlite_store *store, cs_error *error) {
    return store->lock < 0 ? cs_sqlite_lock(&store->sqlite, 0, &store->lock, error) : CS_OK;
}

cs_status cs_sqlite_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_status status = cs_sqlite_hold(own, error);
    if (status == CS_OK && !own->todo) status = cs_todo_create(&own->todo, error);
    return status == CS_OK ? cs_todo_offer(own->todo, paths, n, error) : status;
}

cs_status cs_sqlite_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error) {
    cs_todo *todo = cs_sqlite_of(store)->todo;
    *n = 0;
    return todo ? cs_todo_take(todo, most, paths, n, error) : CS_OK;
}

cs_status cs_sqlite_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_todo *todo = cs_sqlite_of(store)->todo;
    (void)error;
    for (size_t i = 0; todo && i < n; i++)
        cs_todo_done(todo, paths[i]);
    return CS_OK;
}
