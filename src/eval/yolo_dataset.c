/* Reads a YOLO folder into a dataset. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "eval/yolo_files.h"
#include "eval/yolo_yaml.h"
#include "image/probe.h"

static const size_t text_limit = 16 << 20; /* bytes, of YAML, names or labels */

typedef struct yolo {
    cs_yolo_config config;
    cs_names bases;  /* folders that names in the YAML file may be relative to */
    cs_names photos; /* paths */
    size_t labelled; /* photographs that have a label file */
} yolo;

/* The folder that the YAML file names may be one on another machine: its own folder is the second guess. */
static cs_status find_bases(yolo *data, const char *folder, cs_error *error) {
    char *named = NULL;
    cs_status status = CS_OK;
    if (data->config.path) status = cs_find_in(folder, data->config.path, cs_folder_exists, &named, error);
    if (status == CS_OK && named) status = cs_names_take(&data->bases, named, error);
    return status == CS_OK ? cs_names_add(&data->bases, folder, error) : status;
}

static cs_status read_yaml(yolo *data, const char *path, cs_error *error) {
    char *text, *folder;
    size_t size;
    cs_status status = cs_file_read(path, text_limit, &text, &size, error);
    if (status != CS_OK) return status;
    status = cs_yolo_parse_yaml(text, size, path, &data->config, error);
    free(text);
    if (status != CS_OK) return status;
    folder = cs_folder_of(path);
    status = folder ? find_bases(data, folder, error) : cs_fail_memory(error, path);
    free(folder);
    return status;
}

static cs_status read_names(yolo *data, const char *folder, cs_error *error) {
    char *path = NULL, *text;
    size_t size;
    cs_status status = cs_yolo_find_names(folder, &path, error);
    if (status == CS_OK && !path)
        status = cs_fail(error, CS_ERR_IO, "%s: expected the class names in data.yaml, classes.txt or a file .names",
                         folder);
    if (status == CS_OK) status = cs_file_read(path, text_limit, &text, &size, error);
    if (status == CS_OK) {
        status = cs_yolo_parse_names(text, size, path, &data->config.classes, error);
        free(text);
    }
    free(path);
    return status == CS_OK ? cs_names_add(&data->bases, folder, error) : status;
}

static cs_status read_folder(yolo *data, const char *folder, cs_error *error) {
    char *yaml = NULL;
    cs_status status = cs_yolo_find_yaml(folder, &yaml, error);
    if (status == CS_OK) status = yaml ? read_yaml(data, yaml, error) : read_names(data, folder, error);
    free(yaml);
    return status;
}

/* Where nothing says which photographs are meant, it is those in images. */
static cs_status gather(yolo *data, const char *path, cs_error *error) {
    const cs_names *named = &data->config.photos;
    if (!named->count) return cs_yolo_gather("images", &data->bases, path, "photographs", &data->photos, error);
    cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && i < named->count; i++)
        status = cs_yolo_gather(named->items[i], &data->bases, path, data->config.split, &data->photos, error);
    return status;
}

static void scale(cs_dataset_entry *entry, int width, int height) {
    for (size_t i = 0; i < entry->count; i++) {
        entry->truth[i].x *= (float)width;
        entry->truth[i].y *= (float)height;
        entry->truth[i].width *= (float)width;
        entry->truth[i].height *= (float)height;
    }
}

static cs_status read_label(const yolo *data, const char *label, cs_dataset_entry *entry, cs_error *error) {
    char *text;
    size_t size;
    int width, height;
    cs_status status = cs_file_read(label, text_limit, &text, &size, error);
    if (status != CS_OK) return status;
    status =
        cs_yolo_parse(text, size, label, data->config.form, &data->config.classes, &entry->truth, &entry->count, error);
    free(text);
    if (status != CS_OK || !entry->count) return status;
    status = cs_image_size(entry->photo, &width, &height, error);
    if (status == CS_OK) scale(entry, width, height);
    return status;
}

/* Takes the photograph's path over. No label file: no objects. */
static cs_status fill_entry(yolo *data, size_t index, cs_dataset_entry *entry, cs_error *error) {
    char *label;
    entry->photo = data->photos.items[index];
    data->photos.items[index] = NULL;
    cs_status status = cs_yolo_label_path(entry->photo, &label, error);
    if (status != CS_OK) return status;
    if (cs_file_exists(label)) {
        data->labelled++;
        status = read_label(data, label, entry, error);
    }
    free(label);
    return status;
}

/* Photographs without objects are welcome, but if there are no others, the labels are somewhere else. */
static cs_status refuse_unlabelled(const cs_dataset *dataset, cs_error *error) {
    char *label;
    cs_status status = cs_yolo_label_path(dataset->entries[0].photo, &label, error);
    if (status != CS_OK) return status;
    status = cs_fail(error, CS_ERR_IO, "%s: none of %zu photographs has a label file; the first's would be %s",
                     dataset->entries[0].photo, dataset->count, label);
    free(label);
    return status;
}

static cs_status fill(yolo *data, cs_dataset *dataset, cs_error *error) {
    cs_status status = CS_OK;
    dataset->entries = cs_alloc_zero(data->photos.count, sizeof *dataset->entries);
    if (!dataset->entries) return cs_fail_memory(error, "photographs");
    dataset->count = data->photos.count;
    for (size_t i = 0; status == CS_OK && i < dataset->count; i++)
        status = fill_entry(data, i, &dataset->entries[i], error);
    if (status == CS_OK && !data->labelled) status = refuse_unlabelled(dataset, error);
    return status == CS_OK ? cs_class_list_give(&data->config.classes, dataset, error) : status;
}

cs_status cs_dataset_read_yolo(cs_dataset *dataset, const char *path, cs_error *error) {
    yolo data = {CS_YOLO_CONFIG_EMPTY, CS_NAMES_EMPTY, CS_NAMES_EMPTY, 0};
    cs_status status = cs_folder_exists(path) ? read_folder(&data, path, error) : read_yaml(&data, path, error);
    if (status == CS_OK) status = gather(&data, path, error);
    if (status == CS_OK) status = fill(&data, dataset, error);
    cs_names_free(&data.photos);
    cs_names_free(&data.bases);
    cs_yolo_config_free(&data.config);
    return status;
}
