#!/bin/sh
# Style and static checks: clang-format, the rooms, the tree, shellcheck, clang-tidy. Fails when one of them does, after
# all have run. Installs what it needs.
#
#   scripts/lint.sh [FILE...]      with files: clang-tidy looks at these only
set -eu
cd "$(dirname "$0")/.."
scripts/packages.sh build test lint
mkdir -p build

files() {
    git -c safe.directory='*' ls-files -z -- "$@"
}

layout() {
    files '*.c' '*.h' | xargs -0 clang-format --dry-run -Werror
}

shell_scripts() {
    files '*.sh' .ci/run | xargs -0 shellcheck
}

# Needs no build, only the compiler's command lines, which CMake writes when it configures.
static_analysis() {
    if ! cmake --preset release >build/lint.log 2>&1; then
        cat build/lint.log
        return 1
    fi
    # One file a run: clang-tidy 14 invents an uninitialized va_list in the second. On standard error it counts the
    # warnings in system headers, which it does not show.
    if [ $# -gt 0 ]; then printf '%s\0' "$@"; else files 'src/*.c' 'cli/*.c' 'server/*.c'; fi |
        xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p build/release 2>build/lint.log
}

failed=''
layout || failed="$failed clang-format"
scripts/check_layers.sh || failed="$failed layers"
scripts/check_tree.sh || failed="$failed tree"
shell_scripts || failed="$failed shellcheck"
static_analysis "$@" || failed="$failed clang-tidy"

if [ -n "$failed" ]; then
    echo "lint failed:$failed"
    exit 1
fi
echo "lint: clang-format, layers, tree, shellcheck and clang-tidy have nothing to say"
