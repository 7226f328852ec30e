#include "detect_options.h"

#include "shared_options.h"

static const cli_option BOXES[] = {
    {"threshold", 0, OPTION_NUMBER, FIELD(threshold), "T",
     "part of the normalised relevance map that counts as the object,\nbetween 0 and 1 (default: the recipe's; 0.5 "
     "with "
     "--recipe chapter)",
     0, 1, 1, NULL},
    {"min-score", 0, OPTION_NUMBER, FIELD(min_score), "S",
     "drop boxes with a lower score; 0 keeps all (default: the model's;\n0 with --recipe chapter, and for eval)", 0, 1,
     0, NULL},
    {"single", 0, OPTION_FLAG, FIELD(single), NULL, "one box per prompt, as in the chapter", 0, 0, 0, NULL},
    {0}};

const option_group BOX_OPTIONS = {"Boxes", BOXES};

cs_detect_options detect_options(cli_session *session, float min_score) {
    const cli_settings *settings = session->settings;
    cs_detect_options options = {.localize = localize_options(settings),
                                 .threshold = (float)settings->threshold,
                                 .min_score = min_score,
                                 .single = settings->single};
    if (settings->min_score >= 0) options.min_score = (float)settings->min_score;
    options.localize.progress = session_progress(session);
    return options;
}
