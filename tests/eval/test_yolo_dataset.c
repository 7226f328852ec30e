/* YOLO folders as datasets. */
#include "eval/dataset_folder.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "eval/yolo_yaml.h"

static cs_error error;

/* One of the committed pictures, whose size is *width x *height, under a new name. */
static void put_photo(const char *folder, const char *name, const char *picture, float *width, float *height) {
    char *bytes, *path = cs_path_join(folder, name);
    size_t size;
    cs_image *image;
    assert_ok(cs_file_read(test_data(picture), 1 << 20, &bytes, &size, &error));
    write_file(path, bytes, size);
    assert_ok(cs_image_open(path, NULL, &image, &error));
    *width = (float)cs_image_width(image);
    *height = (float)cs_image_height(image);
    cs_image_close(image);
    free(bytes);
    free(path);
}

static void assert_box(const cs_truth *truth, size_t class_index, float x, float y, float width, float height) {
    assert_int_equal(truth->class_index, class_index);
    assert_int_equal(truth->difficult, 0);
    assert_int_equal(truth->crowd, 0);
    if (fabsf(truth->x - x) > 1e-3f || fabsf(truth->y - y) > 1e-3f || fabsf(truth->width - width) > 1e-3f ||
        fabsf(truth->height - height) > 1e-3f)
        fail_msg("%g %g %g %g, expected %g %g %g %g", truth->x, truth->y, truth->width, truth->height, x, y, width,
                 height);
}

/* Class names with holes in their numbers, boxes, an outline, a photograph turned by its EXIF data. */
static void test_folder(void **state) {
    (void)state;
    float w, h, turned_w, turned_h;
    size_t count;
    char *folder = make_folder();
    put_folder(folder, "images/val/deep");
    put_folder(folder, "labels/val/deep");
    write_text(
        folder, "data.yaml",
        "# a comment\npath: .\ntrain: images/train\nval: images/val\ntest:\nnc: 2\nnames:\n  7: 'traffic light'\n"
        "  0: cat # striped\ndownload: |\n  import this\n");
    put_photo(folder, "images/val/b.jpg", "image/small.jpg", &w, &h);
    put_photo(folder, "images/val/deep/a.jpg", "image/orientation_6.jpg", &turned_w, &turned_h);
    write_text(folder, "images/val/c.png", "no photograph, and no object in it either");
    write_text(folder, "images/val/notes.md", "");
    write_text(folder, "labels/val/b.txt", "7 0.5 0.5 0.5 1\r\n\n 0.0\t0.25 0.125 0.5 0.25 \n");
    write_text(folder, "labels/val/deep/a.txt", "0 0.2 0.9 0.4 0.1 0.3 0.5");
    static const char *const names[] = {"", "data.yaml"};
    for (int i = 0; i < 2; i++) {
        cs_dataset *dataset = open_in(folder, names[i], CS_DATASET_YOLO);
        assert_int_equal(cs_dataset_class_count(dataset), 2);
        assert_string_equal(cs_dataset_class(dataset, 0), "cat");
        assert_string_equal(cs_dataset_class(dataset, 1), "traffic light");
        assert_int_equal(cs_dataset_count(dataset), 3);
        assert_non_null(strstr(cs_dataset_photo(dataset, 0), "images/val/b.jpg"));
        const cs_truth *truth = cs_dataset_truth(dataset, 0, &count);
        assert_int_equal(count, 2);
        assert_box(&truth[0], 1, .25f * w, 0, .5f * w, h);
        assert_box(&truth[1], 0, 0, 0, .5f * w, .25f * h);
        cs_dataset_truth(dataset, 1, &count);
        assert_int_equal(count, 0);
        truth = cs_dataset_truth(dataset, 2, &count);
        assert_int_equal(count, 1);
        assert_box(&truth[0], 0, .2f * turned_w, .1f * turned_h, .2f * turned_w, .8f * turned_h);
        cs_dataset_close(dataset);
    }
    remove_folder(folder);
}

/* No YAML: a list of names and the folders images and labels. */
static void check_names(const char *file, const char *text) {
    float w, h;
    char *folder = make_folder();
    put_folder(folder, "images");
    put_folder(folder, "labels");
    write_text(folder, file, text);
    put_photo(folder, "images/a.jpg", "image/small.jpg", &w, &h);
    write_text(folder, "labels/a.txt", "1 0.5 0.5 1 1\n");
    write_text(folder, "notes.json", "{}"); /* as a labelling program leaves it */
    cs_dataset *dataset = open_in(folder, "", CS_DATASET_YOLO);
    size_t count;
    assert_int_equal(cs_dataset_class_count(dataset), 2);
    assert_string_equal(cs_dataset_class(dataset, 0), "a cat");
    assert_string_equal(cs_dataset_class(dataset, 1), "dog");
    assert_box(cs_dataset_truth(dataset, 0, &count), 1, 0, 0, w, h);
    cs_dataset_close(dataset);
    remove_folder(folder);
}

static void test_names_as_text(void **state) {
    (void)state;
    check_names("classes.txt", "a cat\r\ndog\r\n\r\n");
    check_names("labels/classes.txt", " a cat\ndog");
    check_names("obj.names", "a cat\ndog\n");
    check_names("coco.names", "a cat\ndog\n");
}

/* One entry of the YAML file's val, with the photograph and label where it leads. */
static void check_layout(const char *yaml, const char *photo, const char *label, const char *list) {
    float w, h;
    size_t count;
    char *folder = make_folder();
    put_folder(folder, "set/images/val");
    put_folder(folder, "set/labels/val");
    put_folder(folder, "set/valid/images");
    put_folder(folder, "set/valid/labels");
    put_folder(folder, "set/images/images");
    put_folder(folder, "set/images/labels");
    put_folder(folder, "set/plain");
    write_text(folder, "set/data.yaml", yaml);
    put_photo(folder, photo, "image/small.jpg", &w, &h);
    write_text(folder, label, "0 0.5 0.5 1 1\n");
    if (list) write_text(folder, "set/val.txt", list);
    cs_dataset *dataset = open_in(folder, "set", CS_DATASET_YOLO);
    assert_int_equal(cs_dataset_count(dataset), 1);
    assert_string_equal(cs_dataset_class(dataset, 0), "cat");
    assert_box(cs_dataset_truth(dataset, 0, &count), 0, 0, 0, w, h);
    assert_int_equal(count, 1);
    cs_dataset_close(dataset);
    remove_folder(folder);
}

static void test_layouts(void **state) {
    (void)state;
    static const char photo[] = "set/images/val/a.jpg", label[] = "set/labels/val/a.txt";
    static const char other[] = "set/valid/images/a.jpg", other_label[] = "set/valid/labels/a.txt";
    check_layout("names: [cat]\nval: images/val\n", photo, label, NULL);
    check_layout("names: [cat]\nval: [images/val]\ntrain: nowhere\n", photo, label, NULL);
    check_layout("names: {0: cat}\npath: ../set\nval: images/val\n", photo, label, NULL);
    check_layout("names: [cat]\npath: /content/datasets/set\nval: images/val\n", photo, label, NULL);
    check_layout("names: [cat]\ntest: images/val\ntrain: images/train\n", photo, label, NULL);
    check_layout("names: [cat]\ntrain: images/val\nval: ~\n", photo, label, NULL);
    check_layout("names: [cat]\n", photo, label, NULL); /* all in images */
    check_layout("names: ['cat']\nnc: 1\ntrain: ../train/images\nval: ../valid/images\n", other, other_label, NULL);
    check_layout("names: [cat]\nval: val.txt\n", photo, label, "./images/val/a.jpg\r\n\n");
    check_layout("names: [cat]\npath: ..\nval: set/val.txt\n", photo, label, "set/images/val/a.jpg");
    check_layout("names: [cat]\nval: images/images\n", "set/images/images/a.jpg", "set/images/labels/a.txt", NULL);
    check_layout("names: [cat]\nval: plain\n", "set/plain/a.jpg", "set/plain/a.txt", NULL); /* labels beside it */
}

/* kpt_shape: what stands behind the box are key points. */
static void test_poses(void **state) {
    (void)state;
    check_layout("names: [cat]\nkpt_shape: [2, 3]\nval: images/val\n", "set/images/val/a.jpg", "set/labels/val/a.txt",
                 NULL);
    cs_class one = {0, "cat"};
    const cs_class_list classes = {&one, 1, 1};
    cs_truth *truth;
    size_t count;
    const char *line = "0 0.5 0.5 0.2 0.4 0.1 0.1 2 0.3 0.3 0\n";
    assert_ok(cs_yolo_parse(line, strlen(line), "a", CS_YOLO_POSES, &classes, &truth, &count, &error));
    assert_int_equal(count, 1);
    assert_box(truth, 0, .4f, .3f, .2f, .4f);
    free(truth);
}

static void refuse_label(const char *text, const char *part) {
    cs_class one = {3, "cat"};
    const cs_class_list classes = {&one, 1, 1};
    cs_truth *truth;
    size_t count;
    assert_fails(cs_yolo_parse(text, strlen(text), "a.txt", CS_YOLO_BOXES, &classes, &truth, &count, &error),
                 CS_ERR_FORMAT, part);
}

static void test_refused_labels(void **state) {
    (void)state;
    refuse_label("3 .5 .5 1 1\n\n3\n",
                 "a.txt:3: expected class, centre x, y, width, height, or class and an outline's");
    refuse_label("3 .5 .5 1", "found 4 numbers");
    refuse_label("3 .5 .5 1 1 0.9", "found 6 numbers");
    refuse_label("3 .5 .5 1 1 1 1 1", "found 8 numbers");
    refuse_label("cat .5 .5 1 1", "a.txt:1: expected the number of a class, found 'cat'");
    refuse_label("-1 .5 .5 1 1", "expected the number of a class, found '-1'");
    refuse_label("3.5 .5 .5 1 1", "expected the number of a class, found '3.5'");
    refuse_label("0 .5 .5 1 1", "expected a class that has a name, found '0'");
    refuse_label("3 .5 .5 1 1,", "expected a number, found '1,'");
    refuse_label("3 .5 .5 1 nan", "expected a number, found 'nan'");
    refuse_label("3 320 240 1 1", "expected a share of the photograph, 0 to 1, found '320'");
    refuse_label("3 .5 .5 -.02 1", "expected a share of the photograph, 0 to 1, found '-.02'");
    refuse_label("3 .5 .5 -.001 1", "a.txt:1: expected a width and a height of at least 0");
}

static void refuse_yaml(const char *text, const char *part) {
    cs_yolo_config config;
    assert_fails(cs_yolo_parse_yaml(text, strlen(text), "d.yaml", &config, &error), CS_ERR_FORMAT, part);
    cs_yolo_config_free(&config);
}

static void test_refused_yaml(void **state) {
    (void)state;
    refuse_yaml("", "d.yaml: expected a mapping with names");
    refuse_yaml("- a\n", "d.yaml: expected a mapping with names");
    refuse_yaml("val: x\nnames:\n", "d.yaml: expected names");
    refuse_yaml("val: x\nnames: cat\n", "d.yaml:2: names: expected a list of names, or numbers with names");
    refuse_yaml("names: []\n", "d.yaml:1: names: expected at least one name");
    refuse_yaml("names: [cat,\n [dog]]\n", "d.yaml:2: names: expected the name of a class");
    refuse_yaml("names: [cat, '']\n", "names: expected the name of a class");
    refuse_yaml("names:\n  0: cat\n  one: dog\n", "d.yaml:3: names: expected the number of a class");
    refuse_yaml("names:\n  0: cat\n  0: dog\n", "d.yaml: two classes have the number 0: 'cat' and 'dog'");
    refuse_yaml("names: [cat]\nval: {a: b}\n", "d.yaml:2: val: expected a folder, a .txt list");
    refuse_yaml("names: [cat]\nval: [a,\n {}]\n", "d.yaml:3: val: expected a folder, a .txt list");
    refuse_yaml("names: [cat]\npath: [a]\n", "d.yaml:2: path: expected a folder");
    refuse_yaml("names: [cat\nval: x\n", "d.yaml:2: ");
}

static void expect_failure(const char *folder, cs_status status, const char *part) {
    cs_dataset *dataset;
    assert_fails(cs_dataset_open(folder, &dataset, &error), status, part);
    assert_null(dataset);
}

static void test_refused_folders(void **state) {
    (void)state;
    float w, h;
    char *folder = make_folder(), *text;
    put_folder(folder, "labels");
    expect_failure(folder, CS_ERR_IO, "expected the class names in data.yaml, classes.txt or a file .names");
    write_text(folder, "classes.txt", "\n");
    expect_failure(folder, CS_ERR_FORMAT, "classes.txt: expected the names of classes, found none");
    write_text(folder, "classes.txt", "cat\n\ndog\n");
    expect_failure(folder, CS_ERR_FORMAT, "classes.txt:2: expected the name of a class, found an empty line");
    write_text(folder, "classes.txt", "cat\n");
    expect_failure(folder, CS_ERR_IO, "there is no 'images' in");
    put_folder(folder, "images");
    expect_failure(folder, CS_ERR_FORMAT, "images: expected photographs, found none");
    put_photo(folder, "images/a.jpg", "image/small.jpg", &w, &h);
    expect_failure(folder, CS_ERR_IO, "none of 1 photographs has a label file; the first's would be");
    write_text(folder, "labels/a.txt", "1 .5 .5 1 1\n");
    expect_failure(folder, CS_ERR_FORMAT, "labels/a.txt:1: expected a class that has a name, found '1'");
    write_text(folder, "labels/a.txt", "0 .5 .5 1 1\n");
    write_text(folder, "images/a.jpg", "none");
    expect_failure(folder, CS_ERR_UNSUPPORTED, "images/a.jpg: is");
    write_text(folder, "data.yaml", "names: [cat]\nval: list.txt\n");
    expect_failure(folder, CS_ERR_IO, ": val: there is no 'list.txt' in");
    write_text(folder, "list.txt", "\nimages/b.jpg\n");
    expect_failure(folder, CS_ERR_IO, "list.txt:2: there is no photograph 'images/b.jpg'");
    write_text(folder, "data.yaml", "names: [cat]\nval: images/a.jpg\n");
    expect_failure(folder, CS_ERR_FORMAT, "expected a folder or a .txt list of photographs");
    text = cs_path_join(folder, "classes.txt");
    expect_failure(text, CS_ERR_FORMAT, "expected a folder, a COCO document (.json) or the YAML file");
    free(text);
    remove_folder(folder);
}

/* A folder that holds itself must not keep the reader busy for ever. */
static void test_link_to_itself(void **state) {
    (void)state;
    char *folder = make_folder(), *link;
    put_folder(folder, "labels");
    put_folder(folder, "images");
    write_text(folder, "classes.txt", "cat\n");
    link = cs_path_join(folder, "images/again");
    assert_int_equal(symlink(".", link), 0);
    expect_failure(folder, CS_ERR_LIMIT, "lies more than 16 folders deep");
    free(link);
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folder),          cmocka_unit_test(test_names_as_text),
        cmocka_unit_test(test_layouts),         cmocka_unit_test(test_poses),
        cmocka_unit_test(test_refused_labels),  cmocka_unit_test(test_refused_yaml),
        cmocka_unit_test(test_refused_folders), cmocka_unit_test(test_link_to_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
