/* clipsight localize: where in a photograph each prompt fits. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "say.h"
#include "session.h"
#include "shared_options.h"
#include "targets.h"

static const option_choice FORMATS[] = {
    {"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {"tsv", CS_FORMAT_TSV}, {NULL, 0}};

static const option_choice STYLES[] = {
    {"brightness", CS_HEATMAP_BRIGHTNESS}, {"overlay", CS_HEATMAP_OVERLAY}, {NULL, 0}};

static const cli_option OUTPUT[] = {{"format", 0, OPTION_CHOICE, FIELD(format), "table|json|tsv",
                                     "json: one line per photograph; tsv: the cells of the map\n(default: table)", 0, 0,
                                     0, FORMATS},
                                    {"heatmap", 'o', OPTION_TEXT, FIELD(picture), "FILE|DIR",
                                     "write the map as a picture (.png, .jpg or .webp); with several prompts\n"
                                     "FILE-PROMPT.png; for several photographs a folder, made if needed",
                                     0, 0, 0, NULL},
                                    {"heatmap-style", 0, OPTION_CHOICE, FIELD(heatmap_style), "brightness|overlay",
                                     "darken what fits less, or lay colours over the photograph (default:\noverlay for "
                                     "the methods dense and region, else brightness)",
                                     0, 0, 0, STYLES},
                                    {0}};

static const option_group OUTPUT_OPTIONS = {"Output", OUTPUT};

/* Where windows or squares move, patches are what was scored; the cells of the other maps are points of something
 * smooth. */
static cs_heatmap_style style_for(const cli_settings *settings, const cs_map *map) {
    if (settings->heatmap_style >= 0) return (cs_heatmap_style)settings->heatmap_style;
    return map->patch > 0 ? CS_HEATMAP_BRIGHTNESS : CS_HEATMAP_OVERLAY;
}

static cs_status save_heatmap(cli_session *session, size_t index, size_t prompt, const cs_image *image,
                              const cs_maps *maps, cli_targets *targets, cs_error *error) {
    int several = cs_prompts_count(session->prompts) > 1;
    const char *label = several ? cs_prompts_label(session->prompts, prompt) : NULL;
    const cs_map map = cs_maps_get(maps, prompt);
    cs_heatmap_style style = style_for(session->settings, &map);
    cs_image *picture = NULL;
    char *name = NULL;
    cs_status status = targets_name(targets, index, label, 0, &name, error);
    if (status == CS_OK) status = cs_draw_heatmap(image, maps, prompt, style, &picture, error);
    if (status == CS_OK) status = cs_image_save(picture, name, error);
    cs_image_close(picture);
    free(name);
    return status;
}

static cs_status print_maps(cli_session *session, size_t index, const cs_image *image, const cs_maps *maps,
                            cs_error *error) {
    cs_photo photo = {session->photos.items[index].path, cs_image_width(image), cs_image_height(image)};
    char *text = NULL;
    cs_status status =
        cs_report_maps((cs_format)session->settings->format, &photo, session->prompts, maps, &text, error);
    if (status == CS_OK) status = session_print(session, text, error);
    cs_string_free(text);
    return status;
}

static cs_status localize_photo(cli_session *session, size_t index, const cs_image *image, void *context,
                                cs_error *error) {
    cli_targets *targets = context;
    cs_localize_options options = localize_options(session->settings);
    options.progress = session_progress(session);
    cs_maps *maps = NULL;
    cs_status status = cs_localize(session->model, session->prompts, image, &options, &maps, error);
    if (status == CS_OK) status = print_maps(session, index, image, maps, error);
    for (size_t i = 0; status == CS_OK && targets->path && i < cs_maps_count(maps) && !session_stopped(session); i++)
        status = save_heatmap(session, index, i, image, maps, targets, error);
    cs_maps_destroy(maps);
    return status;
}

static int run(cli_settings *settings) {
    int status = session_check("localize", settings);
    cli_targets targets = {.path = NULL};
    if (status == STATUS_OK)
        status = targets_open(&targets, "localize", "heatmap", settings->picture, &settings->operands);
    if (status != STATUS_OK) return status;
    cli_session session;
    session_begin(&session, "localize", settings);
    session_collect(&session, &targets, 1);
    session_load_prompts(&session);
    session_each(&session, localize_photo, &targets);
    targets_close(&targets);
    return session_end(&session);
}

static const option_group *const GROUPS[] = {&PROMPT_OPTIONS, &METHOD_OPTIONS, &OUTPUT_OPTIONS,
                                             &MODEL_OPTIONS,  &OTHER_OPTIONS,  NULL};

const cli_command LOCALIZE_COMMAND = {
    "localize",
    "PHOTO... -p TEXT [-p TEXT ...] [options]",
    "map where in a photograph a description fits",
    "Scores places of each photograph against every prompt, and prints the\n"
    "relevance maps; by default a window slides over it. PHOTO is a JPEG, PNG or\n"
    "WebP file, a folder (all photographs below it, in name order), or - for\n"
    "standard input.",
    GROUPS,
    "  clipsight localize pet.jpg -p \"a fluffy cat\" --heatmap cat.png\n"
    "  clipsight localize pet.jpg -p \"a cat\" -p \"a butterfly\" -o map.png   (map-a_cat.png, map-a_butterfly.png)\n"
    "  clipsight localize holiday/ -p \"a boat\" --heatmap maps/ --heatmap-style overlay --format json\n"
    "  clipsight localize pet.jpg -p \"a cat\" --method dense -o fine.png\n",
    run};
