#!/bin/sh
# The tree holds nothing large, nothing of one machine and no stray white space, and the check that says so can fail.
set -eu
check=$PROJECT/scripts/check_tree.sh

"$check" "$PROJECT"

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/src" "$tree/models/starter" "$tree/tests/data" "$tree/build"

# expect accepted|refused FILE: what the check must say of a tree with just this file in it, which is removed.
expect() {
    if said=$("$check" "$tree"); then got=accepted; else got=refused; fi
    rm "$tree/$2"
    case $1:$got:$said in
    accepted:accepted:) return 0 ;;
    refused:refused:"$2":*) return 0 ;;
    esac
    echo "$2 was $got, expected $1; the check said: $said"
    exit 1
}

# sized FILE BYTES
sized() {
    dd if=/dev/zero of="$tree/$1" bs="$2" count=1 2>/dev/null
}

printf 'int a;\n' >"$tree/src/a.c" && expect accepted src/a.c
printf 'see /usr/include and a/h''ome/b\n' >"$tree/src/a.c" && expect accepted src/a.c
sized models/starter/model.bin 2000000 && expect accepted models/starter/model.bin
sized build/a.o 2000000 && expect accepted build/a.o
printf 'a \n' >"$tree/tests/data/texts.txt" && expect accepted tests/data/texts.txt

sized src/a.bin 1048577 && expect refused src/a.bin
sized models/starter/model.bin 41943041 && expect refused models/starter/model.bin
printf 'cd /h''ome/somebody/clipsight\n' >"$tree/src/a.sh" && expect refused src/a.sh
printf '"/r''oot/x"\n' >"$tree/src/a.c" && expect refused src/a.c
printf 'int a; \n' >"$tree/src/a.c" && expect refused src/a.c
printf 'int a;' >"$tree/src/a.c" && expect refused src/a.c
