#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight.h"
#include "interrupt.h"
#include "photo_file.h"
#include "say.h"

typedef struct visited {
    dev_t device;
    ino_t inode;
    int is_used;
} visited;

typedef struct cli_state {
    cli_walk *walk;
    text_list folders; /* still to visit */
    text_list links;   /* to folders; visited when no folder is left */
    visited *seen;     /* a table with open addressing */
    size_t seen_count, seen_capacity;
} cli_state;

static visited *find(visited *seen, size_t capacity, dev_t device, ino_t inode) {
    uint64_t hash = ((uint64_t)inode ^ (uint64_t)device << 32) * 0x9E3779B97F4A7C15u;
    size_t at = (size_t)(hash >> 32) & (capacity - 1);
    while (seen[at].is_used && (seen[at].device != device || seen[at].inode != inode))
        at = (at + 1) & (capacity - 1);
    return &seen[at];
}

static void grow_seen(cli_state *state) {
    size_t capacity = state->seen_capacity ? state->seen_capacity * 2 : 64;
    visited *larger = memory_grow(NULL, capacity, sizeof *larger);
    memset(larger, 0, capacity * sizeof *larger);
    for (size_t i = 0; i < state->seen_capacity; i++) {
        const visited *old = &state->seen[i];
        if (old->is_used) *find(larger, capacity, old->device, old->inode) = *old;
    }
    free(state->seen);
    state->seen = larger;
    state->seen_capacity = capacity;
}

/* True the first time. */
static int visit_once(cli_state *state, const struct stat *info) {
    const folder_list *outputs = state->walk->outputs;
    for (size_t i = 0; outputs && i < outputs->count; i++) {
        if (info->st_dev == outputs->items[i].st_dev && info->st_ino == outputs->items[i].st_ino) return 0;
    }
    if (state->seen_count * 2 >= state->seen_capacity) grow_seen(state);
    visited *place = find(state->seen, state->seen_capacity, info->st_dev, info->st_ino);
    if (place->is_used) return 0;
    *place = (visited){info->st_dev, info->st_ino, 1};
    state->seen_count++;
    return 1;
}

static void unreadable(cli_state *state, const char *folder, int reason) {
    complain("%s: cannot read the folder: %s", folder, strerror(reason));
    text_list_add(&state->walk->unread, text_copy(folder));
}

void walk_add(cli_walk *walk, char *path, const struct stat *info) {
    walk->photos = memory_room(walk->photos, walk->count, &walk->capacity, sizeof *walk->photos);
    walk_photo photo = {.is_missing = !info};
    photo.path = path;
    if (info) {
        photo.bytes = (uint64_t)info->st_size;
        photo.modified = file_time(info);
    }
    walk->photos[walk->count++] = photo;
}

/* A folder at work: its descriptor, so that nothing has to be looked up from the root. */
typedef struct open_folder {
    const char *path;
    DIR *stream;
    int trouble; /* why an entry could not be looked at; 0: all could */
} open_folder;

/* Takes over `path`. A photograph whose link leads nowhere stays in, so that it is reported. */
static void take_other(cli_state *state, open_folder *folder, const char *name, int is_link, char *path) {
    struct stat info;
    int exists = fstatat(dirfd(folder->stream), name, &info, 0) == 0;
    int is_gone = !exists && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP);
    if (!exists && !is_gone) folder->trouble = errno;
    if (exists && S_ISDIR(info.st_mode))
        text_list_add(is_link ? &state->links : &state->folders, path);
    else if (cs_image_is_supported_name(name) && exists && S_ISREG(info.st_mode))
        walk_add(state->walk, path, &info);
    else if (cs_image_is_supported_name(name) && is_gone && is_link)
        walk_add(state->walk, path, NULL);
    else if (exists || is_link)
        text_list_add(&state->walk->others, path);
    else
        free(path);
}

static int is_link_entry(const open_folder *folder, const struct dirent *entry) {
    struct stat info;
    if (entry->d_type != DT_UNKNOWN) return entry->d_type == DT_LNK;
    return fstatat(dirfd(folder->stream), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
}

/* What the folder says of an entry is believed, so that only photographs and links have to be looked at. */
static void take_entry(cli_state *state, open_folder *folder, const struct dirent *entry) {
    const char *name = entry->d_name;
    char *path = path_join(folder->path, name);
    if (entry->d_type == DT_DIR)
        text_list_add(&state->folders, path);
    else if (entry->d_type == DT_REG && !cs_image_is_supported_name(name))
        text_list_add(&state->walk->others, path);
    else
        take_other(state, folder, name, is_link_entry(folder, entry), path);
}

static void read_entries(cli_state *state, open_folder *folder) {
    const struct dirent *entry;
    while (errno = 0, (entry = readdir(folder->stream)) != NULL)
        if (entry->d_name[0] != '.') take_entry(state, folder, entry);
    if (errno != 0) folder->trouble = errno;
    if (folder->trouble) unreadable(state, folder->path, folder->trouble);
}

static void read_folder(cli_state *state, const char *path) {
    struct stat info;
    open_folder folder = {path, opendir(path), 0};
    if (!folder.stream) {
        int reason = errno;
        if (stat(path, &info) != 0 || visit_once(state, &info)) unreadable(state, path, reason);
        return;
    }
    if (fstat(dirfd(folder.stream), &info) != 0 || visit_once(state, &info)) read_entries(state, &folder);
    closedir(folder.stream);
}

static void visit_all(cli_state *state) {
    while (state->folders.count > 0 && !interrupt_signal()) {
        char *path = state->folders.items[--state->folders.count];
        read_folder(state, path);
        free(path);
    }
}

int walk_compare(const void *a, const void *b) {
    return strcmp(((const walk_photo *)a)->path, ((const walk_photo *)b)->path);
}

void walk_folders(cli_walk *walk, const char *const *roots, size_t n) {
    cli_state state = {.walk = walk};
    for (size_t i = 0; i < n; i++)
        text_list_add(&state.folders, text_copy(roots[i]));
    visit_all(&state);
    while (state.links.count > 0 && !interrupt_signal()) {
        /* readdir() gives no order, and of two links to one folder the same must win every time */
        text_list_sort(&state.links);
        text_list_add(&state.folders, state.links.items[0]);
        state.links.items[0] = state.links.items[--state.links.count];
        visit_all(&state);
    }
    if (walk->count > 1) qsort(walk->photos, walk->count, sizeof *walk->photos, walk_compare);
    text_list_sort(&walk->others);
    text_list_sort(&walk->unread);
    text_list_free(&state.folders);
    text_list_free(&state.links);
    free(state.seen);
}

void walk_free(cli_walk *walk) {
    for (size_t i = 0; i < walk->count; i++)
        free(walk->photos[i].path);
    free(walk->photos);
    text_list_free(&walk->others);
    text_list_free(&walk->unread);
}
