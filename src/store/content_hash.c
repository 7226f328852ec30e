/* What a file holds, in 32 bytes. */
#include <openssl/evp.h>

#include "base/error.h"
#include "clipsight_tools.h"

cs_status cs_content_hash(const void *bytes, size_t size, uint8_t hash[32], cs_error *error) {
    if (!bytes && size > 0) return cs_fail(error, CS_ERR_ARGUMENT, "a hash of nothing");
    if (EVP_Digest(size > 0 ? bytes : "", size, hash, NULL, EVP_sha256(), NULL)) return CS_OK;
    return cs_fail(error, CS_ERR_INTERNAL, "libcrypto could not compute a hash");
}
