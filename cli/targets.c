#include "targets.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "picture_name.h"
#include "results.h"
#include "say.h"

static int is_folder(const char *path) {
    struct stat info;
    int reason = errno;
    int result = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    errno = reason;
    return result;
}

/* Makes a folder and those above it. Returns 0, or -1 with errno set. */
static int make_folders(const char *path) {
    char *part = text_copy(path);
    int result = 0, reason = 0;
    for (char *slash = part; result == 0 && slash;) {
        slash = strchr(slash + 1, '/');
        if (slash) *slash = '\0';
        if (mkdir(part, 0777) != 0 && !is_folder(part)) {
            reason = errno == EEXIST ? ENOTDIR : errno;
            result = -1;
        }
        if (slash) *slash = '/';
    }
    free(part);
    errno = reason;
    return result;
}

/* Its pictures would lie among the photographs, and be taken for some by the next run. */
static int is_same_folder(const char *path, const struct stat *folder) {
    struct stat info;
    return stat(path, &info) == 0 && info.st_dev == folder->st_dev && info.st_ino == folder->st_ino;
}

static int open_folder(cli_targets *targets, const char *command, const text_list *operands) {
    targets->in_folder = 1;
    if (make_folders(targets->path) != 0 || stat(targets->path, &targets->folder) != 0) {
        complain("--%s: %s: cannot make this folder: %s", targets->option, targets->path, strerror(errno));
        return STATUS_FAILURE;
    }
    for (size_t i = 0; i < operands->count; i++) {
        if (is_same_folder(operands->items[i], &targets->folder))
            return usage_error(command, "--%s: expected another folder than that of the photographs, got '%s'",
                               targets->option, targets->path);
    }
    return STATUS_OK;
}

static int check_file(const char *option, const char *path) {
    int trouble = place_trouble(path);
    if (trouble) complain("--%s: %s: cannot be written: %s", option, path, strerror(trouble));
    return trouble ? STATUS_FAILURE : STATUS_OK;
}

int targets_open(cli_targets *targets, const char *command, const char *option, const char *path,
                 const text_list *operands) {
    *targets = (cli_targets){.option = option, .path = path};
    if (!path) return STATUS_OK;
    if (is_folder(path) || path[strlen(path) - 1] == '/') return open_folder(targets, command, operands);
    int several = operands->count > 1 || is_folder(operands->items[0]);
    if (several && picture_has_ending(path))
        return usage_error(command, "--%s: expected a folder for several photographs, got '%s'", option, path);
    if (several) return open_folder(targets, command, operands);
    if (!picture_can_write(path))
        return usage_error(
            command, "--%s: expected a name that ends in .png, .jpg, .jpeg or .webp (or a folder: '%s/'), got '%s'",
            option, path, path);
    return check_file(option, path);
}

int targets_open_folder(cli_targets *targets, const char *command, const char *option, const char *path,
                        const text_list *operands) {
    *targets = (cli_targets){.option = option, .path = path};
    return path ? open_folder(targets, command, operands) : STATUS_OK;
}

/* Length of the folders that a and b share, counted in whole names: "/x/ab", "/x/ac" -> 2. */
static size_t shared_folders(const char *a, size_t a_length, const char *b) {
    size_t i = 0, last = 0;
    for (; i < a_length && b[i] && a[i] == b[i]; i++) {
        if (a[i] == '/') last = i;
    }
    int a_ends = i == a_length || a[i] == '/';
    int b_ends = b[i] == '\0' || b[i] == '/';
    return a_ends && b_ends ? i : last;
}

static size_t common_folders(const text_list *anchors) {
    const char *first = NULL;
    size_t length = 0;
    for (size_t i = 0; i < anchors->count; i++) {
        const char *anchor = anchors->items[i];
        if (anchor[0] == '\0') continue;
        length = first ? shared_folders(first, length, anchor) : strlen(anchor);
        if (!first) first = anchor;
    }
    return length;
}

/* The first photograph that this file is, or NULL. */
static const char *photograph_at(const cli_targets *targets, const char *name) {
    struct stat info;
    if (stat(name, &info) != 0) return NULL;
    for (size_t i = 0; i < targets->photos->count; i++) {
        const cli_photo *photo = &targets->photos->items[i];
        if (photo->device == info.st_dev && photo->inode == info.st_ino) return photo->path;
    }
    return NULL;
}

int targets_check(cli_targets *targets, const char *command, const photo_list *photos) {
    targets->photos = photos;
    if (!targets->path) return STATUS_OK;
    targets->common = common_folders(&photos->anchors);
    if (!targets->in_folder && photograph_at(targets, targets->path))
        return usage_error(command, "--%s: expected another file than the photograph, got '%s'", targets->option,
                           targets->path);
    return STATUS_OK;
}

/* The photograph's path below the folders that all share, as a picture's name in the folder of pictures. */
static char *name_in_folder(const cli_targets *targets, const cli_photo *photo) {
    if (strcmp(photo->path, "-") == 0) return path_join(targets->path, "stdin.png");
    const char *anchor = targets->photos->anchors.items[photo->operand];
    const char *below = strlen(anchor) > targets->common ? anchor + targets->common : "";
    while (*below == '/')
        below++;
    char *middle = path_join(below, photo->path + photo->rest);
    char *whole = path_join(targets->path, middle);
    char *name = picture_name_for(whole);
    free(middle);
    free(whole);
    return name;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(a, b);
}

/* One file has one name here, however its folder is written. */
static char *names_key(const char *name) {
    char *folder = path_folder(name), *resolved = folder_resolved(folder);
    char *key = path_join(resolved, path_name(name));
    free(resolved);
    free(folder);
    return key;
}

/* True the first time. */
static int take_name(cli_targets *targets, const char *name) {
    void **names = targets->sibling ? &targets->sibling->names : &targets->names;
    char *key = names_key(name);
    int is_new = !tfind(key, names, compare_names);
    if (is_new)
        tsearch(key, names, compare_names);
    else
        free(key);
    return is_new;
}

/* Takes over `wanted`; gives it back, or a numbered form of it where it is in use. */
static char *claim(cli_targets *targets, char *wanted) {
    char *name = text_copy(wanted);
    for (size_t number = 2; !take_name(targets, name); number++) {
        free(name);
        name = picture_name_with_number(wanted, number);
    }
    free(wanted);
    return name;
}

static cs_status make_place(const char *name, cs_error *error) {
    char *folder = path_folder(name);
    cs_status status = CS_OK;
    if (folder[0] && make_folders(folder) != 0)
        status = set_error(error, CS_ERR_IO, "%s: cannot make this folder: %s", folder, strerror(errno));
    free(folder);
    return status;
}

static char *wanted_name(const cli_targets *targets, size_t photo, const char *prompt, size_t number) {
    char *name =
        targets->in_folder ? name_in_folder(targets, &targets->photos->items[photo]) : text_copy(targets->path);
    if (!prompt) return name;
    char *longer = picture_name_with_prompt(name, prompt, number);
    free(name);
    return longer;
}

cs_status targets_name(cli_targets *targets, size_t photo, const char *prompt, size_t number, char **name,
                       cs_error *error) {
    char *wanted = wanted_name(targets, photo, prompt, number);
    cs_status status = targets->in_folder ? make_place(wanted, error) : CS_OK;
    if (status != CS_OK) {
        free(wanted);
        return status;
    }
    char *claimed = claim(targets, wanted);
    const char *photograph = photograph_at(targets, claimed);
    if (photograph) {
        free(claimed);
        return set_error(error, CS_ERR_ARGUMENT, "%s: would be replaced by its own picture; expected another folder",
                         photograph);
    }
    *name = claimed;
    return CS_OK;
}

void targets_close(cli_targets *targets) {
    while (targets->names) {
        char *name = *(char **)targets->names;
        tdelete(name, &targets->names, compare_names);
        free(name);
    }
}
