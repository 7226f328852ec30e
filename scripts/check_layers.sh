#!/bin/sh
# Checks that no file includes what it must not know of (docs/architecture.md, "Rooms").
#
#   scripts/check_layers.sh [ROOT]      ROOT: the project to check, by default this one
#
# A room of src/ sees itself and the rooms below it:  base <- image, text, nn <- model <- locate <- report, eval; fetch
# and check, of the second library, lie above model, and store, of the same, above report, for it reports what was found.
# cli/, server/ and bench/ see the public headers and their own files. The page's scripts import one another without going
# round. Prints one line per offence, and fails when there is one.
set -eu
cd "${1:-$(dirname "$0")/..}"

sources() {
    for folder in src include cli server bench; do
        [ ! -d "$folder" ] || find "$folder" -name '*.[ch]' | sort
    done
}

# shellcheck disable=SC2016
check='
BEGIN {
    level["base"] = 0
    level["image"] = level["text"] = level["nn"] = 1
    level["model"] = 2
    level["locate"] = 3
    level["report"] = level["eval"] = level["fetch"] = level["check"] = 4
    level["store"] = 5
}
function offence(reason) {
    printf "%s:%d: %s may not include \"%s\": %s\n", FILENAME, FNR, FILENAME, header, reason
    bad = 1
}
function check_room(room, target) {
    if (!(room in level)) offence("src/" room " is not a room that scripts/check_layers.sh knows")
    else if (!(target in level)) offence("it is no room of the library")
    else if (target != room && level[target] >= level[room]) offence(target " does not lie below " room)
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    header = $0
    sub(/^[^"<]*["<]/, "", header)
    sub(/[">].*$/, "", header)
    split(header, part, "/")
    split(FILENAME, at, "/")
    in_quotes = $0 ~ /include[ \t]*"/
    if (header ~ /\.\./) offence("write it from the root of the sources")
    else if (at[1] == "src" && header ~ /\// && (in_quotes || part[1] in level)) check_room(at[2], part[1])
    else if (at[1] == "include" && (part[1] in level)) offence("the public headers stand alone")
    else if (part[1] in level || part[1] == "src") offence("only the public headers are open to it")
}
END { exit bad }
'

# The scripts whose imports lead back to them, as tsort finds them: "tsort: FILE" a line after the loop was announced.
loops() {
    [ -d server/page ] || return 0
    grep -o "from '\./[a-z_]*\.js'" server/page/*.js /dev/null |
        sed "s#\([^:]*\):from '\./\(.*\)'#\1 server/page/\2#" |
        LC_ALL=C tsort 2>&1 >/dev/null | sed -n 's/^tsort: \(.*\.js\)$/\1: its imports lead back to it/p'
}

found=$(loops)
[ -z "$found" ] || {
    printf '%s\n' "$found"
    exit 1
}
sources | tr '\n' '\0' | xargs -0 awk "$check"
