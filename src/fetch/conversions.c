#include <string.h>

#include "fetch/plan.h"

/* Repositories that have only pytorch_model.bin on their main branch, and a conversion made by the hub's own robot. */
static const cs_conversion CONVERSIONS[] = {
    {"openai/clip-vit-base-patch32", "refs/pr/15", "model.safetensors", 605157884},
};

const cs_conversion *cs_conversion_find(const char *name) {
    for (size_t i = 0; i < sizeof CONVERSIONS / sizeof *CONVERSIONS; i++) {
        if (strcmp(CONVERSIONS[i].name, name) == 0) return &CONVERSIONS[i];
    }
    return NULL;
}
