#include "shared_options.h"

static const cli_option PROMPTS[] = {
    {"prompt", 'p', OPTION_TEXTS, FIELD(prompts), "TEXT", "what to look for; give it once per thing", 0, 0, 0, NULL},
    {"prompts", 0, OPTION_TEXT, FIELD(prompts_file), "FILE",
     "the same from a file, one a line; empty lines and lines that begin\nwith # are left out; - is standard input", 0,
     0, 0, NULL},
    {"template", 0, OPTION_TEXT, FIELD(text_template), "TEXT",
     "what the model reads, {} being the prompt\n(default: '{}'; often used: 'a photo of a {}')", 0, 0, 0, NULL},
    {0}};

static const option_choice RECIPES[] = {{"default", CS_RECIPE_DEFAULT}, {"chapter", CS_RECIPE_CHAPTER}, {NULL, 0}};

static const cli_option WINDOWS[] = {
    {"recipe", 0, OPTION_CHOICE, FIELD(recipe), "default|chapter",
     "chapter: the arithmetic of the chapter to the letter", 0, 0, 0, RECIPES},
    {"patch", 0, OPTION_WHOLE, FIELD(patch), "N",
     "side of a patch in pixels (default: 256, less for small photographs)", 1, 65536, 0, NULL},
    {"window", 0, OPTION_WHOLE, FIELD(window), "N", "side of the sliding window in patches (default: 6)", 1, 1024, 0,
     NULL},
    {"stride", 0, OPTION_WHOLE, FIELD(stride), "N", "step of the window in patches (default: 1)", 1, 1024, 0, NULL},
    {0}};

static const option_choice BACKENDS[] = {{"onednn", 0}, {"reference", 1}, {NULL, 0}};

static const cli_option MODELS[] = {
    {"model", 'm', OPTION_TEXT, FIELD(model), "NAME|DIR", "a model by name, or its folder (default: starter)", 0, 0, 0,
     NULL},
    {"backend", 0, OPTION_CHOICE, FIELD(reference), "onednn|reference",
     "reference: plain C, slow, defines the results (default: onednn)", 0, 0, 0, BACKENDS},
    {"threads", 0, OPTION_WHOLE, FIELD(threads), "N", "how many to use (default: all processors of the process)", 1,
     1024, 0, NULL},
    {"batch", 0, OPTION_WHOLE, FIELD(batch), "N", "windows that are encoded together (default: the model's choice)", 1,
     4096, 0, NULL},
    {0}};

static const cli_option OTHERS[] = {
    {"max-pixels", 0, OPTION_WHOLE, FIELD(max_pixels), "N", "larger photographs are refused (default: 268435456)", 1,
     1e15, 0, NULL},
    {"report", 0, OPTION_TEXT, FIELD(report), "FILE",
     "write the results there instead of to standard output; the file\nappears when it is complete", 0, 0, 0, NULL},
    {"quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no progress and no notes", 0, 0, 0, NULL},
    {"help", 'h', OPTION_HELP, FIELD(help), NULL, "print this", 0, 0, 0, NULL},
    {0}};

const option_group PROMPT_OPTIONS = {"Prompts", PROMPTS};
const option_group WINDOW_OPTIONS = {"Windows", WINDOWS};
const option_group MODEL_OPTIONS = {"Model", MODELS};
const option_group OTHER_OPTIONS = {"Other", OTHERS};

cs_localize_options localize_options(const cli_settings *settings) {
    return (cs_localize_options){.recipe = (cs_recipe)settings->recipe,
                                 .patch = (int)settings->patch,
                                 .window = (int)settings->window,
                                 .stride = (int)settings->stride};
}
