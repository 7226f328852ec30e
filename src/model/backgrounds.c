#include "model/backgrounds.h"

#include <ctype.h>
#include <string.h>

#include "model/model.h"

static const char *const BACKGROUNDS[] = {
    "the sky",  "clouds",    "grass",     "trees",  "water",        "sand",      "snow",       "a road",
    "a wall",   "a floor",   "a ceiling", "a room", "a background", "nothing",   "a texture",  "a blurry photo",
    "a person", "an animal", "a plant",   "food",   "a vehicle",    "furniture", "a building", "a thing"};

enum { BACKGROUND_COUNT = sizeof BACKGROUNDS / sizeof BACKGROUNDS[0] };

cs_status cs_model_backgrounds(cs_model *model, const cs_prompts **backgrounds, cs_error *error) {
    if (!model->backgrounds) {
        cs_status status =
            cs_prompts_create(model, BACKGROUNDS, BACKGROUND_COUNT, "a photo of {}", &model->backgrounds, error);
        if (status != CS_OK) return status;
    }
    *backgrounds = model->backgrounds;
    return CS_OK;
}

/* Behind "a ", "an " or "the ". */
static const char *without_article(const char *text) {
    static const char *const articles[] = {"a ", "an ", "the "};
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++)
        if (strncasecmp(text, articles[i], strlen(articles[i])) == 0) return text + strlen(articles[i]);
    return text;
}

static int is_letter(char c) {
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

int cs_background_is_named(const char *background, const char *label) {
    const char *words = without_article(background);
    size_t length = strlen(words);
    for (const char *at = label; *at; at++) {
        int starts = at == label || !is_letter(at[-1]);
        if (starts && strncasecmp(at, words, length) == 0 && !is_letter(at[length])) return 1;
    }
    return 0;
}
