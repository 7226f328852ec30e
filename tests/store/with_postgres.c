/* with_postgres COMMAND...: runs a command beside a PostgreSQL server of its own. The command finds the URL of an empty
 * database in STORE_URL, and the server ends with it. Its status is the command's; 77 where no server is given
 * (CLIPSIGHT_TEST_POSTGRESQL). */
#include "store/postgres_server.h"

static int run_command(char **words) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        setenv("STORE_URL", server_url("postgres", ""), 1);
        execvp(words[0], words);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int count, char **words) {
    if (count < 2) return 2;
    if (!server_is_given()) return 77;
    server_setup(NULL);
    int status = run_command(words + 1);
    server_teardown(NULL);
    return status;
}
