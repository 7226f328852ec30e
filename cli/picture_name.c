#include "picture_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "memory.h"

/* File systems take 255 bytes, some of which the temporary name needs. */
enum { LONGEST_NAME = 240, LONGEST_PROMPT = 80 };

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

/* `length`, or at most `most`, less where that would cut through a letter of UTF-8. */
static size_t cut_between_letters(const char *text, size_t length, size_t most) {
    if (length <= most) return length;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

/* What is from `path` to `stem_end`, and then suffix and ending; the end of a long name is given up. */
static char *join(const char *path, const char *stem_end, const char *suffix, const char *ending) {
    size_t folder = (size_t)(path_name(path) - path), stem = (size_t)(stem_end - path) - folder;
    size_t taken = strlen(suffix) + strlen(ending);
    stem = cut_between_letters(path + folder, stem, taken < LONGEST_NAME ? LONGEST_NAME - taken : 0);
    return text_format("%.*s%s%s", (int)(folder + stem), path, suffix, ending);
}

char *picture_name_for(const char *photo) {
    static const char *const JPEG[] = {".jpg", ".jpeg", NULL};
    static const char *const OTHERS[] = {".png", ".webp", NULL};
    const char *ending = path_ending(photo);
    int is_jpeg = is_one_of(ending, JPEG);
    int is_known = is_jpeg || is_one_of(ending, OTHERS);
    return join(photo, is_known ? ending : photo + strlen(photo), "", is_jpeg ? ".jpg" : ".png");
}

static char *with_suffix(const char *name, const char *suffix) {
    const char *ending = path_ending(name);
    char *dashed = text_format("-%s", suffix);
    char *result = join(name, ending, dashed, ending);
    free(dashed);
    return result;
}

/* Letters beyond ASCII stay; a long text is cut between two of them. */
static char *safe_text(const char *text) {
    char *safe = text_copy(text);
    safe[cut_between_letters(safe, strlen(safe), LONGEST_PROMPT)] = '\0';
    for (char *c = safe; *c; c++) {
        int is_plain = isalnum((unsigned char)*c) || strchr("-.", *c) || ((unsigned char)*c & 0x80);
        if (!is_plain) *c = '_';
    }
    return safe;
}

char *picture_name_with_prompt(const char *name, const char *prompt, size_t number) {
    char *safe = safe_text(prompt);
    char *suffix = number ? text_format("%s-%zu", safe, number) : text_copy(safe);
    char *result = with_suffix(name, suffix);
    free(suffix);
    free(safe);
    return result;
}

char *picture_name_with_number(const char *name, size_t number) {
    char *digits = text_format("%zu", number);
    char *result = with_suffix(name, digits);
    free(digits);
    return result;
}
