#!/bin/sh
# Kills `clipsight index` many times at random moments (kill -9), and checks each time that nothing is lost that it said
# was stored, nothing stands twice, and the file is sound. Minutes, so not a test.
#
#   scripts/kills.sh [N]      by default 200, a quarter of them with windows
set -eu
cd "$(dirname "$0")/.."
n=${1:-200}
scripts/packages.sh build test
scripts/build.sh release clipsight store_tool >/dev/null
PROJECT=$(pwd)
CLIPSIGHT=$PROJECT/build/release/clipsight
STORE_TOOL=$PROJECT/build/release/tests/store_tool
export PROJECT CLIPSIGHT STORE_TOOL
run() {
    # shellcheck disable=SC2016
    sh -c '. "$PROJECT/tests/cli/support.sh"; . "$PROJECT/tests/cli/kills.sh"; kills "$@"' kills "$@"
}
run $((n - n / 4)) 120
run $((n / 4)) 40 --windows
