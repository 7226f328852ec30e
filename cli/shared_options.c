#include "shared_options.h"

#include <string.h>

#include "say.h"

static const cli_option PROMPTS[] = {
    {"prompt", 'p', OPTION_TEXTS, FIELD(prompts), "TEXT", "what to look for; give it once per thing", 0, 0, 0, NULL},
    {"prompts", 0, OPTION_TEXT, FIELD(prompts_file), "FILE",
     "the same from a file, one a line; empty lines and lines that begin\nwith # are left out; - is standard input", 0,
     0, 0, NULL},
    {"template", 0, OPTION_TEXT, FIELD(text_template), "TEXT",
     "what the model reads, {} being the prompt\n(default: '{}'; often used: 'a photo of a {}')", 0, 0, 0, NULL},
    {0}};

static const option_choice RECIPES[] = {{"default", CS_RECIPE_DEFAULT}, {"chapter", CS_RECIPE_CHAPTER}, {NULL, 0}};

static const option_choice METHOD_NAMES[] = {{"auto", CS_METHOD_AUTO},           {"window", CS_METHOD_WINDOW},
                                             {"occlusion", CS_METHOD_OCCLUSION}, {"dense", CS_METHOD_DENSE},
                                             {"region", CS_METHOD_REGION},       {NULL, 0}};

static const cli_option METHODS[] = {
    {"method", 0, OPTION_CHOICE, FIELD(method), "auto|window|occlusion|dense|region",
     "window: encode what a sliding window sees; occlusion: black out a\n"
     "sliding square, and see what it costs; dense: one pass, a score at\n"
     "every position; region: one pass, a score for each of many regions\n"
     "of like pixels (default: auto, that is dense where a variant is\n"
     "given; else window for localize, and for detect and eval dense with\n"
     "the starter model and window with others, with the chapter's recipe\n"
     "and with --patch, --window or --stride)",
     0, 0, 0, METHOD_NAMES},
    {"variant", 0, OPTION_TEXT, FIELD(variant), "NAME",
     "of the dense method, where a model has several (default: the best\nknown; see docs/methods.md)", 0, 0, 0, NULL},
    {"recipe", 0, OPTION_CHOICE, FIELD(recipe), "default|chapter",
     "chapter: the arithmetic of the chapter to the letter, with the\nmethods window and occlusion", 0, 0, 0, RECIPES},
    {"patch", 0, OPTION_WHOLE, FIELD(patch), "N",
     "side of a patch in pixels, for window and occlusion (default: 256,\nless for small photographs)", 1, 65536, 0,
     NULL},
    {"window", 0, OPTION_WHOLE, FIELD(window), "N", "side of the sliding window or square in patches (default: 6)", 1,
     1024, 0, NULL},
    {"stride", 0, OPTION_WHOLE, FIELD(stride), "N", "step of the window or square in patches (default: 1)", 1, 1024, 0,
     NULL},
    {0}};

static const option_choice BACKENDS[] = {{"onednn", 0}, {"reference", 1}, {NULL, 0}};

static const option_choice PRECISIONS[] = {{"fp32", CS_PRECISION_FP32},
                                           {"bf16", CS_PRECISION_BF16},
                                           {"int8", CS_PRECISION_INT8},
                                           {"auto", CS_PRECISION_AUTO},
                                           {NULL, 0}};

static const cli_option MODELS[] = {
    {"model", 'm', OPTION_TEXT, FIELD(model), "NAME|DIR", "a model by name, or its folder (default: starter)", 0, 0, 0,
     NULL},
    {"backend", 0, OPTION_CHOICE, FIELD(reference), "onednn|reference",
     "reference: plain C, slow, defines the results (default: onednn)", 0, 0, 0, BACKENDS},
    {"precision", 0, OPTION_CHOICE, FIELD(precision), "fp32|bf16|int8|auto",
     "of the large matrix products: less is faster, and maps differ a little\n(default: fp32; auto: bf16 where the "
     "processor has it)",
     0, 0, 0, PRECISIONS},
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
const option_group METHOD_OPTIONS = {"Method", METHODS};
const option_group MODEL_OPTIONS = {"Model", MODELS};
const option_group OTHER_OPTIONS = {"Other", OTHERS};

int template_check(const char *command, const cli_settings *settings, const char *what) {
    const char *text_template = settings->text_template;
    if (!text_template || strstr(text_template, "{}")) return STATUS_OK;
    return usage_error(command, "--template: expected {} where the %s goes, got '%s'", what, text_template);
}

cs_localize_options localize_options(const cli_settings *settings) {
    return (cs_localize_options){.recipe = (cs_recipe)settings->recipe,
                                 .method = (cs_method)settings->method,
                                 .variant = settings->variant,
                                 .patch = (int)settings->patch,
                                 .window = (int)settings->window,
                                 .stride = (int)settings->stride};
}
