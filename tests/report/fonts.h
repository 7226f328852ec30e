/* For programs that draw text: include it in one source file. */
#ifndef CS_TESTS_REPORT_FONTS_H
#define CS_TESTS_REPORT_FONTS_H

/* fontconfig keeps what it found until the program ends, and stores offsets in the place of pointers, so that the leak
 * checker takes it for lost. The checker asks this function, where there is one, what to leave out. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig";
}

#endif
