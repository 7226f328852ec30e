#include "picture_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "memory.h"

/* File systems take 255 bytes; the rest is for the photograph's own name. */
enum { LONGEST_PROMPT = 80 };

static int is_one_of(const char *ending, const char *const *endings) {
    for (; *endings; endings++) {
        if (strcasecmp(ending, *endings) == 0) return 1;
    }
    return 0;
}

int picture_can_write(const char *path) {
    static const char *const WRITTEN[] = {".png", ".jpg", ".jpeg", ".webp", NULL};
    return is_one_of(path_ending(path), WRITTEN);
}

int picture_has_ending(const char *path) {
    static const char *const OTHERS[] = {".gif",  ".bmp",  ".tif", ".tiff", ".svg", ".pdf",
                                         ".avif", ".heic", ".jxl", ".ppm",  NULL};
    return picture_can_write(path) || is_one_of(path_ending(path), OTHERS);
}

char *picture_name_for(const char *photo) {
    static const char *const JPEG[] = {".jpg", ".jpeg", NULL};
    static const char *const OTHERS[] = {".png", ".webp", NULL};
    const char *ending = path_ending(photo);
    int is_jpeg = is_one_of(ending, JPEG);
    int is_known = is_jpeg || is_one_of(ending, OTHERS);
    int stem = is_known ? (int)(ending - photo) : (int)strlen(photo);
    return text_format("%.*s%s", stem, photo, is_jpeg ? ".jpg" : ".png");
}

static char *with_suffix(const char *name, const char *suffix) {
    const char *ending = path_ending(name);
    return text_format("%.*s-%s%s", (int)(ending - name), name, suffix, ending);
}

/* Letters beyond ASCII stay; a long text is cut between two of them. */
static char *safe_text(const char *text) {
    char *safe = text_copy(text);
    size_t length = strlen(safe);
    if (length > LONGEST_PROMPT) length = LONGEST_PROMPT;
    while (length > 0 && ((unsigned char)safe[length] & 0xc0) == 0x80)
        length--;
    safe[length] = '\0';
    for (char *c = safe; *c; c++) {
        int is_plain = isalnum((unsigned char)*c) || strchr("-.", *c) || ((unsigned char)*c & 0x80);
        if (!is_plain) *c = '_';
    }
    return safe;
}

char *picture_name_with_prompt(const char *name, const char *prompt) {
    char *safe = safe_text(prompt);
    char *result = with_suffix(name, safe);
    free(safe);
    return result;
}

char *picture_name_with_number(const char *name, size_t number) {
    char *digits = text_format("%zu", number);
    char *result = with_suffix(name, digits);
    free(digits);
    return result;
}
