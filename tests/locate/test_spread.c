/* What looks alike must end up alike, and what is held must stay. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locate/spread.h"

enum { SIDE = 8, CELLS = SIDE * SIDE, CHANNELS = 4 };

static int open_model(void **state) {
    cs_error error;
    cs_model *model;
    const cs_model_options options = {.threads = 1};
    assert_ok(cs_model_open(NULL, &options, &model, &error));
    *state = model;
    return 0;
}

static int close_model(void **state) {
    cs_model_close(*state);
    return 0;
}

/* The left three columns look like one thing, the other five like another, with a little noise. */
static void two_looks(float *features) {
    srand(3);
    for (int i = 0; i < CELLS; i++) {
        for (int c = 0; c < CHANNELS; c++)
            features[i * CHANNELS + c] = 0.2f * (float)rand() / (float)RAND_MAX;
        features[i * CHANNELS + (i % SIDE < 3 ? 0 : 1)] += 1;
    }
}

static void an_object_is_filled_from_its_telling_part(void **state) {
    cs_error error;
    float features[CELLS * CHANNELS], map[CELLS];
    two_looks(features);
    for (int i = 0; i < CELLS; i++)
        map[i] = i % SIDE < 3 ? 0.03f : 0.001f * (float)(1 + i % 5);
    map[0] = 0.9f; /* the telling part: one corner */
    const cs_features given = {SIDE, SIDE, CHANNELS, features};
    assert_ok(cs_spread(*state, &given, 1, map, &error));
    assert_true(map[0] == 1);
    for (int i = 0; i < CELLS; i++) {
        assert_true(map[i] >= 0 && map[i] <= 1);
        if (i % SIDE < 3) assert_true(map[i] > 0.4f); /* on its way to 1, well above where boxes end */
        if (i % SIDE >= 3) assert_true(map[i] < 0.1f);
    }
}

/* Each map is spread by itself: two at once give what each gives alone. */
static void maps_do_not_mix(void **state) {
    cs_error error;
    float features[CELLS * CHANNELS], both[2 * CELLS], alone[CELLS];
    two_looks(features);
    for (int i = 0; i < 2 * CELLS; i++)
        both[i] = 0.01f * (float)(1 + (i * 7) % 13);
    both[5] = both[CELLS + 40] = 1;
    memcpy(alone, both + CELLS, sizeof alone);
    const cs_features given = {SIDE, SIDE, CHANNELS, features};
    assert_ok(cs_spread(*state, &given, 2, both, &error));
    assert_ok(cs_spread(*state, &given, 1, alone, &error));
    for (int i = 0; i < CELLS; i++)
        assert_true(fabsf(both[CELLS + i] - alone[i]) < 1e-5f);
}

/* Features that are the same everywhere tell nothing; the map must survive that. */
static void flat_features_do_no_harm(void **state) {
    cs_error error;
    float features[CELLS * CHANNELS], map[CELLS];
    for (int i = 0; i < CELLS * CHANNELS; i++)
        features[i] = 1;
    for (int i = 0; i < CELLS; i++)
        map[i] = 0.01f * (float)i;
    const cs_features given = {SIDE, SIDE, CHANNELS, features};
    assert_ok(cs_spread(*state, &given, 1, map, &error));
    for (int i = 0; i < CELLS; i++)
        assert_true(isfinite(map[i]));
    assert_true(map[CELLS - 1] == 1 && map[0] == 0);
    assert_ok(cs_spread(*state, &given, 0, map, &error));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_filled_from_its_telling_part),
        cmocka_unit_test(maps_do_not_mix),
        cmocka_unit_test(flat_features_do_no_harm),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
