/* A stand-in for a model hub on 127.0.0.1, for the tests of fetching. It serves a folder under the hub's addresses, and
 * misbehaves as its command line says.
 *
 *   hub_server FOLDER [OPTION...]
 *
 * FOLDER/OWNER/NAME/REVISION/FILE is what there is; files of 1000 bytes and more count as kept in git-lfs. Prints its
 * port on the first line of standard output, then a line per request: PATH, "range=N" (first byte wanted, "-" for
 * none), "if-range=TEXT", "authorization=TEXT". Options, each a word:
 *
 *   cut=N         every body of a file ends after N bytes, and the connection with it
 *   cut-first=N   only the first one
 *   stall-first=N the first body of a file stops after N bytes, the connection stays
 *   slow=N        bodies come in pieces of N bytes, 10 milliseconds apart
 *   fail=CODE,N   the first N requests for files get this status
 *   deny=CODE     all requests do
 *   no-range      ranges are not honoured
 *   wrong-range   they begin a byte too late
 *   wrong-hash    the listing gives wrong hashes
 *   no-hash       it gives none
 *   wrong-size    it gives sizes that are one too large
 *   no-length     bodies come without Content-Length
 *   etag=TEXT     of all files; by default their size
 *   redirect=URL  files are at URL + PATH
 *   loop          files redirect to themselves
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/sha.h>

typedef struct shared_counts {
    int requests, bodies; /* of files */
} shared_counts;

typedef struct hub_request {
    char path[1024], range[64], if_range[256], authorization[256];
} hub_request;

typedef struct hub_file {
    unsigned char *bytes;
    size_t size;
} hub_file;

static const char *root;
static char **options;
static shared_counts *counts;

/* The text behind "name" in the options, "" for a bare word, NULL where it is not given. */
static const char *option(const char *name) {
    size_t length = strlen(name);
    for (char **each = options; *each; each++) {
        if (strncmp(*each, name, length) != 0) continue;
        if ((*each)[length] == '=') return *each + length + 1;
        if ((*each)[length] == '\0') return "";
    }
    return NULL;
}

static long number(const char *name) {
    const char *text = option(name);
    return text ? strtol(text, NULL, 10) : -1;
}

/* Whoever hangs up early is right to do so. */
static void send_all(int to, const void *data, size_t size) {
    const char *bytes = data;
    while (size > 0) {
        ssize_t done = send(to, bytes, size, MSG_NOSIGNAL);
        if (done <= 0) exit(0);
        bytes += done;
        size -= (size_t)done;
    }
}

__attribute__((format(printf, 2, 3))) static void sendf(int to, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    send_all(to, text, (size_t)length);
}

static void send_status(int to, long code, const char *more) {
    sendf(to, "HTTP/1.1 %ld Told So\r\nContent-Length: 5\r\nConnection: close\r\n%s\r\nsorry", code, more);
}

static void take_header(const char *line, const char *name, char *out, size_t size) {
    size_t length = strlen(name);
    if (strncasecmp(line, name, length) == 0) snprintf(out, size, "%s", line + length + strspn(line + length, " "));
}

static int read_request(int from, hub_request *request) {
    char text[8192];
    size_t length = 0;
    while (length < sizeof text - 1) {
        ssize_t got = recv(from, text + length, sizeof text - 1 - length, 0);
        if (got <= 0) return 0;
        length += (size_t)got;
        text[length] = '\0';
        if (strstr(text, "\r\n\r\n")) break;
    }
    strcpy(request->range, "-");
    strcpy(request->if_range, "-");
    strcpy(request->authorization, "-");
    if (sscanf(text, "GET %1023s", request->path) != 1) return 0;
    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        take_header(line, "range: bytes=", request->range, sizeof request->range);
        take_header(line, "if-range:", request->if_range, sizeof request->if_range);
        take_header(line, "authorization:", request->authorization, sizeof request->authorization);
    }
    request->range[strcspn(request->range, "-")] = '\0';
    return 1;
}

static void unescape(char *text) {
    char *out = text;
    for (; *text; text++, out++) {
        unsigned code;
        *out = *text;
        if (*text == '%' && sscanf(text + 1, "%2x", &code) == 1) *out = (char)code, text += 2;
    }
    *out = '\0';
}

static int is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static hub_file read_file(const char *path) {
    hub_file file = {NULL, 0};
    struct stat info;
    FILE *stream = stat(path, &info) == 0 && S_ISREG(info.st_mode) ? fopen(path, "rb") : NULL;
    if (!stream) return file;
    file.size = (size_t)info.st_size;
    file.bytes = malloc(file.size + 1);
    if (file.bytes && fread(file.bytes, 1, file.size, stream) != file.size) exit(1);
    fclose(stream);
    return file;
}

static void to_hex(const unsigned char *bytes, size_t count, char *hex) {
    for (size_t i = 0; i < count; i++)
        sprintf(hex + 2 * i, "%02x", (unsigned)bytes[i]);
    if (option("wrong-hash")) hex[0] = hex[0] == '0' ? '1' : '0';
}

/* git's name of a small file. */
static void blob_hash(const hub_file *file, char *hex) {
    unsigned char digest[SHA_DIGEST_LENGTH], *whole = malloc(file->size + 32);
    if (!whole) exit(1);
    int heading = sprintf((char *)whole, "blob %zu", file->size) + 1;
    memcpy(whole + heading, file->bytes, file->size);
    SHA1(whole, file->size + (size_t)heading, digest);
    to_hex(digest, sizeof digest, hex);
    free(whole);
}

static void list_file(FILE *out, const char *name, const hub_file *file) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char hex[80];
    size_t size = file->size + (option("wrong-size") != NULL);
    fprintf(out, "{\"rfilename\":\"%s\",\"size\":%zu", name, size);
    if (option("no-hash")) {
        fprintf(out, "}");
    } else if (file->size >= 1000) {
        to_hex(SHA256(file->bytes, file->size, digest), sizeof digest, hex);
        fprintf(out, ",\"blobId\":\"%040d\",\"lfs\":{\"sha256\":\"%s\",\"size\":%zu,\"pointerSize\":134}}", 0, hex,
                size);
    } else {
        blob_hash(file, hex);
        fprintf(out, ",\"blobId\":\"%s\"}", hex);
    }
}

/* The commit of a revision is its name in hexadecimal digits, so that it can be turned back. */
static void list_folder(int to, const char *folder, const char *revision) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    DIR *stream = opendir(folder);
    if (!out || !stream) exit(1);
    fprintf(out, "{\"id\":\"x/y\",\"sha\":\"");
    for (const char *each = revision; *each; each++)
        fprintf(out, "%02x", (unsigned)(unsigned char)*each);
    fprintf(out, "\",\"siblings\":[{\"rfilename\":\"sub/folder.bin\",\"size\":1}");
    for (struct dirent *entry; (entry = readdir(stream));) {
        char path[8192];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        hub_file file = read_file(path);
        if (!file.bytes) continue;
        fprintf(out, ",");
        list_file(out, entry->d_name, &file);
    }
    fprintf(out, "]}");
    fclose(out);
    sendf(to, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
          length);
    send_all(to, text, length);
}

static void send_body(int to, const unsigned char *bytes, size_t size) {
    int first = __sync_fetch_and_add(&counts->bodies, 1) == 0;
    long cut = number("cut"), slow = number("slow");
    if (first && number("cut-first") >= 0) cut = number("cut-first");
    if (first && number("stall-first") >= 0) {
        send_all(to, bytes, (size_t)number("stall-first"));
        for (;;)
            pause();
    }
    if (cut >= 0 && (size_t)cut < size) size = (size_t)cut;
    for (size_t done = 0; done < size;) {
        size_t piece = slow > 0 && (size_t)slow < size - done ? (size_t)slow : size - done;
        send_all(to, bytes + done, piece);
        done += piece;
        if (slow > 0) usleep(10000);
    }
}

static void send_file(int to, const hub_request *request, const hub_file *file) {
    char etag[256], length[64] = "";
    if (option("etag"))
        snprintf(etag, sizeof etag, "\"%s\"", option("etag"));
    else
        snprintf(etag, sizeof etag, "\"%zu\"", file->size);
    size_t from = request->range[0] && !option("no-range") ? strtoul(request->range, NULL, 10) : 0;
    if (request->if_range[0] != '-' && strcmp(request->if_range, etag) != 0) from = 0;
    from += from > 0 && option("wrong-range");
    if (from > 0 && from >= file->size) {
        send_status(to, 416, "");
        return;
    }
    if (!option("no-length")) snprintf(length, sizeof length, "Content-Length: %zu\r\n", file->size - from);
    sendf(to, "HTTP/1.1 %s\r\n%sETag: %s\r\nConnection: close\r\n", from ? "206 Partial Content" : "200 OK", length,
          etag);
    if (from) sendf(to, "Content-Range: bytes %zu-%zu/%zu\r\n", from, file->size - 1, file->size);
    sendf(to, "\r\n");
    send_body(to, file->bytes + from, file->size - from);
}

/* "/OWNER/NAME/resolve/COMMIT/FILE" */
static void answer_file(int to, const hub_request *request, char *path) {
    char more[1200], revision[256] = "", name[8192], owner[128], repository[128], commit[256], file_name[256];
    long code = 0, times = 0;
    int turn = __sync_fetch_and_add(&counts->requests, 1);
    if (option("fail") && sscanf(option("fail"), "%ld,%ld", &code, &times) == 2 && turn < times) {
        send_status(to, code, "");
    } else if (option("redirect") || option("loop")) {
        snprintf(more, sizeof more, "Location: %s%s\r\n", option("loop") ? "" : option("redirect"), request->path);
        send_status(to, 302, more);
    } else if (sscanf(path, "/%127[^/]/%127[^/]/resolve/%255[^/]/%255[^/]", owner, repository, commit, file_name) ==
               4) {
        for (size_t i = 0; commit[i] && commit[i + 1]; i += 2) {
            unsigned letter = 0;
            sscanf(commit + i, "%2x", &letter);
            revision[i / 2] = (char)letter;
        }
        snprintf(name, sizeof name, "%s/%s/%s/%s/%s", root, owner, repository, revision, file_name);
        hub_file file = read_file(name);
        if (file.bytes)
            send_file(to, request, &file);
        else
            send_status(to, 404, "");
    } else {
        send_status(to, 404, "");
    }
}

/* "/api/models/OWNER/NAME/revision/REVISION" */
static void answer_listing(int to, char *path) {
    char owner[128], repository[128], revision[256], folder[4096];
    if (sscanf(path, "/api/models/%127[^/]/%127[^/]/revision/%255s", owner, repository, revision) == 3) {
        snprintf(folder, sizeof folder, "%s/%s/%s/%s", root, owner, repository, revision);
        if (is_folder(folder)) {
            list_folder(to, folder, revision);
            return;
        }
    }
    send_status(to, 404, "");
}

static void serve(int client) {
    hub_request request = {0};
    char path[1024], line[2048];
    if (!read_request(client, &request)) return;
    int length = snprintf(line, sizeof line, "%s range=%s if-range=%s authorization=%s\n", request.path,
                          request.range[0] ? request.range : "-", request.if_range, request.authorization);
    if (write(STDOUT_FILENO, line, (size_t)length) != length) exit(1);
    strcpy(path, request.path);
    path[strcspn(path, "?")] = '\0';
    unescape(path);
    if (option("deny"))
        send_status(client, number("deny"), "");
    else if (strncmp(path, "/api/", 5) == 0)
        answer_listing(client, path);
    else
        answer_file(client, &request, path);
    shutdown(client, SHUT_WR);
}

static int listen_somewhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 64) != 0 ||
        getsockname(server, (struct sockaddr *)&address, &size) != 0) {
        perror("hub_server");
        exit(1);
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return server;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    root = argv[1];
    options = argv + 2;
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* the test's end is the server's */
    signal(SIGCHLD, SIG_IGN);
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counts == MAP_FAILED) return 1;
    int server = listen_somewhere();
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0) continue;
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            serve(client);
            _exit(0);
        }
        close(client);
    }
}
