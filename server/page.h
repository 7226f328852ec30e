/* The page, its parts, its examples and the description of the interface: files that were built into the program, so
 * that no file of the machine is ever read for a client. */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include <stddef.h>

typedef struct page_file {
    const char *type;
    const char *policy; /* Content-Security-Policy */
    const char *bytes;  /* [size] */
    size_t size;
} page_file;

/* True where there is a file of this path ("/style.css"); it is described in *file unless that is NULL. */
int page_find(const char *path, page_file *file);

#endif
