#include "index_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "photo_file.h"
#include "say.h"

static const walk_photo *find_walked(const cli_walk *walk, size_t count, const char *path) {
    const walk_photo wanted = {.path = (char *)(uintptr_t)path}; /* only read */
    return walk->count > 0 ? bsearch(&wanted, walk->photos, count, sizeof wanted, walk_compare) : NULL;
}

/* A file that was named, unless the walk came by it. Whatever its name: it was asked for. */
static void add_file(cli_walk *walk, size_t walked, const index_root *root) {
    struct stat info;
    if (root->is_folder || root->is_absent || find_walked(walk, walked, root->path)) return;
    if (stat(root->path, &info) != 0) return;
    walk_add(walk, text_copy(root->path), &info);
}

static void walk_all(index_plan *plan) {
    cli_walk *walk = &plan->walk;
    const char **folders = memory_grow(NULL, plan->roots.count, sizeof *folders);
    size_t count = 0, walked;
    for (size_t i = 0; i < plan->roots.count; i++)
        if (plan->roots.items[i].is_folder) folders[count++] = plan->roots.items[i].path;
    walk_folders(walk, folders, count);
    free(folders);
    walked = walk->count;
    for (size_t i = 0; i < plan->roots.count; i++)
        if (i == 0 || strcmp(plan->roots.items[i].path, plan->roots.items[i - 1].path) != 0)
            add_file(walk, walked, &plan->roots.items[i]);
    if (walk->count > walked) qsort(walk->photos, walk->count, sizeof *walk->photos, walk_compare);
}

/* Returns how many lead nowhere. */
static size_t report_lost_links(const cli_walk *walk) {
    size_t count = 0;
    for (size_t i = 0; i < walk->count; i++) {
        if (!walk->photos[i].is_missing) continue;
        complain("%s: cannot open: %s", walk->photos[i].path, strerror(ENOENT));
        count++;
    }
    return count;
}

int index_plan_walk(index_plan *plan) {
    int status = STATUS_OK;
    walk_all(plan);
    if (interrupt_signal()) return status;
    if (report_lost_links(&plan->walk) > 0 || plan->walk.unread.count > 0) status = STATUS_FAILURE;
    return status;
}

static void add_todo(index_plan *plan, const walk_photo *photo, index_reason reason) {
    if (photo->is_missing) return;
    plan->todo = memory_room(plan->todo, plan->todo_count, &plan->todo_capacity, sizeof *plan->todo);
    plan->todo[plan->todo_count++] = (index_todo){photo->path, reason};
}

static void add_missing(index_plan *plan, const cs_store_photo *photo) {
    plan->missing = memory_room(plan->missing, plan->missing_count, &plan->missing_capacity, sizeof *plan->missing);
    plan->missing[plan->missing_count++] = (index_missing){.path = text_copy(photo->path)};
}

static uint64_t beginning(const uint8_t hash[32]) {
    uint64_t value;
    memcpy(&value, hash, sizeof value);
    return value;
}

static void add_known(index_plan *plan, const uint8_t hash[32]) {
    plan->known = memory_room(plan->known, plan->known_count, &plan->known_capacity, sizeof *plan->known);
    plan->known[plan->known_count++] = beginning(hash);
}

size_t index_plan_rows(const index_plan *plan, int width, int height) {
    return 1 + (plan->store->windows ? cs_search_windows(width, height, NULL) : 0);
}

static int is_complete(const index_plan *plan, const cs_store_photo *stored) {
    return stored->problem || stored->rows == index_plan_rows(plan, stored->width, stored->height);
}

/* A photograph that was too large may not be with the cap of today. */
static int shall_retry(const index_plan *plan, const cs_store_photo *stored) {
    int is_small_now = stored->width > 0 && (uint64_t)stored->width * (uint64_t)stored->height <= plan->max_pixels;
    return plan->retry || is_small_now;
}

static void compare(index_plan *plan, const walk_photo *photo, const cs_store_photo *stored) {
    if (photo->is_missing) return;
    if (photo->bytes != stored->bytes || photo->modified != stored->modified)
        add_todo(plan, photo, INDEX_CHANGED);
    else if (!is_complete(plan, stored))
        add_todo(plan, photo, INDEX_INCOMPLETE);
    else if (stored->problem && shall_retry(plan, stored))
        add_todo(plan, photo, INDEX_RETRY);
    else if (stored->problem)
        plan->known_broken++;
}

/* Two lists in one order: what is below a root, and what the store has of it. */
typedef struct merge {
    index_plan *plan;
    const index_root *root;
    size_t next, end; /* of the walk's photographs */
} merge;

/* A file's path is also how others begin ("a.jpg", "a.jpg.png"). */
static int is_of_root(const index_root *root, const char *path) {
    if (root->is_folder) return 1;
    const char *rest = path + strlen(root->path);
    return *rest == '\0' || (root->is_absent && *rest == '/');
}

static int take_stored(void *context, const cs_store_photo *stored) {
    merge *m = context;
    index_plan *plan = m->plan;
    int order = 1;
    if (!is_of_root(m->root, stored->path)) return interrupt_signal() != 0;
    if (!stored->problem && is_complete(plan, stored)) add_known(plan, stored->hash);
    while (m->next < m->end && (order = strcmp(plan->walk.photos[m->next].path, stored->path)) < 0)
        add_todo(plan, &plan->walk.photos[m->next++], INDEX_NEW);
    if (m->next < m->end && order == 0)
        compare(plan, &plan->walk.photos[m->next++], stored);
    else
        add_missing(plan, stored);
    return interrupt_signal() != 0;
}

/* Index of the first photograph whose path is not below `path`. */
static size_t lower_bound(const cli_walk *walk, const char *path) {
    size_t low = 0, high = walk->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(walk->photos[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static cs_status compare_root(index_plan *plan, cs_store *store, const index_root *root, cs_error *error) {
    char *prefix = index_root_prefix(root);
    size_t length = strlen(prefix);
    merge m = {plan, root, lower_bound(&plan->walk, prefix), 0};
    for (m.end = m.next; m.end < plan->walk.count; m.end++)
        if (strncmp(plan->walk.photos[m.end].path, prefix, length) != 0 ||
            !is_of_root(root, plan->walk.photos[m.end].path))
            break;
    cs_status status = cs_store_each(store, prefix, take_stored, &m, error);
    while (status == CS_OK && m.next < m.end)
        add_todo(plan, &plan->walk.photos[m.next++], INDEX_NEW);
    free(prefix);
    return status;
}

static int compare_todo(const void *a, const void *b) {
    return strcmp(((const index_todo *)a)->path, ((const index_todo *)b)->path);
}

static int compare_missing(const void *a, const void *b) {
    return strcmp(((const index_missing *)a)->path, ((const index_missing *)b)->path);
}

static int compare_known(const void *a, const void *b) {
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

cs_status index_plan_compare(index_plan *plan, cs_store *store, cs_error *error) {
    for (size_t i = 0; i < plan->roots.count; i++) {
        const index_root *root = &plan->roots.items[i];
        cs_status status = root->is_inside ? CS_OK : compare_root(plan, store, root, error);
        if (status != CS_OK) return status;
    }
    if (plan->todo_count > 1) qsort(plan->todo, plan->todo_count, sizeof *plan->todo, compare_todo);
    if (plan->missing_count > 1) qsort(plan->missing, plan->missing_count, sizeof *plan->missing, compare_missing);
    if (plan->known_count > 1) qsort(plan->known, plan->known_count, sizeof *plan->known, compare_known);
    return CS_OK;
}

const index_todo *index_plan_find(const index_plan *plan, const char *path) {
    const index_todo wanted = {.path = path};
    return plan->todo_count > 0 ? bsearch(&wanted, plan->todo, plan->todo_count, sizeof wanted, compare_todo) : NULL;
}

index_missing *index_plan_find_missing(const index_plan *plan, const char *path) {
    const index_missing wanted = {.path = (char *)(uintptr_t)path}; /* only read */
    if (plan->missing_count == 0) return NULL;
    return bsearch(&wanted, plan->missing, plan->missing_count, sizeof wanted, compare_missing);
}

int index_plan_knows(const index_plan *plan, const uint8_t hash[32]) {
    uint64_t wanted = beginning(hash);
    return plan->known_count > 0 &&
           bsearch(&wanted, plan->known, plan->known_count, sizeof wanted, compare_known) != NULL;
}

void index_plan_free(index_plan *plan) {
    for (size_t i = 0; i < plan->missing_count; i++) {
        free(plan->missing[i].path);
        free(plan->missing[i].empty_folder);
    }
    free(plan->todo);
    free(plan->missing);
    free(plan->known);
    index_roots_free(&plan->roots);
    walk_free(&plan->walk);
}
