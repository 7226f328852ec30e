#!/bin/sh
# Everything that can be checked on one machine: installs what is missing, builds, and runs all tests, then those that
# run a network as a processor without AVX-512 would do it, then the unit and fault tests again under the address and
# undefined-behaviour sanitizers. Ends with CTest's summary; the first part that fails is the last one that runs, so the
# summary at the end is the one that matters.
set -eu
cd "$(dirname "$0")"

scripts/packages.sh build test
for preset in release avx2 asan; do
    scripts/build.sh "$preset"
    ctest --preset "$preset" -j "$(nproc)"
done
