#!/bin/sh
# Every relative link and picture in the Markdown files leads to a file of the tree.
set -eu

# targets PAGE: what stands in "](target)", one a line, without the part behind #.
targets() {
    grep -oE '\]\([^)[:space:]]+\)' "$1" | sed 's/^](//; s/)$//; s/#.*//'
}

# broken ROOT: "file: target" for each link that leads nowhere.
broken() {
    find "$1" -name '*.md' ! -path "$1/build/*" ! -path "$1/out/*" | sort | while read -r page; do
        targets "$page" | while read -r target; do
            case $target in '' | *:*) continue ;; esac
            [ -e "$(dirname "$page")/$target" ] || echo "${page#"$1"/}: $target"
        done
    done
}

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/docs"
printf '[a](../README.md#part) [b](https://example.org/) ![c](missing.jpg)\n' >"$tree/docs/page.md"
printf '[a](docs/page.md) [b](docs)\n' >"$tree/README.md"
found=$(broken "$tree")
[ "$found" = "docs/page.md: missing.jpg" ] || {
    echo "the check itself is broken: it found \"$found\""
    exit 1
}

found=$(broken "$PROJECT")
[ -z "$found" ] || {
    echo "links that lead nowhere:"
    echo "$found"
    exit 1
}
