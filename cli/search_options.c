#include "search_options.h"

#include "clipsight.h"
#include "shared_options.h"

static const cli_option WHAT[] = {
    {"not", 0, OPTION_TEXTS, FIELD(search.without), "TEXT", "what is not wanted; can be repeated", 0, 0, 0, NULL},
    {"image", 0, OPTION_TEXTS, FIELD(search.examples), "PHOTO",
     "an example: photographs that look alike; can be repeated, and goes\nwith words; - is standard input", 0, 0, 0,
     NULL},
    {"template", 0, OPTION_TEXT, FIELD(text_template), "TEXT",
     "what the model reads, {} being the words\n(default: '{}'; often used: 'a photo of {}')", 0, 0, 0, NULL},
    {0}};

static const cli_option STORE[] = {
    {"store", 0, OPTION_TEXT, FIELD(store), "FILE|URL",
     "what was indexed: a file, or postgresql://... (default:\n$XDG_DATA_HOME/clipsight/search.sqlite)", 0, 0, 0, NULL},
    {"under", 0, OPTION_TEXT, FIELD(search.under), "FOLDER", "only photographs below it", 0, 0, 0, NULL},
    {"top", 0, OPTION_WHOLE, FIELD(search.top), "N", "how many photographs at most (default: 20)", 1, 1e6, 0, NULL},
    {"min-score", 0, OPTION_NUMBER, FIELD(search.min_score), "S",
     "leave out photographs with a lower score, which is a cosine\n(default: all count)", -9, 9, 0, NULL},
    {"exact", 0, OPTION_FLAG, FIELD(search.exact), NULL,
     "compare with every photograph, where a PostgreSQL store would ask its\nindex, which may miss some", 0, 0, 0,
     NULL},
    {0}};

static const cli_option BOXES[] = {
    {"where", 0, OPTION_FLAG, FIELD(search.where), NULL,
     "look for the words in the photographs that were found, too, and give\nboxes, as detect does", 0, 0, 0, NULL},
    {"box-score", 0, OPTION_NUMBER, FIELD(search.box_score), "S",
     "drop boxes with a lower score; 0 keeps all (default: the model's)", 0, 1, 0, NULL},
    {0}};

static const option_choice FORMATS[] = {
    {"table", CS_FORMAT_TABLE}, {"json", CS_FORMAT_JSON}, {"sheet", FORMAT_SHEET}, {NULL, 0}};

static const cli_option OUTPUT[] = {
    {"format", 0, OPTION_CHOICE, FIELD(format), "table|json|sheet",
     "json: one object; sheet: a picture of all that was found, PNG unless\n--output says otherwise (default: table)",
     0, 0, 0, FORMATS},
    {"output", 'o', OPTION_TEXT, FIELD(picture), "FILE",
     "write the sheet there (.png, .jpg or .webp), beside any other format", 0, 0, 0, NULL},
    {0}};

static const option_group WHAT_OPTIONS = {"What to search for", WHAT};
static const option_group STORE_OPTIONS = {"Where to search", STORE};
static const option_group WHERE_OPTIONS = {"Boxes", BOXES};
static const option_group OUTPUT_OPTIONS = {"Output", OUTPUT};
const option_group *const SEARCH_GROUPS[] = {&WHAT_OPTIONS,   &STORE_OPTIONS, &WHERE_OPTIONS, &OUTPUT_OPTIONS,
                                             &METHOD_OPTIONS, &MODEL_OPTIONS, &OTHER_OPTIONS, NULL};
