#!/bin/sh
# Without libpq (-DCLIPSIGHT_POSTGRESQL=OFF) the second library builds, needs nothing of it, and says so when it is asked
# for such a store.
# shellcheck source=tests/project/support.sh
. "$PROJECT/tests/project/support.sh"
cmake -S "$PROJECT" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCLIPSIGHT_POSTGRESQL=OFF \
    -DCLIPSIGHT_WERROR=ON >"$folder/log" 2>&1 || fail "$(cat "$folder/log")"
cmake --build "$folder/build" --target clipsight_tools_objects >"$folder/log" 2>&1 || fail "$(cat "$folder/log")"
if grep -q libpq "$folder/build/clipsight-tools.pc"; then fail "clipsight-tools.pc asks for libpq"; fi

cat >"$folder/client.c" <<'END_OF_CLIENT'
#include <clipsight_tools.h>
#include <string.h>

int main(void) {
    cs_store *store = NULL;
    cs_error error;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    if (cs_store_open("postgresql://me:s3cret@localhost/photos", &options, &store, &error) != CS_ERR_UNSUPPORTED) return 1;
    return store || !strstr(error.message, "CLIPSIGHT_POSTGRESQL") || strstr(error.message, "s3cret");
}
END_OF_CLIENT
find "$folder/build/CMakeFiles/clipsight_tools_objects.dir" -name '*.o' >"$folder/objects"
# shellcheck disable=SC2046
set -- $(sed -n 's/^Requires.private: //p' "$folder/build/clipsight-tools.pc" "$BUILD/clipsight.pc")
# shellcheck disable=SC2046
gcc -std=c11 -I"$PROJECT/include" "$folder/client.c" "@$folder/objects" "$BUILD/libclipsight.a" \
    $(pkg-config --libs "$@") -ldnnl -fopenmp -lm -o "$folder/client" 2>"$folder/log" || fail "$(cat "$folder/log")"
if nm -u "$folder/client" | grep -q ' PQ'; then fail "the library still calls libpq"; fi
"$folder/client" || fail "a store in PostgreSQL is not refused as it should be"
