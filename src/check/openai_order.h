/* Pictures the way OpenAI's own example prepares them. */
#ifndef CS_CHECK_OPENAI_ORDER_H
#define CS_CHECK_OPENAI_ORDER_H

#include "clipsight.h"

/* A PNG file, its short side brought to `side` with its transparency, which is dropped only then: what was transparent
 * turns into whatever colour lay under it, as a rule black. clipsight itself lays transparency over white instead.
 * Source: torchvision's Resize on Pillow's RGBA, then convert("RGB"), as in OpenAI's README. */
cs_status cs_openai_picture(const char *path, int side, cs_image **image, cs_error *error);

#endif
