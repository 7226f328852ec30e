# What the tests of the repository share; sourced, not run. Leaves a folder, which is removed at the end.
# shellcheck shell=sh
# shellcheck disable=SC2034 # the tests use what is set here
set -eu
: "${PROJECT:?the root of the project}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "$1"
    exit 1
}

# install_for PACKAGE: the build installed below $prefix, for a client of this package. Leaves pc, the package's file, and
# libraries, the folder where they lie.
install_for() {
    prefix="$folder/a prefix"
    cmake --install "$BUILD" --prefix "$prefix" >"$folder/log" 2>&1 || fail "$(cat "$folder/log")"
    pc=$(find "$prefix" -name "$1.pc")
    [ -n "$pc" ] || fail "no $1.pc was installed"
    libraries=$(dirname "$(dirname "$pc")")
}

# build_client PACKAGE: $folder/client.c as a client of what install_for() left, in $prefix/bin.
build_client() {
    flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs "$1")
    # pkg-config writes a space in a path as "\ ", which only eval reads the way it is meant.
    (cd "$folder" && eval "gcc -std=c11 -Wall -Wextra -Werror client.c $flags -o 'a prefix/bin/client'") ||
        fail "the client does not compile with: $flags"
}
