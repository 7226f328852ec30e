#!/bin/sh
# Runs every fuzz target (fuzz/fuzz_*.c) for a while, with what earlier runs found as a start. Stops at the first input
# that breaks something, and names the file it was kept in.
#
#   scripts/fuzz.sh [SECONDS]      per target; by default 30
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-30}
scripts/packages.sh build test fuzz

tree=build/fuzz
cmake -S . -B "$tree" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang -DBUILD_TESTING=OFF \
    -DCMAKE_C_FLAGS='-fsanitize=fuzzer-no-link -Wno-unknown-warning-option' \
    -DCLIPSIGHT_SANITIZE=ON -DCLIPSIGHT_FUZZ=ON >"$tree.log" 2>&1 || {
    cat "$tree.log"
    exit 1
}
cmake --build "$tree" -j "$(nproc)" --target fuzzers

for source in fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    found=$tree/corpus/$target
    mkdir -p "$found"
    echo "$target: $seconds seconds"
    set -- "$found"
    if [ -d "fuzz/seeds/${target#fuzz_}" ]; then set -- "$@" "fuzz/seeds/${target#fuzz_}"; fi
    "$tree/fuzz/$target" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 \
        -artifact_prefix="$tree/$target-" "$@" 2>"$tree/$target.log" || {
        tail -n 40 "$tree/$target.log"
        exit 1
    }
    grep 'number_of_executed_units' "$tree/$target.log"
done
