#include "utf8.h"

/* How many bytes follow a first byte, or -1 where it cannot be one; the second byte lies between the two. */
static int followers(unsigned char first, unsigned char *least, unsigned char *most) {
    *least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first < 0x80) return 0;
    if (first < 0xC2 || first > 0xF4) return -1;
    return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

int utf8_is_valid(const char *bytes, size_t size) {
    const unsigned char *at = (const unsigned char *)bytes, *end = at + size;
    while (at < end) {
        unsigned char least, most;
        int count = followers(*at++, &least, &most);
        if (count < 0 || end - at < count) return 0;
        for (; count > 0; count--, at++) {
            if (*at < least || *at > most) return 0;
            least = 0x80, most = 0xBF;
        }
    }
    return 1;
}
