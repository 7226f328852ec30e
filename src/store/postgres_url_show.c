/* A URL as it may be shown: without what is secret, and in one form. */
#include <string.h>

#include "base/strbuf.h"
#include "store/postgres_url.h"

/* The value of a keyword, or NULL. */
static const char *value_of(const cs_pg_url *url, const char *keyword) {
    for (size_t i = 0; i < url->n; i++)
        if (strcmp(url->keywords[i], keyword) == 0 && *url->values[i]) return url->values[i];
    return NULL;
}

static void append_encoded(cs_strbuf *buffer, const char *text) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (; *text; text++) {
        if (strchr(plain, *text))
            cs_strbuf_append(buffer, text, 1);
        else
            cs_strbuf_printf(buffer, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static void append_after(cs_strbuf *buffer, const char *before, const char *text, const char *behind) {
    if (!text) return;
    cs_strbuf_puts(buffer, before);
    append_encoded(buffer, text);
    cs_strbuf_puts(buffer, behind);
}

static int is_secret(const char *keyword) {
    return strstr(keyword, "password") || strstr(keyword, "secret");
}

/* Lists of hosts, sockets and addresses of IPv6 stay parameters, as libpq takes them, too. */
static int is_plain_host(const char *host) {
    return host && !strpbrk(host, ",/:");
}

static int is_shown_before(const char *keyword, int with_host) {
    if (strcmp(keyword, "user") == 0 || strcmp(keyword, "dbname") == 0) return 1;
    return with_host && (strcmp(keyword, "host") == 0 || strcmp(keyword, "port") == 0);
}

static void append_parameter(cs_strbuf *buffer, const char **separator, const char *keyword, const char *value) {
    cs_strbuf_printf(buffer, "%s%s=", *separator, keyword);
    append_encoded(buffer, value);
    *separator = "&";
}

cs_status cs_pg_url_show(cs_pg_url *url, cs_error *error) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    const char *host = value_of(url, "host"), *separator = "?";
    int with_host = is_plain_host(host);
    cs_strbuf_puts(&buffer, "postgresql://");
    append_after(&buffer, "", value_of(url, "user"), "@");
    if (with_host) {
        append_after(&buffer, "", host, "");
        append_after(&buffer, ":", value_of(url, "port"), "");
    }
    append_after(&buffer, "/", value_of(url, "dbname"), "");
    for (size_t i = 0; i < url->n; i++) {
        const char *keyword = url->keywords[i];
        if (!is_secret(keyword) && !is_shown_before(keyword, with_host))
            append_parameter(&buffer, &separator, keyword, url->values[i]);
    }
    if (strcmp(url->schema, "clipsight") != 0) append_parameter(&buffer, &separator, "schema", url->schema);
    return cs_strbuf_take(&buffer, &url->shown, error);
}
