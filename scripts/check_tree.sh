#!/bin/sh
# Checks what is easy to commit by mistake.
#
#   scripts/check_tree.sh [ROOT]      ROOT: the project to check, by default this one
#
# No file over 1 MB outside models/, none over 40 MB in it; no absolute path of somebody's machine; no trailing white
# space and no missing final newline (test data and models excepted: there both can be the point). Prints one line per
# offence, and fails when there is one.
set -eu
cd "${1:-$(dirname "$0")/..}"

# What git tracks; in a tree without git (a release archive) everything but the build.
files() {
    if [ -e .git ] && command -v git >/dev/null 2>&1; then
        git -c safe.directory='*' ls-files | while read -r file; do
            [ ! -f "$file" ] || echo "$file"
        done
    else
        find . -type f ! -path './build/*' ! -path './out/*' ! -path './.git/*' ! -path './.cache/*' ! -name '*.pyc' |
            sed 's#^\./##'
    fi
}

# each COMMAND...: runs the command with the names on standard input as its last arguments.
each() {
    tr '\n' '\0' | xargs -0 -r "$@"
}

too_large() {
    files | while read -r file; do
        limit=1048576
        case $file in models/*) limit=41943040 ;; esac
        size=$(wc -c <"$file")
        [ "$size" -le "$limit" ] || echo "$file: $size bytes, more than the $limit that a file here may have"
    done
}

# The names are spelled in brackets so that this file does not find itself.
machine_paths() {
    files | each grep -nIE '(^|[^[:alnum:]_.~-])/([w]ork|[r]oot|[h]ome)/[[:alnum:]._-]' /dev/null |
        sed 's/^\([^:]*:[0-9]*\):.*/\1: an absolute path of one machine/'
}

plain_text() {
    files | grep -vE '^(tests/data|models|LICENSE)' | each grep -lI '' /dev/null
}

white_space() {
    plain_text | each grep -nE '[[:blank:]]+$' /dev/null | sed 's/^\([^:]*:[0-9]*\):.*/\1: white space at its end/'
}

final_newline() {
    plain_text | while read -r file; do
        [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at its end"
    done
}

offences=$(
    too_large
    machine_paths || true
    white_space || true
    final_newline
)
[ -n "$offences" ] || exit 0
printf '%s\n' "$offences"
exit 1
