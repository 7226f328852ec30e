#include "store/postgres_url.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/strbuf.h"

static const char SCHEMA_PARAMETER[] = "schema=";

/* Not the whole URL: nobody knows which part of a malformed one is the password. */
static cs_status refuse(cs_error *error, const char *reason) {
    return cs_fail(error, CS_ERR_ARGUMENT,
                   "store: expected postgresql://user:password@host:port/database?parameter=value, where each of "
                   "/ ? # @ : %% & in a name or password is written %%2F %%3F %%23 %%40 %%3A %%25 %%26; %s",
                   reason);
}

/* Where the user's name and password end, by libpq's rule: at the first @ that no / precedes. */
static const char *behind_credentials(const char *where) {
    const char *start = strstr(where, "://") + 3;
    const char *at = start + strcspn(start, "@/");
    return *at == '@' ? at + 1 : start;
}

/* An @ that libpq takes for part of a host or a database is most likely one of a password. */
static int has_stray_at(const char *rest) {
    return memchr(rest, '@', strcspn(rest, "?")) != NULL;
}

/* Splits "...?schema=a&other=b" into "...?other=b" and "a"; *schema stays as it is where there is none. */
static cs_status split_schema(const char *where, const char *rest, char **plain, char **schema, cs_error *error) {
    cs_strbuf kept = CS_STRBUF_EMPTY, value = CS_STRBUF_EMPTY;
    size_t head = (size_t)(rest - where) + strcspn(rest, "?"), name = strlen(SCHEMA_PARAMETER);
    cs_strbuf_append(&kept, where, head);
    const char *separator = "?", *at = where + head;
    int found = 0;
    while (*at) {
        size_t length = strcspn(++at, "&");
        if (strncmp(at, SCHEMA_PARAMETER, name) == 0) {
            value.length = 0; /* as with libpq's own, the last one counts */
            cs_strbuf_append(&value, at + name, length - name);
            found = 1;
        } else {
            cs_strbuf_puts(&kept, separator);
            cs_strbuf_append(&kept, at, length);
            separator = "&";
        }
        at += length;
    }
    cs_status status = found ? cs_strbuf_take(&value, schema, error) : CS_OK;
    if (status == CS_OK) status = cs_strbuf_take(&kept, plain, error);
    cs_strbuf_free(&value);
    cs_strbuf_free(&kept);
    return status;
}

/* libpq's own reading of a URL; *options is released with PQconninfoFree(). */
static cs_status read_url(const char *plain, PQconninfoOption **options, cs_error *error) {
    char *message = NULL;
    *options = PQconninfoParse(plain, &message);
    if (*options) return CS_OK;
    if (!message) return cs_fail_memory(error, "the store's URL");
    int secret = strchr(plain, '@') || strstr(plain, "pass") || strchr(plain, '%');
    message[strcspn(message, "\n")] = '\0';
    cs_status status = refuse(error, secret ? "libpq does not understand the one that was given" : message);
    PQfreemem(message);
    return status;
}

/* Undoes the percent signs of a parameter's value, as libpq does. */
static cs_status decode(const char *value, char **text, cs_error *error) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    char *url = NULL;
    PQconninfoOption *options = NULL;
    cs_strbuf_printf(&buffer, "postgresql:///?application_name=%s", value);
    cs_status status = cs_strbuf_take(&buffer, &url, error);
    if (status == CS_OK) status = read_url(url, &options, error);
    for (PQconninfoOption *o = options; o && o->keyword && status == CS_OK; o++) {
        if (strcmp(o->keyword, "application_name") != 0) continue;
        *text = cs_strdup(o->val ? o->val : "");
        if (!*text) status = cs_fail_memory(error, "the store's URL");
    }
    PQconninfoFree(options);
    free(url);
    return status;
}

/* PostgreSQL cuts longer names off. */
static cs_status read_schema(const char *value, char **schema, cs_error *error) {
    if (!value) {
        *schema = cs_strdup("clipsight");
        return *schema ? CS_OK : cs_fail_memory(error, "the store's URL");
    }
    cs_status status = decode(value, schema, error);
    if (status != CS_OK) return status;
    size_t length = strlen(*schema);
    if (length > 0 && length < 64 && strncmp(*schema, "pg_", 3) != 0) return CS_OK;
    return cs_fail(error, CS_ERR_ARGUMENT,
                   "store: the parameter schema has to be a name of 1 to 63 bytes that does not begin with pg_");
}

static cs_status keep(cs_pg_url *url, const char *keyword, const char *value, cs_error *error) {
    char **keywords = cs_realloc(url->keywords, url->n + 2, sizeof *keywords);
    if (keywords) url->keywords = keywords;
    char **values = cs_realloc(url->values, url->n + 2, sizeof *values);
    if (values) url->values = values;
    char *k = cs_strdup(keyword), *v = cs_strdup(value);
    if (!keywords || !values || !k || !v) {
        free(k);
        free(v);
        return cs_fail_memory(error, "the store's URL");
    }
    keywords[url->n] = k;
    values[url->n++] = v;
    keywords[url->n] = values[url->n] = NULL;
    return CS_OK;
}

static int is_given(const cs_pg_url *url, const char *keyword) {
    for (size_t i = 0; i < url->n; i++)
        if (strcmp(url->keywords[i], keyword) == 0) return 1;
    return 0;
}

/* What neither the URL nor libpq's environment variables say. A peer that vanishes without a word (power, network) is
 * noticed within two minutes. */
static cs_status keep_defaults(cs_pg_url *url, cs_error *error) {
    static const char *const defaults[][3] = {{"connect_timeout", "10", "PGCONNECT_TIMEOUT"},
                                              {"fallback_application_name", "clipsight", NULL},
                                              {"keepalives_idle", "30", NULL},
                                              {"keepalives_interval", "10", NULL},
                                              {"keepalives_count", "6", NULL},
                                              {"tcp_user_timeout", "90000", NULL},
                                              {"client_encoding", "UTF8", "PGCLIENTENCODING"}};
    cs_status status = CS_OK;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults && status == CS_OK; i++) {
        const char *variable = defaults[i][2];
        if (is_given(url, defaults[i][0]) || (variable && getenv(variable))) continue;
        status = keep(url, defaults[i][0], defaults[i][1], error);
    }
    return status;
}

/* "postgresql://name:secret" means the port "secret" to libpq, which would name it in its message. */
static cs_status check_port(const char *keyword, const char *value, cs_error *error) {
    if (strcmp(keyword, "port") != 0 || strspn(value, "0123456789,") == strlen(value)) return CS_OK;
    return refuse(error, "the port of the one that was given is no number");
}

static cs_status keep_options(cs_pg_url *url, const PQconninfoOption *options, cs_error *error) {
    cs_status status = CS_OK;
    for (const PQconninfoOption *o = options; o->keyword && status == CS_OK; o++) {
        if (!o->val) continue;
        status = check_port(o->keyword, o->val, error);
        if (status == CS_OK) status = keep(url, o->keyword, o->val, error);
    }
    return status;
}

static cs_status parse(const char *where, cs_pg_url *url, cs_error *error) {
    const char *rest = behind_credentials(where);
    char *plain = NULL, *schema = NULL;
    PQconninfoOption *options = NULL;
    if (has_stray_at(rest)) return refuse(error, "the one that was given has an @ too many");
    cs_status status = split_schema(where, rest, &plain, &schema, error);
    if (status == CS_OK) status = read_schema(schema, &url->schema, error);
    if (status == CS_OK) status = read_url(plain, &options, error);
    if (status == CS_OK) status = keep_options(url, options, error);
    if (status == CS_OK) status = cs_pg_url_show(url, error);
    if (status == CS_OK) status = keep_defaults(url, error);
    PQconninfoFree(options);
    free(plain);
    free(schema);
    return status;
}

cs_status cs_pg_url_parse(const char *where, cs_pg_url *url, cs_error *error) {
    *url = (cs_pg_url){0};
    cs_status status = parse(where, url, error);
    if (status != CS_OK) cs_pg_url_free(url);
    return status;
}

void cs_pg_url_free(cs_pg_url *url) {
    for (size_t i = 0; i < url->n; i++) {
        free(url->keywords[i]);
        free(url->values[i]);
    }
    free(url->keywords);
    free(url->values);
    free(url->schema);
    free(url->shown);
    *url = (cs_pg_url){0};
}
