/* clipsight models check */
#include <stdio.h>

#include "clipsight_tools.h"
#include "models.h"
#include "say.h"
#include "shared_options.h"

static void print_line(void *context, const cs_check_line *line) {
    (void)context;
    if (line->skipped)
        printf("skip  %s: its picture was not given\n", line->what);
    else
        printf("%s  %s: expected %.6g within %g, got %.6g\n", line->passed ? "pass" : "FAIL", line->what,
               line->expected, line->tolerance, line->got);
    fflush(stdout); /* a map takes a while */
}

static int run(cli_settings *settings) {
    int status = models_check_operands(&MODELS_CHECK, settings, 1, "one model");
    if (status != STATUS_OK) return status;
    cs_check_options options = {
        settings->goldens, settings->cats, settings->diagram, settings->photo, {.threads = (int)settings->threads}};
    cs_error error;
    size_t failed = 0;
    if (cs_model_check(settings->operands.items[0], &options, print_line, NULL, &failed, &error) != CS_OK) {
        complain("%s", error.message);
        return STATUS_FAILURE;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain("standard output: cannot write");
        return STATUS_FAILURE;
    }
    return failed > 0 ? STATUS_FAILURE : STATUS_OK;
}

static const cli_option PICTURES[] = {
    {"cats", 0, OPTION_TEXT, FIELD(cats), "FILE",
     "two cats on a sofa, published as\nimages.cocodataset.org/val2017/000000039769.jpg", 0, 0, 0, NULL},
    {"diagram", 0, OPTION_TEXT, FIELD(diagram), "FILE", "CLIP.png from OpenAI's repository of CLIP", 0, 0, 0, NULL},
    {"photo", 0, OPTION_TEXT, FIELD(photo), "FILE",
     "the photograph of the chapter, 3456 x 5184, a cat and a butterfly\n(120 windows: this takes the longest)", 0, 0,
     0, NULL},
    {"goldens", 0, OPTION_TEXT, FIELD(goldens), "FILE", "other results than those built in, as JSON (docs/models.md)",
     0, 0, 0, NULL},
    {0}};
static const cli_option COMPUTE[] = {{"threads", 0, OPTION_WHOLE, FIELD(threads), "N",
                                      "how many to use (default: all processors of the process)", 1, 1024, 0, NULL},
                                     {0}};
static const option_group COMPUTE_OPTIONS = {"Computing", COMPUTE};
static const option_group PICTURE_OPTIONS = {"Pictures", PICTURES};
static const option_group *const GROUPS[] = {&PICTURE_OPTIONS, &COMPUTE_OPTIONS, &MODELS_HELP_OPTIONS, NULL};

const cli_command MODELS_CHECK = {"models check",
                                  "NAME [--cats FILE] [--diagram FILE] [--photo FILE]",
                                  "compare a model with known results",
                                  "Computes results that are known for this model, and prints for each what is\n"
                                  "expected, what came out, and whether it passes. Results are built in for\n"
                                  "openai/clip-vit-base-patch32. The pictures are not part of clipsight; what needs\n"
                                  "one that is not given is skipped. Exit status 1 if anything fails, or if\n"
                                  "nothing is known of the model.",
                                  GROUPS,
                                  "  clipsight models check openai/clip-vit-base-patch32 --cats 000000039769.jpg\n",
                                  run};
