#include "eval/voc_folder.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

static int is_annotation(const char *name) {
    return cs_ends_in(name, ".xml");
}

cs_status cs_voc_list(const char *folder, cs_names *names, cs_error *error) {
    cs_names found = CS_NAMES_EMPTY;
    cs_status status = cs_list_folder(folder, is_annotation, &found, error);
    if (status == CS_OK && found.count == 0)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: expected annotations (.xml), found none", folder);
    if (status == CS_OK)
        *names = found;
    else
        cs_names_free(&found);
    return status;
}

cs_status cs_voc_subfolder(const char *folder, const char *first, const char *second, char **path, cs_error *error) {
    const char *const choices[] = {first, second};
    for (int i = 0; i < 2; i++) {
        char *candidate = cs_path_join(folder, choices[i]);
        if (!candidate) return cs_fail_memory(error, folder);
        if (cs_folder_exists(candidate)) {
            *path = candidate;
            return CS_OK;
        }
        free(candidate);
    }
    return cs_fail(error, CS_ERR_IO, "%s: expected a folder %s or %s in it", folder, first, second);
}

/* "a.jpg" of "a.xml"; NULL where memory is short. */
static char *jpeg_name(const char *annotation) {
    char *name = cs_strdup(annotation);
    if (name) memcpy(name + strlen(name) - 4, ".jpg", 4);
    return name;
}

static cs_status find_jpeg(const char *images, const char *annotation, char **path, cs_error *error) {
    char *name = jpeg_name(annotation);
    if (!name) return cs_fail_memory(error, annotation);
    cs_status status = cs_find_in(images, name, cs_file_exists, path, error);
    free(name);
    return status;
}

cs_status cs_voc_photo(const char *images, const char *annotation, const char *filename, char **path, cs_error *error) {
    cs_status status = CS_OK;
    char *found = NULL;
    if (filename && strpbrk(filename, "/\\"))
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected the plain name of a photograph as filename, found '%.100s'",
                       annotation, filename);
    if (filename) status = cs_find_in(images, filename, cs_file_exists, &found, error);
    if (status == CS_OK && !found) status = find_jpeg(images, annotation, &found, error);
    if (status == CS_OK && !found)
        status = cs_fail(error, CS_ERR_IO, "%s: its photograph '%.100s' is not in %s", annotation,
                         filename ? filename : "(named like it, .jpg)", images);
    if (status == CS_OK) *path = found;
    return status;
}
