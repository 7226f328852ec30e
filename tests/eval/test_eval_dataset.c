/* VOC folders as datasets. */
#include "eval/dataset_folder.h"

#include <stdio.h>

static cs_error error;

#define OBJECT(name)                                                                                                   \
    "<object><name>" name "</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object>"

static void test_folder(void **state) {
    (void)state;
    cs_dataset *dataset;
    size_t count;
    char *folder = make_folder();
    put_folder(folder, "Annotations");
    put_folder(folder, "JPEGImages");
    write_text(folder, "JPEGImages/b.jpg", "");
    write_text(folder, "JPEGImages/other.png", "");
    write_text(folder, "JPEGImages/c.jpg", "");
    write_text(folder, "Annotations/b.xml", "<annotation>" OBJECT("dog") OBJECT("cat") "</annotation>");
    write_text(folder, "Annotations/a.XML", "<annotation><filename>other.png</filename></annotation>");
    write_text(folder, "Annotations/c.xml", "<annotation><filename>c</filename>" OBJECT("dog") "</annotation>");
    write_text(folder, "Annotations/notes.txt", "not XML");
    write_text(folder, "Annotations/._b.xml", "not XML");
    put_folder(folder, "labels"); /* what would make it a dataset of another kind comes second */
    write_text(folder, "data.yaml", "names: [cat]");
    write_text(folder, "instances_val.json", "{}");
    assert_ok(cs_dataset_open(folder, &dataset, &error));
    assert_int_equal(cs_dataset_kind_of(dataset), CS_DATASET_VOC);
    assert_int_equal(cs_dataset_count(dataset), 3);
    assert_non_null(strstr(cs_dataset_photo(dataset, 0), "/JPEGImages/other.png"));
    assert_non_null(strstr(cs_dataset_photo(dataset, 1), "/JPEGImages/b.jpg"));
    assert_non_null(strstr(cs_dataset_photo(dataset, 2), "/JPEGImages/c.jpg"));
    assert_int_equal(cs_dataset_class_count(dataset), 2);
    assert_string_equal(cs_dataset_class(dataset, 0), "cat");
    assert_string_equal(cs_dataset_class(dataset, 1), "dog");
    cs_dataset_truth(dataset, 0, &count);
    assert_int_equal(count, 0);
    const cs_truth *truth = cs_dataset_truth(dataset, 1, &count);
    assert_int_equal(count, 2);
    assert_int_equal(truth[0].class_index, 1);
    assert_int_equal(truth[1].class_index, 0);
    assert_true(truth[0].x == 0 && truth[0].y == 1 && truth[0].width == 3 && truth[0].height == 3);
    cs_dataset_close(dataset);
    remove_folder(folder);
}

static void test_refused(void **state) {
    (void)state;
    cs_dataset *dataset;
    char *folder = make_folder();
    assert_fails(cs_dataset_open(NULL, &dataset, &error), CS_ERR_ARGUMENT, "folder");
    assert_fails(cs_dataset_open("/nowhere", &dataset, &error), CS_ERR_IO, "/nowhere: expected a folder or a file");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_FORMAT, "is no dataset of a known kind");
    put_folder(folder, "annotations");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_IO, "JPEGImages or images");
    put_folder(folder, "images");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_FORMAT, "expected annotations (.xml), found none");
    write_text(folder, "annotations/a.xml", "<annotation/>");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_IO, "a.xml: its photograph");
    write_text(folder, "images/a.jpg", "");
    write_text(folder, "annotations/b.xml", "<annotation><filename>missing.jpg</filename></annotation>");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_IO, "b.xml: its photograph 'missing.jpg'");
    write_text(folder, "annotations/b.xml", "<annotation><filename>../images/a.jpg</filename></annotation>");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_FORMAT, "expected the plain name of a photograph");
    write_text(folder, "annotations/b.xml", "<annotation>\n<object/></annotation>");
    assert_fails(cs_dataset_open(folder, &dataset, &error), CS_ERR_FORMAT, "annotations/b.xml:2: an object without");
    assert_null(dataset);
    cs_dataset_close(NULL);
    remove_folder(folder);
}

static void test_voc2012_100(void **state) {
    (void)state;
    cs_dataset *dataset;
    size_t objects = 0, difficult = 0;
    const char *folder = shared_data("voc2012_100");
    if (!folder) skip();
    assert_ok(cs_dataset_open(folder, &dataset, &error));
    assert_int_equal(cs_dataset_count(dataset), 100);
    assert_int_equal(cs_dataset_class_count(dataset), 20);
    for (size_t i = 0; i < 100; i++) {
        size_t count;
        const cs_truth *truth = cs_dataset_truth(dataset, i, &count);
        assert_true(cs_file_exists(cs_dataset_photo(dataset, i)));
        objects += count;
        for (size_t k = 0; k < count; k++)
            difficult += (size_t)truth[k].difficult;
    }
    assert_int_equal(objects, 273);
    assert_int_equal(difficult, 38);
    assert_non_null(strstr(cs_dataset_photo(dataset, 0), "images/2007_000027.jpg"));
    const cs_truth *first = cs_dataset_truth(dataset, 0, &objects);
    assert_string_equal(cs_dataset_class(dataset, first->class_index), "person");
    assert_true(first->x == 173 && first->y == 100 && first->width == 176 && first->height == 251);
    cs_dataset_close(dataset);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_folder), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_voc2012_100)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
