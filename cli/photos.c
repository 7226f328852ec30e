#include "photos.h"

#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "say.h"

void photos_add(photo_list *photos, char *path, size_t operand, size_t rest) {
    photos->items = memory_room(photos->items, photos->count, &photos->capacity, sizeof *photos->items);
    struct stat info;
    if (stat(path, &info) != 0) info = (struct stat){0};
    photos->items[photos->count++] = (cli_photo){path, operand, rest, info.st_dev, info.st_ino};
}

char *folder_resolved(const char *folder) {
    char *real = realpath(folder[0] ? folder : ".", NULL);
    return real ? real : text_copy(folder);
}

static void note_others(const char *folder, const text_list *others) {
    if (others->count == 0) return;
    size_t shown = others->count < 3 ? others->count : 3;
    char *names = text_copy("");
    for (size_t i = 0; i < shown; i++) {
        char *longer = text_format("%s%s%s", names, i ? ", " : "", path_name(others->items[i]));
        free(names);
        names = longer;
    }
    complain("%s: skipped %zu file%s that %s no photograph%s (%s%s)", folder, others->count,
             others->count == 1 ? "" : "s", others->count == 1 ? "is" : "are", others->count == 1 ? "" : "s", names,
             shown < others->count ? ", ..." : "");
    free(names);
}

static size_t length_below(const char *folder) {
    size_t length = strlen(folder);
    return length + (folder[length - 1] != '/');
}

static int collect_folder(photo_list *photos, const char *folder, size_t operand, const folder_list *outputs,
                          int quiet) {
    cli_walk walk = {.outputs = outputs};
    walk_folders(&walk, &folder, 1);
    if (!quiet) note_others(folder, &walk.others);
    int status = walk.unread.count > 0 ? STATUS_FAILURE : STATUS_OK;
    if (walk.count == 0 && walk.unread.count == 0 && !interrupt_signal()) {
        complain("%s: no photographs in this folder: expected files that end in .jpg, .jpeg, .png or .webp", folder);
        status = STATUS_FAILURE;
    }
    for (size_t i = 0; i < walk.count; i++)
        photos_add(photos, text_copy(walk.photos[i].path), operand, length_below(folder));
    walk_free(&walk);
    return status;
}

static void collect_file(photo_list *photos, const char *path, size_t operand) {
    size_t rest = (size_t)(path_name(path) - path);
    char *folder = path_folder(path);
    int is_stdin = strcmp(path, "-") == 0;
    text_list_add(&photos->anchors, is_stdin ? text_copy("") : folder_resolved(folder));
    photos_add(photos, text_copy(path), operand, rest);
    free(folder);
}

int photos_check(const char *command, const text_list *operands, int stdins) {
    for (size_t i = 0; i < operands->count; i++) {
        if (operands->items[i][0] == '\0') return usage_error(command, "expected a photograph, got an empty name");
        stdins += strcmp(operands->items[i], "-") == 0;
    }
    return stdins > 1 ? usage_error(command, "'-' (standard input) can be given only once") : STATUS_OK;
}

int photos_collect(photo_list *photos, const text_list *operands, const folder_list *outputs, int quiet) {
    int status = STATUS_OK;
    for (size_t i = 0; i < operands->count; i++) {
        const char *path = operands->items[i];
        struct stat info;
        if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
            collect_file(photos, path, i);
            continue;
        }
        text_list_add(&photos->anchors, folder_resolved(path));
        if (collect_folder(photos, path, i, outputs, quiet) != STATUS_OK) status = STATUS_FAILURE;
    }
    return status;
}

void photos_free(photo_list *photos) {
    for (size_t i = 0; i < photos->count; i++)
        free(photos->items[i].path);
    free(photos->items);
    text_list_free(&photos->anchors);
    *photos = (photo_list){NULL, 0, 0, {NULL, 0, 0}};
}
