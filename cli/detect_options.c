#include "detect_options.h"

#include <float.h>

#include "say.h"
#include "shared_options.h"

static const cli_option BOXES[] = {
    {"threshold", 0, OPTION_NUMBER, FIELD(threshold), "T",
     "share of the relevance map's highest value above which a place\nbelongs to the object, between 0 and 1 (default: "
     "the method's; 0.5\nwith --recipe chapter)",
     0, 1, 1, NULL},
    {"min-score", 0, OPTION_NUMBER, FIELD(min_score), "S",
     "drop boxes with a lower score; 0 keeps all (default: the model's;\n0 with --recipe chapter); eval leaves them "
     "out of its figures of\npairs alone",
     0, 1, 0, NULL},
    {"single", 0, OPTION_FLAG, FIELD(single), NULL, "one box per prompt, as in the chapter", 0, 0, 0, NULL},
    {"overlap", 0, OPTION_NUMBER, FIELD(overlap), "IOU",
     "of two boxes of a prompt that share more of their union than this,\nthe surer one stays; 1 keeps all (default: "
     "0.5)",
     0, 1, 0, NULL},
    {"negative", 0, OPTION_TEXTS, FIELD(negatives), "TEXT",
     "something else that might be there: what fits it better than a\nprompt is doubted; give it once per thing", 0, 0,
     0, NULL},
    {0}};

const option_group BOX_OPTIONS = {"Boxes", BOXES};

/* 0 would stand for the library's default: the least number above it says what 0 means here, that no two may touch. */
static float overlap_of(const cli_settings *settings) {
    if (settings->overlap < 0) return 0;
    return settings->overlap > 0 ? (float)settings->overlap : FLT_MIN;
}

int detect_options_check(const char *command, const cli_settings *settings) {
    if (settings->recipe != CS_RECIPE_CHAPTER || settings->negatives.count == 0) return STATUS_OK;
    return usage_error(command, "--negative does not go with --recipe chapter, whose score asks for no rival");
}

cs_detect_options detect_options(cli_session *session, float min_score) {
    const cli_settings *settings = session->settings;
    cs_detect_options options = {.localize = localize_options(settings),
                                 .threshold = (float)settings->threshold,
                                 .min_score = min_score,
                                 .single = settings->single,
                                 .overlap = overlap_of(settings),
                                 .negatives = session->negatives};
    if (settings->min_score >= 0) options.min_score = (float)settings->min_score;
    options.localize.progress = session_progress(session);
    return options;
}
