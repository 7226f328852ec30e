#include "fetch/http_refusal.h"

#include "base/error.h"

int cs_http_may_pass(long code) {
    return code >= 500 || code == 408 || code == 429;
}

cs_status cs_http_refusal(long code, const char *what, const char *url, int has_token, cs_error *error) {
    const char *reason;
    if (code == 401)
        reason = has_token ? "the token was not accepted, or there is no such model"
                           : "there is no such model, or it needs a token: set HF_TOKEN";
    else if (code == 403)
        reason = has_token ? "the token's owner has no access; a model may first ask to accept its terms on its page"
                           : "access must be granted: accept the model's terms on its page, then set HF_TOKEN";
    else if (code == 404)
        reason = "there is no such model, revision or file";
    else if (code == 429)
        reason = "too many requests; try again later";
    else if (code >= 500)
        reason = "the server has a problem; try again later";
    else
        reason = "not what was expected";
    return cs_fail(error, CS_ERR_IO, "%s: status %ld from %.200s: %s", what, code, url, reason);
}
