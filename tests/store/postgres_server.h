/* A PostgreSQL server for a test program, which starts, kills and restarts it. CLIPSIGHT_TEST_POSTGRESQL names the
 * folder of its programs (initdb, postgres); where it is not set, the program is skipped. PostgreSQL refuses to run as
 * root, so then it runs as nobody. */
#ifndef CS_TESTS_STORE_POSTGRES_SERVER_H
#define CS_TESTS_STORE_POSTGRES_SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/support.h"

#define SERVER_PASSWORD "p@ss/w:rd%1"
#define SERVER_PASSWORD_IN_URL "p%40ss%2Fw%3Ard%251"

static struct server {
    char *folder; /* of everything that belongs to it */
    char programs[4096];
    int port;
    pid_t process; /* 0: not running */
} server;

/* In a child: becomes somebody whom PostgreSQL accepts, and ends when the test program does. */
static void become_user(void) {
    if (geteuid() == 0) {
        const struct passwd *nobody = getpwnam("nobody");
        if (!nobody || setgroups(0, NULL) || setgid(nobody->pw_gid) || setuid(nobody->pw_uid)) _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

/* Starts a program with what it says in the server's log. */
static pid_t start_program(const char *const *words) {
    char log[4200], program[4200];
    snprintf(log, sizeof log, "%s/log", server.folder);
    snprintf(program, sizeof program, "%s/%s", server.programs, words[0]);
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    pid_t child = fork();
    assert_true(file >= 0 && child >= 0);
    if (child == 0) {
        become_user();
        if (chdir("/") || dup2(file, 1) < 0 || dup2(file, 2) < 0) _exit(126);
        const char *arguments[24] = {program}; /* by which it finds the others */
        for (int i = 1; words[i] && i < 23; i++)
            arguments[i] = words[i];
        execv(program, (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    close(file);
    return child;
}

static int run_program(const char *const *words) {
    int status = 0;
    pid_t child = start_program(words);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(s >= 0 && bind(s, (struct sockaddr *)&address, size) == 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&address, &size), 0);
    close(s);
    return ntohs(address.sin_port);
}

enum { URL_SIZE = 400 };

static char *write_url(char *url, const char *database, const char *more) {
    snprintf(url, URL_SIZE, "postgresql://clipsight:%s@127.0.0.1:%d/%s%s", SERVER_PASSWORD_IN_URL, server.port,
             database, more);
    return url;
}

/* "postgresql://..." of a database with the role "clipsight", a superuser, and what is to follow: "?schema=a". A static
 * buffer; the last eight stay valid. */
static const char *server_url(const char *database, const char *more) {
    static char urls[8][URL_SIZE];
    static int next;
    return write_url(urls[next++ % 8], database, more);
}

static void show_log(void) {
    char path[4200], line[1000];
    snprintf(path, sizeof path, "%s/log", server.folder);
    FILE *log = fopen(path, "r");
    while (log && fgets(line, sizeof line, log))
        print_message("server: %s", line);
    if (log) fclose(log);
}

/* Starts it and waits until it answers; after it was killed that may take a while. */
static void server_run(void) {
    char data[4200], port[32], url[URL_SIZE];
    snprintf(data, sizeof data, "%s/data", server.folder);
    snprintf(port, sizeof port, "%d", server.port);
    const char *const words[] = {"postgres",
                                 "-D",
                                 data,
                                 "-p",
                                 port,
                                 "-k",
                                 server.folder,
                                 "-c",
                                 "listen_addresses=127.0.0.1",
                                 "-c",
                                 "fsync=off",
                                 "-c",
                                 "max_connections=60",
                                 NULL};
    for (int i = 0; i < 600; i++) {
        if (server.process == 0) server.process = start_program(words);
        if (PQping(write_url(url, "postgres", "")) == PQPING_OK) return;
        if (waitpid(server.process, NULL, WNOHANG) == server.process) server.process = 0;
        usleep(100000);
    }
    show_log();
    fail_msg("the PostgreSQL server does not start");
}

/* SIGQUIT: all its processes at once. SIGKILL: the first one, which the others notice. SIGINT: in good order. */
static void server_end(int sign) {
    if (server.process == 0) return;
    kill(server.process, sign);
    waitpid(server.process, NULL, 0);
    server.process = 0;
}

/* False where no server is given; says so. */
static int server_is_given(void) {
    const char *programs = getenv("CLIPSIGHT_TEST_POSTGRESQL");
    if (programs && *programs) return 1;
    print_message("SKIPPED: needs CLIPSIGHT_TEST_POSTGRESQL, the folder of a PostgreSQL server's programs\n");
    return 0;
}

static void find_programs(const char *programs) {
    snprintf(server.programs, sizeof server.programs, "%s", programs);
    if (run_program((const char *const[]){"initdb", "--version", NULL}) != 0)
        fail_msg("%s/initdb does not run, as root as the user nobody", programs);
}

/* A server of its own data, with these programs. */
static void server_make(const char *programs) {
    char data[4200], password[4200];
    server = (struct server){.folder = make_folder()};
    const struct passwd *nobody = getpwnam("nobody");
    if (geteuid() == 0) assert_int_equal(chown(server.folder, nobody->pw_uid, nobody->pw_gid), 0);
    find_programs(programs);
    server.port = free_port();
    snprintf(data, sizeof data, "%s/data", server.folder);
    snprintf(password, sizeof password, "%s/password", server.folder);
    FILE *file = fopen(password, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", SERVER_PASSWORD);
    fclose(file);
    chmod(password, 0644);
    const char *const words[] = {"initdb",   "-D",     data,          "-U", "clipsight",
                                 "-E",       "UTF8",   "--no-locale", "-N", "--auth=scram-sha-256",
                                 "--pwfile", password, NULL};
    if (run_program(words) != 0) {
        show_log();
        fail_msg("initdb failed");
    }
    server_run();
}

static void server_remove(void) {
    server_end(SIGQUIT);
    remove_folder(server.folder);
}

static int server_setup(void **state) {
    (void)state;
    server_make(getenv("CLIPSIGHT_TEST_POSTGRESQL"));
    return 0;
}

static int server_teardown(void **state) {
    (void)state;
    server_remove();
    return 0;
}

/* Runs SQL as the superuser; the first field of its last result, "" where there is none. A static buffer. */
__attribute__((unused)) static const char *server_sql(const char *database, const char *sql) {
    static char value[1000];
    char url[URL_SIZE];
    PGconn *connection = PQconnectdb(write_url(url, database, "?options=-cclient_min_messages%3Dwarning"));
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail_msg("%s: %s", sql, PQerrorMessage(connection));
    snprintf(value, sizeof value, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(connection);
    return value;
}

#endif
