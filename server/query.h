/* The query of a request, which the HTTP library is not to take apart: it would do so in memory that is measured for
 * headers, and says nothing to anybody where that is too little. */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

/* Takes what stands behind the question mark out of a first line's URI, for which the library asks before it reads it.
 * Returns a copy, to be released with free(); NULL where there is none, or memory is short: then *failed is 1. */
char *query_take(const char *uri, int *failed);

#endif
