#!/bin/sh
# Configures and builds one preset of CMakePresets.json, in build/PRESET.
#
#   scripts/build.sh PRESET [TARGET...]      without targets: everything
#
# EXTRA, if set, holds one more argument for CMake's configuration (-DCMAKE_INSTALL_PREFIX=/usr).
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift

cmake --preset "$preset" ${EXTRA:+"$EXTRA"}
if [ $# -gt 0 ]; then
    set -- --target "$@"
fi
cmake --build --preset "$preset" -j "$(nproc)" "$@"
