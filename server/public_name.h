/* What clients may know of a model's name: of a folder of this machine the last part, and not where it lies. */
#ifndef SERVER_PUBLIC_NAME_H
#define SERVER_PUBLIC_NAME_H

#include <stddef.h>

/* Written into room [size], cut if need be. `name` is as the command was given it: looked at now, as what was a folder
 * may be none later. */
void public_name(const char *name, char *room, size_t size);

#endif
