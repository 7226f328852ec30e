/* How thick and how large things are drawn, so that they can be read whether a photograph has 500 or 5,000 pixels. */
#ifndef CS_REPORT_STYLE_H
#define CS_REPORT_STYLE_H

/* Letters smaller than this, in pixels, cannot be read. */
enum { CS_READABLE = 7 };

typedef struct cs_style {
    int line;    /* coloured part of a box's line */
    int casing;  /* black or white on either side of it */
    int font;    /* size of letters */
    int padding; /* around text */
} cs_style;

/* All in pixels, for a picture of this size. */
cs_style cs_style_for(int width, int height);

#endif
