/* clipsight bench: how fast this machine is at what the other commands do. */
#include <stdlib.h>

#include "bench_report.h"
#include "commands.h"
#include "interrupt.h"
#include "results.h"
#include "say.h"
#include "session.h"
#include "shared_options.h"

static const option_choice FORMATS[] = {{"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {NULL, 0}};

static const cli_option WHAT[] = {
    {"model", 'm', OPTION_TEXTS, FIELD(models), "NAME|DIR",
     "a model by name, or its folder; give it once per model\n(default: starter)", 0, 0, 0, NULL},
    {"precision", 0, OPTION_TEXT, FIELD(precisions), "LIST",
     "of fp32, bf16 and int8, parted by commas (default: all that the\nprocessor has)", 0, 0, 0, NULL},
    {"batch", 0, OPTION_TEXT, FIELD(batches), "LIST", "windows that are encoded together (default: 1,8,32)", 0, 0, 0,
     NULL},
    {"threads", 0, OPTION_TEXT, FIELD(thread_counts), "LIST",
     "how many to use (default: 1, and all processors of the process)", 0, 0, 0, NULL},
    {"runs", 0, OPTION_WHOLE, FIELD(runs), "N", "how often each is measured (default: 5)", 1, 1000, 0, NULL},
    {0}};

static const cli_option PHOTO[] = {{"photo", 0, OPTION_TEXT, FIELD(photo), "FILE",
                                    "also say how long each stage takes on this photograph: decode,\n"
                                    "crop and resample, encode, map, boxes, draw",
                                    0, 0, 0, NULL},
                                   {"prompt", 'p', OPTION_TEXTS, FIELD(prompts), "TEXT",
                                    "what to look for in it; give it once per thing\n(default: a cat, a dog)", 0, 0, 0,
                                    NULL},
                                   {0}};

static const cli_option OUTPUT[] = {
    {"format", 0, OPTION_CHOICE, FIELD(format), "table|json", "json: one object (default: table)", 0, 0, 0, FORMATS},
    {0}};

static const option_group WHAT_OPTIONS = {"What is measured", WHAT};
static const option_group PHOTO_OPTIONS = {"Photograph", PHOTO};
static const option_group OUTPUT_OPTIONS = {"Output", OUTPUT};
static const option_group *const GROUPS[] = {&WHAT_OPTIONS,   &PHOTO_OPTIONS, &METHOD_OPTIONS,
                                             &OUTPUT_OPTIONS, &OTHER_OPTIONS, NULL};

static int check(const cli_settings *settings) {
    if (settings->operands.count > 0)
        return usage_error("bench", "%s: takes options only; a photograph goes behind --photo",
                           settings->operands.items[0]);
    return session_check_options("bench", settings);
}

static int print(const bench_plan *plan) {
    cli_results results;
    int status = results_open(&results, plan->settings->report);
    if (status != STATUS_OK) return status;
    char *text = plan->settings->format == CS_FORMAT_JSON ? bench_report_json(plan) : bench_report_table(plan);
    status = results_put(&results, text);
    free(text);
    if (results_close(&results, status == STATUS_OK) != STATUS_OK) status = STATUS_FAILURE;
    return status;
}

static int run(cli_settings *settings) {
    bench_plan plan;
    int status = check(settings);
    if (status != STATUS_OK) return status;
    status = plan_make(&plan, settings);
    if (status == STATUS_OK) status = plan_measure(&plan);
    if (status == STATUS_OK) status = print(&plan);
    if (status == STATUS_OK && !settings->quiet) bench_warn(&plan);
    plan_free(&plan);
    return interrupt_signal() ? 128 + interrupt_signal() : status;
}

const cli_command BENCH_COMMAND = {
    "bench",
    "[--model NAME|DIR] [options]",
    "measure how fast this machine is",
    "Prints how many windows a second the image encoder does, and what part that is\n"
    "of the multiply-adds that the processor can do at most (which is measured, too);\n"
    "a multiply-add counts as two operations. Every model, precision and number of\n"
    "threads has a process of its own, so that all of them are in memory at the same\n"
    "time; they take turns, and the median counts. The first run of each is not\n"
    "counted. MB is the most memory that the process has held, with this batch.",
    GROUPS,
    "  clipsight bench\n"
    "  clipsight bench --precision fp32,bf16 --batch 1,8,32 --threads 1,2 --photo photo.jpg\n"
    "  clipsight bench -m openai/clip-vit-base-patch32 --runs 9 --format json\n",
    run};
