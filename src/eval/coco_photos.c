#include "eval/coco_photos.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

static const char prefix[] = "instances_";

static int is_json(const char *name) {
    return cs_ends_in(name, ".json");
}

static int is_instances(const char *name) {
    return is_json(name) && strncmp(name, prefix, strlen(prefix)) == 0;
}

cs_status cs_coco_find_json(const char *folder, int instances, char **path, cs_error *error) {
    int (*wanted)(const char *) = instances ? is_instances : is_json;
    char *below = NULL;
    cs_status status = cs_find_in(folder, "annotations", cs_folder_exists, &below, error);
    if (status == CS_OK && below) status = cs_find_only(below, wanted, path, error);
    if (status == CS_OK && !*path) status = cs_find_only(folder, wanted, path, error);
    free(below);
    return status;
}

/* "train2017" of "x/instances_train2017.json", "valid" of "x/valid.json"; NULL where memory is short. */
static char *split_of(const char *json) {
    const char *name = cs_base_name(json);
    if (strncmp(name, prefix, strlen(prefix)) == 0) name += strlen(prefix);
    char *split = cs_strdup(name);
    char *dot = split ? strchr(split, '.') : NULL;
    if (dot) *dot = '\0';
    return split;
}

static cs_status add_below(cs_names *folders, const char *folder, const char *name, cs_error *error) {
    return cs_names_take(folders, cs_path_join(folder, name), error);
}

static cs_status add_around(cs_names *folders, const char *folder, const char *split, cs_error *error) {
    cs_status status = cs_names_add(folders, folder, error);
    if (status == CS_OK && *split) status = add_below(folders, folder, split, error);
    if (status == CS_OK) status = add_below(folders, folder, "images", error);
    if (status == CS_OK && *split) status = add_below(folders, folders->items[folders->count - 1], split, error);
    return status;
}

cs_status cs_coco_roots_of(const char *json, cs_coco_roots *roots, cs_error *error) {
    *roots = (cs_coco_roots){CS_NAMES_EMPTY, 0};
    char *folder = cs_folder_of(json), *split = split_of(json);
    /* The folder above by its name where the path gives one, for the sake of the photographs' paths. */
    char *above = !folder ? NULL : strchr(folder, '/') ? cs_folder_of(folder) : cs_path_join(folder, "..");
    cs_status status = folder && split && above ? CS_OK : cs_fail_memory(error, json);
    if (status == CS_OK) status = add_around(&roots->folders, folder, split, error);
    if (status == CS_OK) status = add_around(&roots->folders, above, split, error);
    free(folder);
    free(split);
    free(above);
    return status;
}

void cs_coco_roots_free(cs_coco_roots *roots) {
    cs_names_free(&roots->folders);
}

static cs_status find_name(cs_coco_roots *roots, const char *name, char **path, cs_error *error) {
    size_t count = roots->folders.count;
    cs_status status = cs_find_in(roots->folders.items[roots->last], name, cs_file_exists, path, error);
    for (size_t i = 0; status == CS_OK && !*path && i < count; i++) {
        status = cs_find_in(roots->folders.items[i], name, cs_file_exists, path, error);
        if (*path) roots->last = i;
    }
    return status;
}

cs_status cs_coco_find_photo(cs_coco_roots *roots, const char *file_name, char **path, cs_error *error) {
    const char *base = cs_base_name(file_name);
    cs_status status = find_name(roots, file_name, path, error);
    if (status == CS_OK && !*path && base != file_name && *base) status = find_name(roots, base, path, error);
    return status;
}
