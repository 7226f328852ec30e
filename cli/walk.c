#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight.h"
#include "say.h"

typedef struct visited {
    dev_t device;
    ino_t inode;
} visited;

typedef struct cli_state {
    cli_walk *walk;
    text_list folders; /* still to visit */
    text_list links;   /* to folders; visited when no folder is left */
    visited *seen;
    size_t seen_count;
} cli_state;

static int is_same(const struct stat *info, dev_t device, ino_t inode) {
    return info->st_dev == device && info->st_ino == inode;
}

/* True the first time. */
static int visit_once(cli_state *state, const struct stat *info) {
    const folder_list *outputs = state->walk->outputs;
    for (size_t i = 0; i < outputs->count; i++) {
        if (is_same(info, outputs->items[i].st_dev, outputs->items[i].st_ino)) return 0;
    }
    for (size_t i = 0; i < state->seen_count; i++) {
        if (is_same(info, state->seen[i].device, state->seen[i].inode)) return 0;
    }
    state->seen = memory_grow(state->seen, state->seen_count + 1, sizeof *state->seen);
    state->seen[state->seen_count++] = (visited){info->st_dev, info->st_ino};
    return 1;
}

/* Takes over `path`. A photograph whose link leads nowhere stays in, so that it is reported. */
static void take_entry(cli_state *state, char *path) {
    struct stat own, target;
    int exists = stat(path, &target) == 0;
    int is_link = lstat(path, &own) == 0 && S_ISLNK(own.st_mode);
    if (exists && S_ISDIR(target.st_mode))
        text_list_add(is_link ? &state->links : &state->folders, path);
    else if (cs_image_is_supported_name(path) && (!exists || S_ISREG(target.st_mode)))
        text_list_add(&state->walk->photos, path);
    else
        text_list_add(&state->walk->others, path);
}

static void read_folder(cli_state *state, const char *path) {
    struct stat info;
    if (stat(path, &info) == 0 && !visit_once(state, &info)) return;
    DIR *folder = opendir(path);
    if (!folder) {
        complain("%s: cannot read the folder: %s", path, strerror(errno));
        state->walk->failed = 1;
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') take_entry(state, path_join(path, entry->d_name));
    }
    closedir(folder);
}

static void visit_all(cli_state *state) {
    while (state->folders.count > 0) {
        char *path = state->folders.items[--state->folders.count];
        read_folder(state, path);
        free(path);
    }
}

void walk_folder(cli_walk *walk, const char *root) {
    cli_state state = {walk, {NULL, 0, 0}, {NULL, 0, 0}, NULL, 0};
    text_list_add(&state.folders, text_copy(root));
    visit_all(&state);
    while (state.links.count > 0) {
        /* readdir() gives no order, and of two links to one folder the same must win every time */
        text_list_sort(&state.links);
        text_list_add(&state.folders, state.links.items[0]);
        state.links.items[0] = state.links.items[--state.links.count];
        visit_all(&state);
    }
    text_list_sort(&walk->photos);
    text_list_sort(&walk->others);
    text_list_free(&state.folders);
    text_list_free(&state.links);
    free(state.seen);
}

void walk_free(cli_walk *walk) {
    text_list_free(&walk->photos);
    text_list_free(&walk->others);
}
