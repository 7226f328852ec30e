/* VOC annotations: what is read of them and what is refused. */
#include "support/support.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/dataset_number.h"
#include "eval/voc_xml.h"

static cs_error error;

#define BOX "<bndbox><xmin>11</xmin><ymin>21</ymin><xmax>30</xmax><ymax>60</ymax></bndbox>"
#define OBJECT "<object><name>cat</name>" BOX "</object>"

static cs_status parse(const char *xml, cs_voc_annotation *annotation) {
    size_t size = strlen(xml);
    char *copy = malloc(size + 1); /* of exactly its size, for AddressSanitizer */
    assert_non_null(copy);
    memcpy(copy, xml, size);
    char *exact = realloc(copy, size ? size : 1);
    assert_non_null(exact);
    cs_status status = cs_voc_parse(exact, size, "a.xml", annotation, &error);
    free(exact);
    return status;
}

static void test_whole_annotation(void **state) {
    (void)state;
    cs_voc_annotation a;
    assert_ok(
        parse("<?xml version=\"1.0\"?>\n<annotation>\n\t<folder>VOC</folder><filename> p q.jpg\n</filename>"
              "<source><database>x</database></source><size><width>5</width></size>"
              "<object><name>\n dining table </name><pose>Left</pose><difficult>1</difficult>" BOX "</object>"
              "<!-- <object/> --><object><bndbox><ymax>2.5</ymax><xmin>1.25</xmin><ymin> 1 </ymin><xmax>3e0</xmax>"
              "</bndbox><difficult>0</difficult><name>rock &amp; <![CDATA[<roll>]]></name></object></annotation>",
              &a));
    assert_string_equal(a.filename, "p q.jpg");
    assert_int_equal(a.count, 2);
    assert_string_equal(a.objects[0].name, "dining table");
    assert_int_equal(a.objects[0].difficult, 1);
    assert_true(a.objects[0].x == 10 && a.objects[0].y == 20);
    assert_true(a.objects[0].width == 20 && a.objects[0].height == 40);
    assert_string_equal(a.objects[1].name, "rock & <roll>");
    assert_int_equal(a.objects[1].difficult, 0);
    assert_true(a.objects[1].x == 0.25f && a.objects[1].y == 0);
    assert_true(a.objects[1].width == 2.75f && a.objects[1].height == 2.5f);
    cs_voc_annotation_free(&a);
}

static void test_parts_are_left_out(void **state) {
    (void)state;
    cs_voc_annotation a;
    assert_ok(parse("<annotation><object><name>person</name><part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin>"
                    "<xmax>2</xmax><ymax>2</ymax></bndbox></part>" BOX "<part><name>foot</name></part></object>"
                    "</annotation>",
                    &a));
    assert_int_equal(a.count, 1);
    assert_string_equal(a.objects[0].name, "person");
    assert_true(a.objects[0].x == 10);
    cs_voc_annotation_free(&a);
}

static void test_little_is_needed(void **state) {
    (void)state;
    cs_voc_annotation a;
    assert_ok(parse("<annotation/>", &a));
    assert_int_equal(a.count, 0);
    assert_null(a.filename);
    cs_voc_annotation_free(&a);
    assert_ok(parse("<annotation><filename/>" OBJECT "</annotation>", &a));
    assert_null(a.filename);
    assert_int_equal(a.objects[0].difficult, 0);
    cs_voc_annotation_free(&a);
}

/* More objects than fit the first block, and text that expat hands over in pieces. */
static void test_many_objects(void **state) {
    (void)state;
    enum { COUNT = 3000 };
    char *xml = malloc(COUNT * (sizeof OBJECT + 40) + 100);
    assert_non_null(xml);
    char *end = xml + sprintf(xml, "<annotation>");
    for (int i = 0; i < COUNT; i++)
        end += sprintf(end, "<object><name>c%d</name>" BOX "</object>\n", i);
    strcpy(end, "</annotation>");
    cs_voc_annotation a;
    assert_ok(parse(xml, &a));
    assert_int_equal(a.count, COUNT);
    assert_string_equal(a.objects[COUNT - 1].name, "c2999");
    cs_voc_annotation_free(&a);
    free(xml);
}

#define SIDES(xmin, ymin, xmax, ymax)                                                                                  \
    "<annotation><object><name>cat</name><bndbox><xmin>" xmin "</xmin><ymin>" ymin "</ymin><xmax>" xmax                \
    "</xmax><ymax>" ymax "</ymax></bndbox></object></annotation>"

static void test_refused(void **state) {
    (void)state;
    static const struct {
        const char *xml, *part;
    } cases[] = {
        {"", "a.xml:1: no element"},
        {"hello", "a.xml:1: "},
        {"<annotation>\n\n<object></annotation>", "a.xml:3: mismatched tag"},
        {"<annotation>" OBJECT, "no element"},
        {"<annotation/><annotation/>", "junk"},
        {"<annotation><filename>\xff</filename></annotation>", "not well-formed"},
        {"<annotations/>", "expected the element annotation, found annotations"},
        {"<!DOCTYPE annotation>\n<annotation/>", "a.xml:1: a DOCTYPE is not accepted: annotation"},
        {"<!DOCTYPE annotation SYSTEM \"file:///etc/passwd\"><annotation/>", "DOCTYPE"},
        {"<annotation>&undeclared;</annotation>", "undefined entity"},
        {"<annotation>\n<object>" BOX "\n</object></annotation>", "a.xml:3: an object without a name"},
        {"<annotation><object><name> </name>" BOX "</object></annotation>", "an object without a name"},
        {"<annotation><object><name>cat</name></object></annotation>", "expected xmin, ymin, xmax, ymax"},
        {"<annotation><object><name>cat</name><name>dog</name>" BOX "</object></annotation>", "found a second: name"},
        {"<annotation><filename>a</filename><filename>b</filename></annotation>", "found a second: filename"},
        {"<annotation><object><name>cat</name>" BOX BOX "</object></annotation>", "found a second"},
        {"<annotation><object><difficult>2</difficult></object></annotation>", "expected 0 or 1, found 2"},
        {"<annotation><object><difficult/></object></annotation>", "expected 0 or 1, found "},
        {"<annotation><object><difficult>0</difficult><difficult>0</difficult></object></annotation>", "a second"},
        {"<annotation><object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax></bndbox></object>"
         "</annotation>",
         "expected xmin, ymin, xmax, ymax"},
        {SIDES("one", "1", "2", "2"), "expected a number of pixels, found one"},
        {SIDES("", "1", "2", "2"), "expected a number of pixels, found "},
        {SIDES("1", "1", "nan", "2"), "found nan"},
        {SIDES("1", "1", "inf", "2"), "found inf"},
        {SIDES("1", "1", "1e99", "2"), "found 1e99"},
        {SIDES("1", "1", "0x20", "2"), "found 0x20"},
        {SIDES("1", "1", "2 3", "2"), "found 2 3"},
        {SIDES("1", "1", "1,5", "2"), "found 1,5"},
        {SIDES("5", "1", "4", "2"), "maximum lies before its minimum"},
        {SIDES("1", "5", "2", "1"), "maximum lies before its minimum"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cs_voc_annotation a;
        error.message[0] = '\0';
        cs_status status = parse(cases[i].xml, &a);
        if (status != CS_ERR_FORMAT || !strstr(error.message, cases[i].part) || !strstr(error.message, "a.xml:"))
            fail_msg("%s: got %s, \"%s\"", cases[i].xml, cs_status_name(status), error.message);
    }
}

/* Nine levels of ten: a gigabyte, if the entities were read. */
static void test_billion_laughs(void **state) {
    (void)state;
    char xml[2048], *end = xml + sprintf(xml, "<!DOCTYPE annotation [<!ENTITY l0 \"lol\">");
    for (int i = 1; i < 10; i++)
        end += sprintf(end, "<!ENTITY l%d \"&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;\">", i, i - 1, i - 1,
                       i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    strcpy(end, "]><annotation><filename>&l9;</filename></annotation>");
    cs_voc_annotation a;
    assert_fails(parse(xml, &a), CS_ERR_FORMAT, "a DOCTYPE is not accepted");
}

static void test_deep_nesting(void **state) {
    (void)state;
    enum { DEPTH = 200000 };
    char *xml = malloc(3 * DEPTH + 20);
    assert_non_null(xml);
    strcpy(xml, "<annotation>");
    for (int i = 0; i < DEPTH; i++)
        memcpy(xml + 12 + 3 * i, "<a>", 4);
    cs_voc_annotation a;
    assert_fails(parse(xml, &a), CS_ERR_FORMAT, "no element");
    free(xml);
}

static void test_numbers(void **state) {
    (void)state;
    double value = -1;
    setlocale(LC_ALL, "de_DE.UTF-8"); /* where there is such a locale, its decimal comma must not matter */
    assert_true(cs_dataset_number("12.5", &value) && value == 12.5);
    assert_true(cs_dataset_number("-3", &value) && value == -3);
    assert_true(cs_dataset_number("1e9", &value) && value == 1e9);
    assert_false(cs_dataset_number("1.1e9", &value));
    assert_false(cs_dataset_number("-1.1e9", &value));
    assert_false(cs_dataset_number("", &value));
    assert_false(cs_dataset_number(".", &value));
    assert_false(cs_dataset_number("1-2", &value));
    assert_false(cs_dataset_number("e5", &value));
    assert_true(value == 1e9);
    setlocale(LC_ALL, "C");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_annotation), cmocka_unit_test(test_parts_are_left_out),
        cmocka_unit_test(test_little_is_needed), cmocka_unit_test(test_many_objects),
        cmocka_unit_test(test_refused),          cmocka_unit_test(test_billion_laughs),
        cmocka_unit_test(test_deep_nesting),     cmocka_unit_test(test_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
