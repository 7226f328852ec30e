#!/bin/sh
# From a fresh clone to boxes on a photograph: installs what is missing, builds, and runs `clipsight detect`.
#
#   ./demo.sh                                   a cat, on the photograph that comes with clipsight
#   ./demo.sh PHOTO -p "a dog" -p "a sofa"      the same for what you have; all arguments go to `clipsight detect`
#
# The last line on standard output is the path of the annotated picture.
set -eu
root=$(cd "$(dirname "$0")" && pwd)
clipsight=$root/build/release/clipsight
log=$root/build/demo.log

say() {
    echo "$*" >&2
}

# Builds in a subshell: the paths among the arguments stay relative to where the caller is.
prepare() {
    "$root/scripts/packages.sh" build test
    mkdir -p "$root/build" "$root/out"
    [ -x "$clipsight" ] || say "Building clipsight (a minute or two the first time; log in build/demo.log) ..."
    if ! "$root/scripts/build.sh" release clipsight >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        say "The build failed: all of it is in $log"
        exit 1
    fi
}

# Sets `output` to what -o names, `photos` to how many photographs or folders are named, and `only` to the last one.
read_arguments() {
    output='' photos=0 only='' expect=''
    for argument; do
        if [ -n "$expect" ]; then
            [ "$expect" = output ] && output=$argument
            expect=''
            continue
        fi
        case $argument in
        -o | --output) expect=output ;;
        --output=*) output=${argument#*=} ;;
        -o?*) output=${argument#-o} ;;
        --single | --quiet | -q | --help | -h | --) ;;
        --*=* | -[a-z]?*) ;;
        -?*) expect=value ;;
        *) photos=$((photos + 1)) only=$argument ;;
        esac
    done
}

prepare
[ $# -gt 0 ] || set -- "$root/assets/chelsea.png" -p "a cat" --single
read_arguments "$@"
if [ -z "$output" ] && [ "$photos" -eq 1 ] && [ ! -d "$only" ]; then
    output=$root/out/demo.png
    set -- "$@" -o "$output"
fi

say "Looking ..."
"$clipsight" detect "$@"
[ -z "$output" ] || echo "$output"
