/* Which blocks' rows are kept in memory; the rows themselves are not touched here. */
#include <stdlib.h>
#include <string.h>

#include "store/pretended_memory.h"
#include "store/sqlite_index.h"
#include "support/support.h"

enum { DIM = 16, BLOCKS = 10, MEGABYTE = (1 << 20) / (DIM * (int)sizeof(float)) /* rows */ };

static cs_known_block *blocks;
static cs_sqlite_index *index_;

/* Blocks of 40 megabytes each, and a machine of 4 gigabytes. */
static int setup(void **state) {
    cs_error error;
    (void)state;
    pretended_pages = (4L << 30) / 4096;
    if (cs_sqlite_index_create(&index_, &error) != CS_OK) return -1;
    blocks = index_->blocks = calloc(BLOCKS, sizeof *blocks);
    index_->count = index_->capacity = BLOCKS;
    index_->searches = 1;
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = (cs_known_block){.version = 1, .capacity = 40 * MEGABYTE, .used = 1};
    return 0;
}

static int teardown(void **state) {
    (void)state;
    cs_sqlite_index_free(index_);
    pretended_pages = 0;
    return 0;
}

/* How many have room; those that have must have enough, and not each other's. */
static int rooms(void) {
    int count = 0;
    for (int i = 0; i < BLOCKS; i++) {
        if (!blocks[i].kept) continue;
        count++;
        assert_true(blocks[i].kept_capacity >= blocks[i].capacity);
        assert_int_equal((uintptr_t)blocks[i].kept % 64, 0);
        for (int j = 0; j < BLOCKS; j++) {
            const float *end = blocks[j].kept + (size_t)blocks[j].kept_capacity * DIM;
            if (j != i && blocks[j].kept) assert_false(blocks[i].kept >= blocks[j].kept && blocks[i].kept < end);
        }
    }
    return count;
}

static void keep(int expected) {
    cs_sqlite_index_keep(index_, DIM);
    assert_int_equal(rooms(), expected);
}

static void test_piece_by_piece(void **state) {
    (void)state;
    index_->searches = 0;
    keep(0); /* who searches once keeps nothing */
    index_->searches = 1;
    keep(6); /* 256 megabytes at a time */
    keep(10);
    assert_int_equal(index_->kept_bytes, (256 + 160) << 20);
    keep(10);
    assert_int_equal(index_->kept_bytes, (256 + 160) << 20);
}

static void test_larger_blocks(void **state) {
    (void)state;
    keep(6);
    keep(10);
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i].kept_version = 1;
        if (i < 5) blocks[i].capacity = 100 * MEGABYTE;
    }
    keep(7); /* what no longer fits is not kept where it was */
    for (int i = 0; i < BLOCKS; i++)
        assert_int_equal(blocks[i].kept_version, i >= 5); /* what moved has to be read again */
    keep(9);
    keep(10);
    blocks[3].capacity = 300 * MEGABYTE; /* more than a piece has */
    keep(10);
    blocks[4].capacity = 10 * MEGABYTE;
    keep(10);
}

static void test_too_much(void **state) {
    (void)state;
    keep(6);
    pretended_pages = (799L << 20) / 4096;
    keep(0);
    assert_int_equal(index_->kept_bytes, 0);
    keep(0);
    pretended_pages = (1000L << 20) / 4096; /* the rows are 400 */
    keep(6);
    keep(10);
}

/* Rooms that were given up count as long as they are there; then all begins anew. */
static void test_used_up(void **state) {
    (void)state;
    pretended_pages = (1000L << 20) / 4096;
    keep(6);
    keep(10);
    for (int i = 0; i < 3; i++)
        blocks[i].capacity = 50 * MEGABYTE;
    keep(0);
    assert_int_equal(index_->kept_bytes, 0);
    keep(5);
    keep(10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_piece_by_piece, setup, teardown),
        cmocka_unit_test_setup_teardown(test_larger_blocks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_too_much, setup, teardown),
        cmocka_unit_test_setup_teardown(test_used_up, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
