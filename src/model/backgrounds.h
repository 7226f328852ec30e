/* Prompts for what is in any photograph: a checkpoint's cosines are high for anything, and mean something only beside
 * those of other texts. */
#ifndef CS_MODEL_BACKGROUNDS_H
#define CS_MODEL_BACKGROUNDS_H

#include "clipsight.h"

/* Grounds (sky, grass, a wall), nothing in particular, and the widest names of things (an animal, food), so that what
 * is there but is not the prompt has a name, too. "a photo of {}"; encoded once per model, at the first call, and owned
 * by it. */
cs_status cs_model_backgrounds(cs_model *model, const cs_prompts **backgrounds, cs_error *error);

/* True where a background's words stand in the label ("a person in the snow" and "a person"): it would compete with
 * what it is a part of. */
int cs_background_is_named(const char *background, const char *label);

#endif
