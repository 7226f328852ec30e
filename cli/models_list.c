/* clipsight models list and remove */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight_tools.h"
#include "json_text.h"
#include "models.h"
#include "results.h"
#include "say.h"
#include "text_stream.h"

static void put_json(FILE *out, const cs_model_entry *entry) {
    fputs("{\"name\": ", out);
    json_put(out, entry->name);
    fprintf(out, ", \"source\": \"%s\", \"bytes\": %llu, \"folder\": ", cs_model_source_name(entry->source),
            (unsigned long long)entry->bytes);
    json_put(out, entry->folder);
    fputs("}\n", out);
}

static int widest_name(const cs_model_list *list) {
    size_t width = 0;
    for (size_t i = 0; i < cs_model_list_count(list); i++) {
        size_t length = strlen(cs_model_list_get(list, i)->name);
        if (length > width) width = length;
    }
    return (int)width;
}

static void put_row(FILE *out, const cs_model_entry *entry, int width) {
    char *size = models_format_bytes(entry->bytes);
    fprintf(out, "%-*s  %9s  %-11s  %s\n", width, entry->name, size, cs_model_source_name(entry->source),
            entry->folder);
    free(size);
}

static char *format_list(const cs_model_list *list, int is_json) {
    text_stream lines;
    text_stream_open(&lines);
    for (size_t i = 0; i < cs_model_list_count(list); i++) {
        if (is_json)
            put_json(lines.out, cs_model_list_get(list, i));
        else
            put_row(lines.out, cs_model_list_get(list, i), widest_name(list));
    }
    return text_stream_close(&lines);
}

static int run_list(cli_settings *settings) {
    int status = models_check_operands(&MODELS_LIST, settings, 0, "options only");
    if (status != STATUS_OK) return status;
    cs_model_list *list = NULL;
    cs_error error;
    if (cs_models_list(&list, &error) != CS_OK) {
        complain("%s", error.message);
        return STATUS_FAILURE;
    }
    cli_results results;
    char *text = format_list(list, settings->format == CS_FORMAT_JSON);
    status = results_open(&results, NULL);
    if (status == STATUS_OK) status = results_put(&results, text);
    free(text);
    cs_model_list_free(list);
    return status;
}

static const option_choice FORMATS[] = {{"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {NULL, 0}};
static const cli_option OPTIONS[] = {{"format", 0, OPTION_CHOICE, FIELD(format), "table|json",
                                      "json: one object a line (default: table)", 0, 0, 0, FORMATS},
                                     {0}};
static const option_group OUTPUT = {"Output", OPTIONS};
static const option_group *const LIST_GROUPS[] = {&OUTPUT, &MODELS_HELP_OPTIONS, NULL};

const cli_command MODELS_LIST = {"models list",
                                 "[--format table|json]",
                                 "list the models of this machine",
                                 "Lists the starter, the models in clipsight's cache, broken-off pulls (partial),\n"
                                 "and the CLIP models that other programs have put into the cache that the\n"
                                 "Hugging Face libraries share: name, size, source, folder.",
                                 LIST_GROUPS,
                                 "  clipsight models list\n",
                                 run_list};

static int run_remove(cli_settings *settings) {
    int status = models_check_operands(&MODELS_REMOVE, settings, 1, "one model (owner/name)");
    if (status != STATUS_OK) return status;
    cs_error error;
    if (cs_models_remove(settings->operands.items[0], &error) == CS_OK) return STATUS_OK;
    complain("%s", error.message);
    return STATUS_FAILURE;
}

static const option_group *const REMOVE_GROUPS[] = {&MODELS_HELP_OPTIONS, NULL};

const cli_command MODELS_REMOVE = {"models remove",
                                   "NAME",
                                   "delete a model from the cache",
                                   "Deletes a model, or what a broken-off pull left of it, from clipsight's own\n"
                                   "cache, without asking. The starter, and models that other programs have\n"
                                   "fetched, are not touched.",
                                   REMOVE_GROUPS,
                                   "  clipsight models remove openai/clip-vit-base-patch32\n",
                                   run_remove};
