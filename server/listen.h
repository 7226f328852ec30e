/* The socket, and the library's thread behind it. */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include <microhttpd.h>

#include "service.h"

/* Begins to answer; *url (owned by the caller) says where. CS_ERR_IO: the address cannot be had. */
cs_status listen_start(web_service *service, struct MHD_Daemon **daemon, char **url, cs_error *error);

#endif
