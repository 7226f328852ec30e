#include "fetch/digest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/error.h"
#include "base/file.h"

static size_t hex_length(cs_digest_kind kind) {
    return kind == CS_DIGEST_SHA256 ? 64 : kind == CS_DIGEST_GIT ? 40 : 0;
}

cs_digest cs_digest_from_text(cs_digest_kind kind, const char *text) {
    cs_digest digest = {CS_DIGEST_NONE, ""};
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length != hex_length(kind)) return digest;
    for (size_t i = 0; i < length; i++) {
        if (!isxdigit((unsigned char)text[i])) return (cs_digest){CS_DIGEST_NONE, ""};
        digest.hex[i] = (char)tolower((unsigned char)text[i]);
    }
    digest.kind = kind;
    return digest;
}

static void to_hex(const unsigned char *bytes, unsigned count, char *hex) {
    for (unsigned i = 0; i < count; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", (unsigned)bytes[i]);
}

/* True if the library did all of it. */
static int compute(EVP_MD_CTX *context, cs_digest_kind kind, const cs_mapping *file, char *hex) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count = 0;
    if (!EVP_DigestInit_ex(context, kind == CS_DIGEST_GIT ? EVP_sha1() : EVP_sha256(), NULL)) return 0;
    if (kind == CS_DIGEST_GIT) {
        char heading[32];
        int length = snprintf(heading, sizeof heading, "blob %zu", file->size) + 1; /* with its NUL */
        if (!EVP_DigestUpdate(context, heading, (size_t)length)) return 0;
    }
    if (file->size > 0 && !EVP_DigestUpdate(context, file->data, file->size)) return 0;
    if (!EVP_DigestFinal_ex(context, bytes, &count)) return 0;
    to_hex(bytes, count, hex);
    return 1;
}

cs_status cs_digest_file(cs_digest_kind kind, const char *path, cs_digest *digest, cs_error *error) {
    cs_mapping file;
    cs_status status = cs_file_map(path, &file, error);
    if (status != CS_OK) return status;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    digest->kind = kind;
    int done = context && compute(context, kind, &file, digest->hex);
    EVP_MD_CTX_free(context);
    cs_file_unmap(&file);
    return done ? CS_OK : cs_fail(error, CS_ERR_INTERNAL, "%s: libcrypto could not compute its hash", path);
}
