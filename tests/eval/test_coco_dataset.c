/* COCO documents as datasets. */
#include "eval/dataset_folder.h"

#include <math.h>
#include <stdio.h>

#include "eval/coco_json.h"

static cs_error error;

static void assert_photo(const cs_dataset *dataset, size_t index, const char *end) {
    const char *photo = cs_dataset_photo(dataset, index);
    if (!strstr(photo, end)) fail_msg("%s does not hold %s", photo, end);
    assert_true(cs_file_exists(photo));
}

/* Two photographs of three, out of order, classes with holes in their numbers, a crowd, outlines of both kinds. */
static const char document[] =
    "{\"info\": {\"year\": 2017, \"odd\": \"}]\\\"\\\\\"}, \"licenses\": [], \"annotations\": [\n"
    " {\"segmentation\": [[1.5, 2, 3e1]], \"area\": 9.5, \"iscrowd\": 0, \"image_id\": 30, \"bbox\": [1.25, 2, 3.5, "
    "4],\n"
    "  \"category_id\": 90, \"id\": 7, \"score\": null, \"attributes\": {\"occluded\": [true, {}]}},\n"
    " {\"bbox\": [0, 0, 50, 10], \"category_id\": 3, \"iscrowd\": 1, \"image_id\": 4,\n"
    "  \"segmentation\": {\"counts\": [272, 2], \"size\": [240, 320]}},\n"
    " {\"image_id\": 30, \"category_id\": 3, \"bbox\": [5, 6, 0, 0.0]}],\n"
    "\"categories\": [{\"id\": 90, \"name\": \"tooth\\u0062rush\"}, {\"supercategory\": \"x\", \"name\": \"car\", "
    "\"id\": 3},\n"
    " {\"id\": 18, \"name\": \"dog\"}],\n"
    "\"images\": [{\"id\": 30, \"file_name\": \"c.jpg\", \"width\": 640}, {\"file_name\": \"b.jpg\", \"id\": "
    "20180000001},\n"
    " {\"id\": 4, \"file_name\": \"a.jpg\"}]}\n";

static void check_document(const cs_dataset *dataset) {
    size_t count;
    assert_int_equal(cs_dataset_count(dataset), 3);
    assert_int_equal(cs_dataset_class_count(dataset), 3);
    assert_string_equal(cs_dataset_class(dataset, 0), "car");
    assert_string_equal(cs_dataset_class(dataset, 1), "dog");
    assert_string_equal(cs_dataset_class(dataset, 2), "toothbrush");
    const cs_truth *truth = cs_dataset_truth(dataset, 0, &count);
    assert_int_equal(count, 1);
    assert_true(truth[0].class_index == 0 && truth[0].crowd == 1 && truth[0].difficult == 0 && truth[0].width == 50);
    truth = cs_dataset_truth(dataset, 1, &count);
    assert_int_equal(count, 2);
    assert_true(truth[0].class_index == 2 && truth[0].crowd == 0);
    assert_true(truth[0].x == 1.25f && truth[0].y == 2 && truth[0].width == 3.5f && truth[0].height == 4);
    assert_true(truth[1].class_index == 0 && truth[1].x == 5 && truth[1].width == 0 && truth[1].height == 0);
    cs_dataset_truth(dataset, 2, &count);
    assert_int_equal(count, 0);
}

/* The layout of COCO itself, opened by the folder and by the file. */
static void test_its_own_layout(void **state) {
    (void)state;
    char *folder = make_folder();
    put_folder(folder, "annotations");
    put_folder(folder, "val2017");
    put_folder(folder, "labels"); /* YOLO labels beside them do not matter */
    write_text(folder, "annotations/instances_val2017.json", document);
    write_text(folder, "annotations/captions_val2017.json", "{}");
    write_text(folder, "val2017/a.jpg", "");
    write_text(folder, "val2017/b.jpg", "");
    write_text(folder, "val2017/c.jpg", "");
    static const char *const names[] = {"", "annotations", "annotations/instances_val2017.json"};
    for (int i = 0; i < 3; i++) {
        cs_dataset *dataset = open_in(folder, names[i], CS_DATASET_COCO);
        check_document(dataset);
        assert_photo(dataset, 0, "/val2017/a.jpg");
        assert_photo(dataset, 1, "/val2017/c.jpg");
        assert_photo(dataset, 2, "/val2017/b.jpg");
        cs_dataset_close(dataset);
    }
    remove_folder(folder);
}

#define ONE(file_name) "{\"images\":[{\"id\":1,\"file_name\":\"" file_name "\"}],\"annotations\":[],\"categories\":[]}"

static void expect_photo(const char *folder, const char *json, const char *photo) {
    cs_dataset *dataset = open_in(folder, json, CS_DATASET_COCO);
    assert_photo(dataset, 0, photo);
    cs_dataset_close(dataset);
}

static void test_where_photographs_lie(void **state) {
    (void)state;
    char *folder = make_folder(), text[400];
    static const char *const folders[] = {"d",     "d/train", "d/images",    "d/images/train",
                                          "train", "images",  "images/train"};
    put_folder(folder, "d");
    put_folder(folder, "images");
    put_folder(folder, "train");
    put_folder(folder, "d/train");
    put_folder(folder, "d/images");
    put_folder(folder, "d/images/train");
    put_folder(folder, "images/train");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s/photo_%zu.jpg", folders[i], i);
        snprintf(text, sizeof text, ONE("photo_%zu.jpg"), i);
        write_text(folder, name, "");
        write_text(folder, "d/train.json", text);
        expect_photo(folder, "d/train.json", name);
    }
    write_text(folder, "photo.jpg", "");
    write_text(folder, "d/train.json", ONE("photo.jpg")); /* the folder above */
    expect_photo(folder, "d/train.json", "/photo.jpg");
    write_text(folder, "d/train.json", ONE("train/photo_1.jpg")); /* a path within */
    expect_photo(folder, "d/train.json", "d/train/photo_1.jpg");
    write_text(folder, "d/train.json", ONE("/on/another/machine/photo_2.jpg")); /* by its last part */
    expect_photo(folder, "d", "d/images/photo_2.jpg");
    snprintf(text, sizeof text, ONE("%s/photo.jpg"), folder); /* a whole path */
    write_text(folder, "d/train.json", text);
    expect_photo(folder, "d", "/photo.jpg");
    remove_folder(folder);
}

static void test_refused_folders(void **state) {
    (void)state;
    cs_dataset *dataset;
    char *folder = make_folder();
    write_text(folder, "a.json", ONE("a.jpg"));
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_IO, "a.json: images[0]: its photograph 'a.jpg'");
    write_text(folder, "b.json", ONE("a.jpg"));
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_ARGUMENT, "'a.json' and 'b.json'; name the one");
    put_folder(folder, "annotations");
    write_text(folder, "annotations/instances_b.json", ONE("a.jpg"));
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_IO, "instances_b.json: images[0]: its photograph");
    write_text(folder, "annotations/instances_a.json", ONE("a.jpg"));
    write_text(folder, "annotations/instances_c.json", ONE("a.jpg"));
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_ARGUMENT,
                 "'instances_a.json' and 'instances_b.json' and more; name");
    assert_null(dataset);
    remove_folder(folder);
}

static void refuse(const char *json, const char *part) {
    cs_coco coco;
    assert_fails(cs_coco_parse(json, strlen(json), "x.json", &coco, &error), CS_ERR_FORMAT, part);
    cs_coco_free(&coco);
}

/* As refuse(), with one annotation and otherwise sound. */
static void refuse_annotation(const char *annotation, const char *part) {
    char json[800];
    snprintf(
        json, sizeof json,
        "{\"images\":[{\"id\":1,\"file_name\":\"a\"}],\"categories\":[{\"id\":1,\"name\":\"a\"}],\n\"annotations\":"
        "[{\"image_id\":1,\"category_id\":1,\"bbox\":[1,2,3,4]},\n%s]}",
        annotation);
    refuse(json, part);
}

static void test_refused_annotations(void **state) {
    (void)state;
    refuse_annotation("{}", "x.json:3: annotations[1]: expected a member image_id, found none");
    refuse_annotation("{\"image_id\":1,\"bbox\":[1,2,3,4]}", "expected a member category_id");
    refuse_annotation("{\"image_id\":1,\"category_id\":1}", "expected a member bbox");
    refuse_annotation("{\"image_id\":1.5}", "image_id: expected a whole number, found '1.5'");
    refuse_annotation("{\"image_id\":\"1\"}", "image_id: expected a whole number, found a string");
    refuse_annotation("{\"image_id\":99999999999999999999}", "image_id: expected a whole number");
    refuse_annotation("{\"category_id\":null}", "category_id: expected a whole number, found 'null'");
    refuse_annotation("{\"bbox\":[1,2,3]}", "bbox: expected 4 numbers, found 3");
    refuse_annotation("{\"bbox\":[1,2,3,4,5]}", "bbox: expected 4 numbers, found more");
    refuse_annotation("{\"bbox\":[1,2,-3,4]}", "a width and a height of at least 0, found -3 x 4");
    refuse_annotation("{\"bbox\":[1,2,NaN,4]}", "bbox: expected a number of pixels, found 'NaN'");
    refuse_annotation("{\"bbox\":[1,2,1e300,4]}", "bbox: expected a number of pixels");
    refuse_annotation("{\"bbox\":{}}", "bbox: expected [x, y, width, height]");
    refuse_annotation("{\"iscrowd\":2}", "iscrowd: expected 0 or 1, found '2'");
    refuse_annotation("7", "annotations[1]: expected an object, found '7'");
    refuse_annotation("{\"segmentation\":[}", "expected a value, found '}'");
    refuse_annotation("{\"a\" 1}", "expected ':', found '1'");
    refuse_annotation("{a: 1}", "expected the name of a member, found 'a'");
    refuse_annotation("{\"a\": 1 \"b\": 2}", "expected ',' or '}', found '\"'");
}

static void test_refused_documents(void **state) {
    (void)state;
    refuse("", "x.json:1: expected an object with images");
    refuse("[{\"image_id\": 1}]", "expected an object with images, annotations and categories");
    refuse("{\"images\":[],\"categories\":[]}", "expected a member annotations");
    refuse("{\"images\":[],\"categories\":[],\"annotations\":[]}", "images: expected at least one");
    refuse("{\"images\":{}}", "images: expected a list");
    refuse("{\"images\":[],\n\n\"images\":[]}", "x.json:3: a second member images");
    refuse("{\"images\":[{\"id\":1}]}", "images[0]: expected a member file_name");
    refuse("{\"images\":[{\"id\":1,\"file_name\":\"\"}]}", "images[0]: file_name: is empty");
    refuse("{\"images\":[{\"id\":1,\"file_name\":\"\\q\"}]}", "images[0]: file_name: ");
    refuse("{\"images\":[{\"id\":1,\"file_name\":7}]}", "expected file_name, found '7'");
    refuse("{\"categories\":[{\"id\":1,\"name\":\"a\"},{\"id\":1,\"name\":\"b\"}],\"images\":[],\"annotations\":[]}",
           "two classes have the number 1: 'a' and 'b'");
    refuse("{\"images\":[{\"id\":5,\"file_name\":\"a\"},{\"id\":5,\"file_name\":\"b\"}],\"categories\":[],"
           "\"annotations\":[]}",
           "two images have the number 5");
    refuse(ONE("a.jpg") "x", "expected nothing behind the document, found 'x'");
    refuse("{\"images\":[", "found the end of the file");
    char deep[100] = "{\"a\":";
    memset(deep + 5, '[', 65);
    refuse(deep, "brackets nest more than 64 deep");
}

static void test_unknown_numbers(void **state) {
    (void)state;
    cs_dataset *dataset;
    char *folder = make_folder();
    write_text(folder, "a.jpg", "");
    write_text(
        folder, "a.json",
        "{\"images\":[{\"id\":1,\"file_name\":\"a.jpg\"}],\"categories\":[{\"id\":1,\"name\":\"a\"}],\"annotations\":"
        "[{\"image_id\":2,\"category_id\":1,\"bbox\":[1,2,3,4]}]}");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_FORMAT,
                 "a.json: annotations[0]: image_id: 2 is not among the images");
    write_text(
        folder, "a.json",
        "{\"images\":[{\"id\":1,\"file_name\":\"a.jpg\"}],\"categories\":[{\"id\":1,\"name\":\"a\"}],\"annotations\":"
        "[{\"image_id\":1,\"category_id\":0,\"bbox\":[1,2,3,4]}]}");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_FORMAT,
                 "a.json: annotations[0]: category_id: 0 is not among the categories");
    remove_folder(folder);
}

static size_t index_of(const cs_dataset *dataset, const char *photo) {
    for (size_t i = 0; i < cs_dataset_count(dataset); i++)
        if (strcmp(strrchr(cs_dataset_photo(dataset, i), '/'), strrchr(photo, '/')) == 0) return i;
    fail_msg("%s is missing", photo);
    return 0;
}

/* The JSON was made from the XML with xmin as x and xmax - xmin as width; VOC's own reckoning is one pixel off that. */
static void compare_photo(const cs_dataset *voc, size_t photo, const cs_dataset *coco) {
    size_t count, same;
    const cs_truth *a = cs_dataset_truth(voc, photo, &count);
    const cs_truth *b = cs_dataset_truth(coco, index_of(coco, cs_dataset_photo(voc, photo)), &same);
    assert_int_equal(count, same);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(cs_dataset_class(voc, a[i].class_index), cs_dataset_class(coco, b[i].class_index));
        assert_true(fabsf(a[i].x + 1 - b[i].x) < 1e-3f && fabsf(a[i].y + 1 - b[i].y) < 1e-3f);
        assert_true(fabsf(a[i].width - 1 - b[i].width) < 1e-3f && fabsf(a[i].height - 1 - b[i].height) < 1e-3f);
    }
}

static void test_same_as_voc(void **state) {
    (void)state;
    cs_dataset *voc, *coco;
    const char *folder = shared_data("voc2012_100");
    if (!folder) skip();
    assert_ok(cs_dataset_open(folder, &voc, &error));
    assert_int_equal(cs_dataset_kind_of(voc), CS_DATASET_VOC);
    coco = open_in(folder, "coco", CS_DATASET_COCO);
    assert_int_equal(cs_dataset_count(coco), 100);
    assert_int_equal(cs_dataset_class_count(coco), 20);
    assert_string_equal(cs_dataset_class(coco, 0), "person");
    for (size_t i = 0; i < 100; i++)
        compare_photo(voc, i, coco);
    cs_dataset_close(voc);
    cs_dataset_close(coco);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_own_layout),    cmocka_unit_test(test_where_photographs_lie),
        cmocka_unit_test(test_refused_folders),   cmocka_unit_test(test_refused_annotations),
        cmocka_unit_test(test_refused_documents), cmocka_unit_test(test_unknown_numbers),
        cmocka_unit_test(test_same_as_voc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
