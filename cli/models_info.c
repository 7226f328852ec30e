/* clipsight models info and convert */
#include <stdio.h>
#include <stdlib.h>

#include "clipsight_tools.h"
#include "models.h"
#include "results.h"
#include "say.h"

static char *format_info(const char *name, const char *folder, const cs_model_info *info, const char *license) {
    char *disk = models_format_bytes(info->checkpoint_bytes), *memory = models_format_bytes(info->memory_bytes);
    char *text =
        text_format("name           %s\n"
                    "folder         %s\n"
                    "type           %s (%s layout)\n"
                    "licence        %s\n"
                    "image encoder  %s\n"
                    "               %d x %d pixels, %.1f million parameters, %.2f GMAC a picture\n"
                    "text encoder   %s\n"
                    "               up to %d tokens, %.1f million parameters, %.2f GMAC a text\n"
                    "embedding      %d\n"
                    "parameters     %.1f million\n"
                    "checkpoint     %s\n"
                    "memory needed  about %s\n",
                    name, folder, info->model_type, info->layout, license ? license : "not stated", info->image_encoder,
                    info->image_size, info->image_size, (double)info->image_parameters / 1e6, info->image_gmac,
                    info->text_encoder, info->context, (double)info->text_parameters / 1e6, info->text_gmac, info->dim,
                    (double)info->parameters / 1e6, disk, memory);
    free(disk);
    free(memory);
    return text;
}

static int print_text(char *text) {
    cli_results results;
    int status = results_open(&results, NULL);
    if (status == STATUS_OK) status = results_put(&results, text);
    free(text);
    return status;
}

static int run_info(cli_settings *settings) {
    int status = models_check_operands(&MODELS_INFO, settings, 1, "one model (name or folder)");
    if (status != STATUS_OK) return status;
    const char *name = settings->operands.items[0];
    cs_error error;
    cs_model_info info;
    char *folder = NULL, *license = NULL;
    cs_status result = cs_model_find(name, &folder, &error);
    if (result == CS_OK) result = cs_model_inspect(folder, &info, &error);
    if (result == CS_OK) result = cs_model_license(folder, &license, &error);
    if (result == CS_OK) {
        status = print_text(format_info(name, folder, &info, license));
    } else {
        complain("%s", error.message);
        status = STATUS_FAILURE;
    }
    cs_string_free(folder);
    cs_string_free(license);
    return status;
}

static const option_group *const GROUPS[] = {&MODELS_HELP_OPTIONS, NULL};

const cli_command MODELS_INFO = {"models info",
                                 "NAME|DIR",
                                 "tell what a model is",
                                 "Prints a model's architecture, its size, the work it takes and the licence that\n"
                                 "its card names, without loading the weights. A GMAC is a thousand million\n"
                                 "multiply-adds.",
                                 GROUPS,
                                 "  clipsight models info starter\n"
                                 "  clipsight models info openai/clip-vit-base-patch32\n",
                                 run_info};

/* A checkpoint goes as it is; a name is looked up. */
static cs_status convert(const char *source, const char *target, cs_error *error) {
    char *folder = NULL;
    FILE *file = fopen(source, "rb"); /* a folder opens, too */
    if (file) {
        fclose(file);
        return cs_model_convert(source, target, error);
    }
    cs_status status = cs_model_find(source, &folder, error);
    if (status == CS_OK) status = cs_model_convert(folder, target, error);
    cs_string_free(folder);
    return status;
}

static int run_convert(cli_settings *settings) {
    int status = models_check_operands(&MODELS_CONVERT, settings, 2, "a checkpoint and the file to write");
    if (status != STATUS_OK) return status;
    cs_error error;
    if (convert(settings->operands.items[0], settings->operands.items[1], &error) == CS_OK) return STATUS_OK;
    complain("%s", error.message);
    return STATUS_FAILURE;
}

const cli_command MODELS_CONVERT = {"models convert",
                                    "SOURCE TARGET",
                                    "write a checkpoint as safetensors",
                                    "SOURCE is a model (by name, or its folder) or a file with a checkpoint:\n"
                                    "safetensors, the index of a sharded one, or a file of torch.save such as\n"
                                    "pytorch_model.bin, of which nothing is executed. TARGET ends in .safetensors.",
                                    GROUPS,
                                    "  clipsight models convert pytorch_model.bin model.safetensors\n",
                                    run_convert};
