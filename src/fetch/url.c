#include "fetch/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/strbuf.h"

/* Percent-encodes everything that is not plain in a URL; of a revision also the slash, which would end it. */
static void append_encoded(cs_strbuf *buffer, const char *text, const char *kept) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(plain, *text) || strchr(kept, *text))
            cs_strbuf_append(buffer, text, 1);
        else
            cs_strbuf_printf(buffer, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static void append_endpoint(cs_strbuf *buffer, const char *endpoint) {
    size_t length = strlen(endpoint);
    while (length > 0 && endpoint[length - 1] == '/')
        length--;
    cs_strbuf_append(buffer, endpoint, length);
}

static char *take(cs_strbuf *buffer) {
    char *url = NULL;
    return cs_strbuf_take(buffer, &url, NULL) == CS_OK ? url : NULL;
}

char *cs_url_listing(const char *endpoint, const char *name, const char *revision) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    append_endpoint(&buffer, endpoint);
    cs_strbuf_puts(&buffer, "/api/models/");
    append_encoded(&buffer, name, "/");
    cs_strbuf_puts(&buffer, "/revision/");
    append_encoded(&buffer, revision, "");
    cs_strbuf_puts(&buffer, "?blobs=true");
    return take(&buffer);
}

char *cs_url_file(const char *endpoint, const char *name, const char *revision, const char *file) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    append_endpoint(&buffer, endpoint);
    cs_strbuf_puts(&buffer, "/");
    append_encoded(&buffer, name, "/");
    cs_strbuf_puts(&buffer, "/resolve/");
    append_encoded(&buffer, revision, "");
    cs_strbuf_puts(&buffer, "/");
    append_encoded(&buffer, file, "/");
    return take(&buffer);
}

/* Equal and present in both. The port is the scheme's where the URL names none. */
static int same_part(CURLU *a, CURLU *b, CURLUPart part) {
    char *of_a = NULL, *of_b = NULL;
    int same = curl_url_get(a, part, &of_a, CURLU_DEFAULT_PORT) == CURLUE_OK &&
               curl_url_get(b, part, &of_b, CURLU_DEFAULT_PORT) == CURLUE_OK && strcasecmp(of_a, of_b) == 0;
    curl_free(of_a);
    curl_free(of_b);
    return same;
}

int cs_url_same_origin(const char *a, const char *b) {
    CURLU *first = curl_url(), *second = curl_url();
    int same = first && second && curl_url_set(first, CURLUPART_URL, a, 0) == CURLUE_OK &&
               curl_url_set(second, CURLUPART_URL, b, 0) == CURLUE_OK && same_part(first, second, CURLUPART_SCHEME) &&
               same_part(first, second, CURLUPART_HOST) && same_part(first, second, CURLUPART_PORT);
    curl_url_cleanup(first);
    curl_url_cleanup(second);
    return same;
}

static int begins(const char *url, const char *scheme) {
    return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

int cs_url_is_http(const char *url) {
    size_t scheme = begins(url, "https://") ? 8 : begins(url, "http://") ? 7 : 0;
    return scheme > 0 && url[scheme] != '\0' && url[scheme] != '/';
}

int cs_url_is_downgrade(const char *from, const char *to) {
    return begins(from, "https://") && !begins(to, "https://");
}
