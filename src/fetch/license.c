/* The licence line of a model card: "license: mit" in the YAML block between two lines of "---" at its beginning. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "clipsight_tools.h"

enum { CARD_LIMIT = 4 << 20 };

static int is_rule(const char *line) {
    return strncmp(line, "---", 3) == 0 && line[3 + strspn(line + 3, " \t\r")] == '\0';
}

/* Cuts space and one pair of quotes from both ends. */
static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        length--;
    if (length >= 2 && strchr("\"'", text[0]) && text[length - 1] == text[0]) {
        text++;
        length -= 2;
    }
    text[length] = '\0';
    return text;
}

/* Walks the block's lines; the value lies in `card`, which is cut up. "license_name" names what "other" stands for. */
static char *find_license(char *card) {
    char *rest = card, *found = NULL, *line = strsep(&rest, "\n");
    if (!line || !is_rule(line)) return NULL;
    while ((line = strsep(&rest, "\n")) && !is_rule(line)) {
        if (strncmp(line, "license:", 8) == 0 && !found) found = trim(line + 8);
        if (strncmp(line, "license_name:", 13) == 0) found = trim(line + 13);
    }
    return line && found && *found ? found : NULL;
}

cs_status cs_model_license(const char *folder, char **license, cs_error *error) {
    char *path = cs_path_join(folder, "README.md"), *card = NULL;
    if (!path) return cs_fail_memory(error, folder);
    size_t size;
    cs_status status = cs_file_exists(path) ? cs_file_read(path, CARD_LIMIT, &card, &size, error) : CS_OK;
    free(path);
    if (status != CS_OK) return status;
    char *found = card ? find_license(card) : NULL, *copy = found ? cs_strdup(found) : NULL;
    free(card);
    if (found && !copy) return cs_fail_memory(error, folder);
    *license = copy;
    return CS_OK;
}
