/* Known results of a model on known pictures, as JSON (docs/models.md):
 * {"goldens": [{"kind": "logits" | "probabilities" | "map", "picture": "cats" | "diagram" | "photo",
 *               "prompts": [...], "expected": [...], "tolerance": 0.01, ...}]} */
#ifndef CS_CHECK_GOLDENS_H
#define CS_CHECK_GOLDENS_H

#include <jansson.h>

#include "clipsight.h"

enum { CS_GOLDEN_PROMPTS = 64 };

typedef enum cs_golden_kind { CS_GOLDEN_LOGITS, CS_GOLDEN_PROBABILITIES, CS_GOLDEN_MAP } cs_golden_kind;

/* One entry; texts belong to the JSON. */
typedef struct cs_golden {
    cs_golden_kind kind;
    const char *picture;
    const char *prompts[CS_GOLDEN_PROMPTS];
    size_t count;           /* prompts; of a map 1 */
    const json_t *expected; /* [count], or of a map [rows][cols] */
    double tolerance;
    int openai_order;  /* the picture is resized with its transparency, which is then dropped */
    int patch, window; /* of a map, by the chapter's recipe; 0: its own choice */
    int clips;         /* how often the map is clipped at its mean */
    int normalised;    /* and then brought to [0, 1] */
} cs_golden;

/* The goldens built in for a model of this name, or NULL. */
const char *cs_goldens_builtin(const char *name);

/* Reads one entry; `source` stands for the file in errors. */
cs_status cs_golden_parse(const char *source, const json_t *entry, cs_golden *golden, cs_error *error);

#endif
