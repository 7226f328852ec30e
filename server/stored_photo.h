/* Photographs of the store, read from this machine's files. */
#ifndef SERVER_STORED_PHOTO_H
#define SERVER_STORED_PHOTO_H

#include "server.h"

/* Opens the photograph within the limits of photographs that clients send. Messages do not name the path. */
cs_status stored_photo_open(const char *path, const server_limits *limits, cs_image **image, cs_error *error);

#endif
