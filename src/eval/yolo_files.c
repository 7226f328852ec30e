#include "eval/yolo_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

/* How deep folders are followed: deeper is a link to itself. */
enum { MAX_DEPTH = 16 };

static const size_t list_limit = (size_t)256 << 20; /* bytes; COCO's list of 118287 photographs has 4.5 million */

static int is_yaml(const char *name) {
    return cs_ends_in(name, ".yaml") || cs_ends_in(name, ".yml");
}

static int is_names(const char *name) {
    return cs_ends_in(name, ".names");
}

/* The first of `names` [count] that is in the folder, else the only other one that `wanted` takes. */
static cs_status find_preferred(const char *folder, const char *const *names, int count,
                                int (*wanted)(const char *name), char **path, cs_error *error) {
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && !*path && i < count; i++)
        status = cs_find_in(folder, names[i], cs_file_exists, path, error);
    return status == CS_OK && !*path ? cs_find_only(folder, wanted, path, error) : status;
}

cs_status cs_yolo_find_yaml(const char *folder, char **path, cs_error *error) {
    static const char *const names[] = {"data.yaml", "data.yml", "dataset.yaml"};
    return find_preferred(folder, names, 3, is_yaml, path, error);
}

cs_status cs_yolo_find_names(const char *folder, char **path, cs_error *error) {
    static const char *const names[] = {"classes.txt", "labels/classes.txt"};
    return find_preferred(folder, names, 2, is_names, path, error);
}

/* Pictures of kinds that clipsight does not read count, too: to leave them out unsaid would change the figures. */
static int is_photo(const char *name) {
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".webp", ".bmp",
                                       ".tif", ".tiff", ".gif", ".avif", ".heic"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (cs_ends_in(name, ends[i])) return 1;
    return 0;
}

static int is_anything(const char *name) {
    (void)name;
    return 1;
}

static cs_status walk(const char *folder, int depth, cs_names *photos, cs_error *error);

static cs_status visit(char *path, int depth, cs_names *photos, cs_error *error) {
    if (cs_folder_exists(path)) return walk(path, depth + 1, photos, error);
    return is_photo(path) ? cs_names_add(photos, path, error) : CS_OK;
}

static cs_status walk(const char *folder, int depth, cs_names *photos, cs_error *error) {
    cs_names names = CS_NAMES_EMPTY;
    if (depth > MAX_DEPTH) return cs_fail(error, CS_ERR_LIMIT, "%s: lies more than %d folders deep", folder, MAX_DEPTH);
    cs_status status = cs_list_folder(folder, is_anything, &names, error);
    for (size_t i = 0; status == CS_OK && i < names.count; i++) {
        char *path = cs_path_join(folder, names.items[i]);
        status = path ? visit(path, depth, photos, error) : cs_fail_memory(error, folder);
        free(path);
    }
    cs_names_free(&names);
    return status;
}

static int is_there(const char *path) {
    return cs_file_exists(path) || cs_folder_exists(path);
}

static cs_status find_below(const cs_names *bases, const char *name, char **path, cs_error *error) {
    cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && !*path && i < bases->count; i++)
        status = cs_find_in(bases->items[i], name, is_there, path, error);
    return status;
}

/* "../train/images" where train lies beside the YAML file is what one widespread exporter writes: without the step up,
 * it is found. */
static cs_status find_entry(const cs_names *bases, const char *entry, char **path, cs_error *error) {
    cs_status status = find_below(bases, entry, path, error);
    if (status == CS_OK && !*path && strncmp(entry, "../", 3) == 0) status = find_below(bases, entry + 3, path, error);
    return status;
}

static cs_status take_line(const char *list, size_t number, const char *name, const cs_names *bases, cs_names *photos,
                           cs_error *error) {
    char *path = NULL, *folder = cs_folder_of(list);
    if (!folder) return cs_fail_memory(error, list);
    cs_status status = cs_find_in(folder, name, cs_file_exists, &path, error);
    free(folder);
    if (status == CS_OK && !path) status = find_below(bases, name, &path, error);
    if (status == CS_OK && !path)
        return cs_fail(error, CS_ERR_IO, "%s:%zu: there is no photograph '%.200s'", list, number, name);
    return status == CS_OK ? cs_names_take(photos, path, error) : status;
}

static cs_status read_list(const char *list, const cs_names *bases, cs_names *photos, cs_error *error) {
    char *text, *rest;
    size_t size;
    cs_status status = cs_file_read(list, list_limit, &text, &size, error);
    if (status != CS_OK) return status;
    if (strlen(text) != size) status = cs_fail(error, CS_ERR_FORMAT, "%s: expected a text file", list);
    rest = text;
    for (size_t number = 1; status == CS_OK && rest; number++) {
        char *line = strsep(&rest, "\n");
        line += strspn(line, " \t\r");
        for (size_t n = strlen(line); n > 0 && strchr(" \t\r", line[n - 1]); n--)
            line[n - 1] = '\0';
        if (*line) status = take_line(list, number, line, bases, photos, error);
    }
    free(text);
    return status;
}

static cs_status gather_from(const char *path, const cs_names *bases, cs_names *photos, cs_error *error) {
    if (cs_folder_exists(path)) return walk(path, 1, photos, error);
    if (cs_ends_in(path, ".txt")) return read_list(path, bases, photos, error);
    return cs_fail(error, CS_ERR_FORMAT, "%s: expected a folder or a .txt list of photographs", path);
}

cs_status cs_yolo_gather(const char *entry, const cs_names *bases, const char *yaml, const char *key, cs_names *photos,
                         cs_error *error) {
    char *path = NULL;
    size_t before = photos->count;
    cs_status status = find_entry(bases, entry, &path, error);
    if (status == CS_OK && !path)
        return cs_fail(error, CS_ERR_IO, "%s: %s: there is no '%.100s' in %s", yaml, key, entry, bases->items[0]);
    if (status == CS_OK) status = gather_from(path, bases, photos, error);
    if (status == CS_OK && photos->count == before)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: expected photographs, found none", path);
    free(path);
    return status;
}

/* The last "/images/" of a path; NULL where there is none. */
static const char *last_images(const char *path) {
    const char *last = NULL;
    for (const char *at = strstr(path, "/images/"); at; at = strstr(at + 1, "/images/"))
        last = at;
    return last;
}

cs_status cs_yolo_label_path(const char *photo, char **path, cs_error *error) {
    const char *images = last_images(photo), *dot = strrchr(cs_base_name(photo), '.');
    size_t length = dot ? (size_t)(dot - photo) : strlen(photo);
    char *label = cs_alloc(length + 5, 1);
    if (!label) return cs_fail_memory(error, photo);
    memcpy(label, photo, length);
    memcpy(label + length, ".txt", 5);
    if (images) memcpy(label + (images - photo), "/labels/", 8);
    *path = label;
    return CS_OK;
}
