/* Turning a picture upright. */
#ifndef CS_IMAGE_ORIENT_H
#define CS_IMAGE_ORIENT_H

#include "image/image.h"

/* Replaces *image by the picture that its EXIF orientation (1 to 8) asks for. On failure *image stays as it was. */
cs_status cs_image_orient(cs_image **image, int orientation, cs_error *error);

#endif
