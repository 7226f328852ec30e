#include "page.h"

#include <string.h>

/* Puts a file's bytes between two symbols; EMBED_ROOT is the root of the project (CMakeLists.txt). */
#define EMBED(name, path)                                                                                              \
    __asm__(".pushsection .rodata\n"                                                                                   \
            ".balign 16\n"                                                                                             \
            "page_" #name ":\n"                                                                                        \
            ".incbin \"" EMBED_ROOT "/" path "\"\n"                                                                    \
            "page_" #name "_end:\n"                                                                                    \
            ".byte 0\n"                                                                                                \
            ".popsection\n");                                                                                          \
    extern const char page_##name[], page_##name##_end[]

/* The page's scripts, server/page/NAME.js each. */
/* clang-format off */
#define SCRIPTS(X) \
    X(app) X(boxes) X(common) X(drop) X(found) X(heat) X(hits) X(latest) X(look) X(options) X(photo) X(progress) \
    X(save) X(search) X(server) X(state) X(theme) X(token) X(views) X(words)
/* clang-format on */
#define EMBED_SCRIPT(name) EMBED(script_##name, "server/page/" #name ".js");
#define SCRIPT_FILE(name)                                                                                              \
    {"/" #name ".js", "text/javascript; charset=utf-8", page_script_##name, page_script_##name##_end},

SCRIPTS(EMBED_SCRIPT)
EMBED(index, "server/page/index.html");
EMBED(style, "server/page/style.css");
EMBED(icon, "server/page/icon.svg");
EMBED(openapi, "server/openapi.json");
EMBED(cat, "assets/chelsea.png");
EMBED(palace, "assets/china.jpg");

static const char PAGE_POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/* The size is the distance between two symbols, which no constant expression can hold. */
typedef struct embedded {
    const char *path, *type, *begin, *end;
} embedded;

/* clang-format off */
static const embedded FILES[] = {
    {"/", "text/html; charset=utf-8", page_index, page_index_end},
    {"/style.css", "text/css; charset=utf-8", page_style, page_style_end},
    {"/icon.svg", "image/svg+xml", page_icon, page_icon_end},
    {"/openapi.json", "application/json", page_openapi, page_openapi_end},
    {"/examples/cat.png", "image/png", page_cat, page_cat_end},
    {"/examples/palace.jpg", "image/jpeg", page_palace, page_palace_end},
    SCRIPTS(SCRIPT_FILE)
};
/* clang-format on */

int page_find(const char *path, page_file *file) {
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        const embedded *each = &FILES[i];
        if (strcmp(each->path, path) != 0) continue;
        if (file) *file = (page_file){each->type, PAGE_POLICY, each->begin, (size_t)(each->end - each->begin)};
        return 1;
    }
    return 0;
}
