/* Media types in headers. */
#ifndef SERVER_MEDIA_H
#define SERVER_MEDIA_H

typedef enum media_kind {
    MEDIA_OTHER,
    MEDIA_PHOTOGRAPH, /* image/jpeg, image/png, image/webp, application/octet-stream: the photograph itself */
    MEDIA_MULTIPART,
    MEDIA_URLENCODED
} media_kind;

/* What a Content-Type says; NULL is MEDIA_OTHER. */
media_kind media_kind_of(const char *content_type);

/* The boundary of a multipart type, copied into room [size]; 0 where there is none that fits. */
int media_boundary(const char *content_type, char *room, unsigned size);

/* How much an Accept header (NULL: anything) wants a type, 0 to 1. Only a type that is named, or its "image/" with a
 * star, counts; a bare star, which every client sends, is `by_star`. */
double media_accepted(const char *accept, const char *type, double by_star);

#endif
