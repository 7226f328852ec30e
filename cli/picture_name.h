/* File names for pictures. */
#ifndef CLI_PICTURE_NAME_H
#define CLI_PICTURE_NAME_H

#include <stddef.h>

/* True for the endings that are written: .png .jpg .jpeg .webp in any case. */
int picture_can_write(const char *path);

/* True for these and for other endings of pictures: such a name is not meant as a folder's. */
int picture_has_ending(const char *path);

/* "a/b.JPEG" -> "a/b.jpg", "a/b.webp" -> "a/b.png". The caller frees it. */
char *picture_name_for(const char *photo);

/* "a/b.png", "a cat", 0 -> "a/b-a_cat.png", and with 3 "a/b-a_cat-3.png": what could upset a shell or a file system
 * becomes "_". Here and below, long names lose the end of "b". */
char *picture_name_with_prompt(const char *name, const char *prompt, size_t number);

/* "a/b.png", 2 -> "a/b-2.png" */
char *picture_name_with_number(const char *name, size_t number);

#endif
