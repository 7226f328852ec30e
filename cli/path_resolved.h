/* Names of files as stores have them: absolute, and the folders without links. */
#ifndef CLI_PATH_RESOLVED_H
#define CLI_PATH_RESOLVED_H

/* The file keeps its own name, which may be a link's. What is not there has its name below the last folder that is. The
 * caller frees it. */
char *path_resolved(const char *path);

/* Without any link, as far as it is there. The caller frees it. */
char *path_resolved_folder(const char *folder);

#endif
