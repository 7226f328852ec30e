/* Names of models ("owner/name") and the caches in which models of that name lie. Only looks; never goes online. */
#ifndef CS_MODEL_CACHE_H
#define CS_MODEL_CACHE_H

#include "clipsight.h"

/* CS_OK for two parts of letters, digits, '-', '_' and '.', joined by one slash; neither may begin with '.' or '-', nor
 * hold ".." or "--", so that a name can neither leave the cache nor be mistaken for another one's folder. */
cs_status cs_model_name_check(const char *name, cs_error *error);

/* "models--owner--name" with the prefix "models--"; NULL where memory is short. The name must be valid. */
char *cs_model_name_to_folder(const char *prefix, const char *name);

/* The reverse; NULL where `folder` is no such name, or memory is short. */
char *cs_model_name_from_folder(const char *prefix, const char *folder);

/* $CLIPSIGHT_CACHE, else $XDG_CACHE_HOME/clipsight, else ~/.cache/clipsight. It need not exist. */
cs_status cs_cache_root(char **root, cs_error *error);

/* Where huggingface_hub keeps models: $HF_HUB_CACHE, $HF_HOME/hub, $XDG_CACHE_HOME/huggingface/hub, or
 * ~/.cache/huggingface/hub. */
cs_status cs_hub_root(char **root, cs_error *error);

/* True for a folder with config.json or open_clip_config.json. */
int cs_is_model_folder(const char *folder);

/* The folder of a model in our own cache, and in huggingface_hub's (the snapshot that refs/main names, else any that
 * has weights). *folder is NULL where there is none. */
cs_status cs_cache_find(const char *name, char **folder, cs_error *error);
cs_status cs_hub_find(const char *name, char **folder, cs_error *error);

#endif
