#include "fetch/listing.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"

int cs_is_file_name(const char *name) {
    if (name[0] == '\0' || name[0] == '.' || strlen(name) > 200) return 0;
    for (; *name; name++) {
        if (*name == '/' || *name == '\\' || (unsigned char)*name < 32 || *name == 127) return 0;
    }
    return 1;
}

/* Large files lie in git-lfs and have a SHA-256; of the others git knows a hash. */
static cs_status take_file(const json_t *entry, const char *what, cs_remote_file *file, cs_error *error) {
    const json_t *lfs = json_object_get(entry, "lfs"), *size = json_object_get(entry, "size");
    if (json_is_object(lfs)) {
        if (json_is_integer(json_object_get(lfs, "size"))) size = json_object_get(lfs, "size");
        file->digest = cs_digest_from_text(CS_DIGEST_SHA256, json_string_value(json_object_get(lfs, "sha256")));
    } else {
        file->digest = cs_digest_from_text(CS_DIGEST_GIT, json_string_value(json_object_get(entry, "blobId")));
    }
    const char *name = json_string_value(json_object_get(entry, "rfilename"));
    if (!json_is_integer(size) || json_integer_value(size) < 0)
        return cs_fail(error, CS_ERR_FORMAT, "%s: the list of files gives no size for '%.100s'", what, name);
    file->size = (uint64_t)json_integer_value(size);
    file->name = cs_strdup(name);
    return file->name ? CS_OK : cs_fail_memory(error, what);
}

static cs_status take_files(const json_t *siblings, const char *what, cs_listing *listing, cs_error *error) {
    listing->files = cs_alloc_zero(json_array_size(siblings), sizeof *listing->files);
    if (!listing->files) return cs_fail_memory(error, what);
    for (size_t i = 0; i < json_array_size(siblings); i++) {
        const json_t *entry = json_array_get(siblings, i);
        const char *name = json_string_value(json_object_get(entry, "rfilename"));
        if (!name || !cs_is_file_name(name)) continue;
        cs_status status = take_file(entry, what, &listing->files[listing->count], error);
        if (status != CS_OK) return status;
        listing->count++;
    }
    return CS_OK;
}

/* A commit is a hash; anything else would be a strange thing to put into addresses. */
static const char *commit_of(const json_t *root, const char *revision) {
    const char *commit = json_string_value(json_object_get(root, "sha"));
    int is_hash = commit && strlen(commit) >= 7 && commit[strspn(commit, "0123456789abcdef")] == '\0';
    return is_hash ? commit : revision;
}

static cs_status take_all(const json_t *root, const char *what, const char *revision, cs_listing *listing,
                          cs_error *error) {
    const json_t *siblings = json_object_get(root, "siblings");
    if (!json_is_array(siblings))
        return cs_fail(error, CS_ERR_FORMAT, "%s: the endpoint's answer is no list of files", what);
    listing->commit = cs_strdup(commit_of(root, revision));
    return listing->commit ? take_files(siblings, what, listing, error) : cs_fail_memory(error, what);
}

cs_status cs_listing_parse(const char *text, const char *what, const char *revision, cs_listing *listing,
                           cs_error *error) {
    *listing = (cs_listing){NULL, NULL, 0};
    json_error_t where;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (!root) return cs_fail(error, CS_ERR_FORMAT, "%s: the endpoint's answer is not JSON: %s", what, where.text);
    cs_status status = take_all(root, what, revision, listing, error);
    json_decref(root);
    if (status != CS_OK) cs_listing_clear(listing);
    return status;
}

void cs_listing_clear(cs_listing *listing) {
    for (size_t i = 0; listing->files && i < listing->count; i++)
        free(listing->files[i].name);
    free(listing->files);
    free(listing->commit);
    *listing = (cs_listing){NULL, NULL, 0};
}

const cs_remote_file *cs_listing_find(const cs_listing *listing, const char *name) {
    for (size_t i = 0; i < listing->count; i++) {
        if (strcmp(listing->files[i].name, name) == 0) return &listing->files[i];
    }
    return NULL;
}
