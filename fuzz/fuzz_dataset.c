/* The first byte chooses between a COCO document, a VOC annotation, and a YOLO dataset's YAML, names and labels. An
 * error, or boxes that make sense. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "eval/coco_json.h"
#include "eval/voc_xml.h"
#include "eval/yolo_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cs_error error;

static void check_box(float x, float y, float width, float height) {
    if (!isfinite(x) || !isfinite(y) || !(width >= 0) || !(height >= 0)) abort();
}

static void run_coco(const char *text, size_t size) {
    cs_coco coco;
    cs_coco_parse(text, size, "fuzzed", &coco, &error);
    for (size_t i = 0; i < coco.object_count; i++) {
        const cs_coco_object *object = &coco.objects[i];
        check_box(object->x, object->y, object->width, object->height);
        cs_coco_find_image(&coco, object->image);
    }
    cs_coco_free(&coco);
}

static void run_voc(const char *text, size_t size) {
    cs_voc_annotation annotation = {NULL, NULL, 0, 0};
    cs_voc_parse(text, size, "fuzzed", &annotation, &error);
    for (size_t i = 0; i < annotation.count; i++) {
        const cs_voc_object *object = &annotation.objects[i];
        check_box(object->x, object->y, object->width, object->height);
    }
    cs_voc_annotation_free(&annotation);
}

static void run_yaml(const char *text, size_t size) {
    cs_yolo_config config;
    if (cs_yolo_parse_yaml(text, size, "fuzzed", &config, &error) == CS_OK && !config.classes.count) abort();
    cs_yolo_config_free(&config);
}

static void run_names(const char *text, size_t size) {
    cs_class_list classes = CS_CLASS_LIST_EMPTY;
    if (cs_yolo_parse_names(text, size, "fuzzed", &classes, &error) == CS_OK && !classes.count) abort();
    cs_class_list_free(&classes);
}

static void run_labels(const char *text, size_t size, cs_yolo_form form) {
    cs_class known[] = {{0, "cat"}, {5, "dog"}};
    const cs_class_list classes = {known, 2, 2};
    cs_truth *truth = NULL;
    size_t count = 0;
    cs_yolo_parse(text, size, "fuzzed", form, &classes, &truth, &count, &error);
    for (size_t i = 0; i < count; i++) {
        check_box(truth[i].x, truth[i].y, truth[i].width, truth[i].height);
        if (truth[i].class_index >= 2) abort();
    }
    free(truth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) return 0;
    const char *text = (const char *)data + 1;
    switch (data[0] % 6) {
    case 0:
        run_coco(text, size - 1);
        break;
    case 1:
        run_voc(text, size - 1);
        break;
    case 2:
        run_yaml(text, size - 1);
        break;
    case 3:
        run_names(text, size - 1);
        break;
    default:
        run_labels(text, size - 1, data[0] % 6 == 4 ? CS_YOLO_BOXES : CS_YOLO_POSES);
    }
    return 0;
}
