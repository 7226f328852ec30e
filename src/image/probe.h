/* How large a photograph is, without decoding it. */
#ifndef CS_IMAGE_PROBE_H
#define CS_IMAGE_PROBE_H

#include "clipsight.h"

/* Width and height in pixels of the picture that cs_image_open() would give: turned upright as its EXIF data asks. Only
 * the file's headers are read, so that a file may pass here that is damaged further on. Errors as cs_image_open(). */
cs_status cs_image_size(const char *path, int *width, int *height, cs_error *error);

#endif
