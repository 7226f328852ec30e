/* The files of a PASCAL VOC folder. */
#ifndef CS_EVAL_VOC_FOLDER_H
#define CS_EVAL_VOC_FOLDER_H

#include "eval/dataset_files.h"

/* Names in `folder` that end in .xml (in any case), in byte order; hidden ones are left out. */
cs_status cs_voc_list(const char *folder, cs_names *names, cs_error *error);

/* "folder/first" or "folder/second", whichever exists, as a new string. */
cs_status cs_voc_subfolder(const char *folder, const char *first, const char *second, char **path, cs_error *error);

/* Path of the photograph of `annotation`: the file that its XML names (`filename`, may be NULL) if there is one, else
 * the XML's name with .jpg. A name that leads out of `images` is refused. */
cs_status cs_voc_photo(const char *images, const char *annotation, const char *filename, char **path, cs_error *error);

#endif
