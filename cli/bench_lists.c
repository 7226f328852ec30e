#include "bench_lists.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "say.h"

void list_add(number_list *list, int number) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == number) return;
    if (list->count < LIST_MOST) list->items[list->count++] = number;
}

/* The number that `word` is, or -1. */
static int read_number(const char *word, int most) {
    char *end;
    if (word[0] == '\0' || word[strspn(word, "0123456789")] != '\0' || strlen(word) > 9) return -1;
    long number = strtol(word, &end, 10);
    return number >= 1 && number <= most ? (int)number : -1;
}

static int read_precision(const char *word, int most) {
    for (int i = 0; i < most; i++)
        if (strcmp(word, cs_precision_name((cs_precision)i)) == 0) return i;
    return -1;
}

/* Reads each part of the list. Returns how many could be read, and in *bad the first that could not, a copy. */
static void read_parts(const char *text, int (*read)(const char *word, int most), int most, number_list *list,
                       char **bad) {
    *bad = NULL;
    for (const char *part = text; part; part = strchr(part, ',') ? strchr(part, ',') + 1 : NULL) {
        char *word = text_format("%.*s", (int)strcspn(part, ","), part);
        int value = read(word, most);
        if (value < 0) {
            *bad = word;
            return;
        }
        list_add(list, value);
        free(word);
    }
}

static int compare_numbers(const void *a, const void *b) {
    const int *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

int list_numbers(const char *option, const char *text, int most, number_list *list) {
    char *bad;
    list->count = 0;
    read_parts(text, read_number, most, list, &bad);
    qsort(list->items, list->count, sizeof *list->items, compare_numbers);
    if (!bad) return STATUS_OK;
    int status = usage_error("bench", "--%s: expected whole numbers from 1 to %d, parted by commas, got '%s'", option,
                             most, bad);
    free(bad);
    return status;
}

int list_precisions(const char *option, const char *text, number_list *list) {
    char *bad;
    list->count = 0;
    read_parts(text, read_precision, CS_PRECISION_AUTO, list, &bad);
    if (!bad) return STATUS_OK;
    int status = usage_error("bench", "--%s: expected fp32, bf16 or int8, parted by commas, got '%s'", option, bad);
    free(bad);
    return status;
}
