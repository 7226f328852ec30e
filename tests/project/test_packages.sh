#!/bin/sh
# scripts/packages.sh: silent and quick where nothing is missing; names what is missing where there is no apt.
# shellcheck source=tests/project/support.sh
. "$PROJECT/tests/project/support.sh"
script=$PROJECT/scripts/packages.sh

# Whatever built this project has the build group.
said=$("$script" build test 2>&1) || fail "the packages of this very build are missing: $said"
[ -z "$said" ] || fail "nothing is missing, but it said: $said"

if "$script" nonsense >/dev/null 2>&1; then fail "an unknown group was accepted"; fi

# A machine without apt, dpkg and everything else: a PATH with little more than the shell's own tools.
bin=$folder/bin
mkdir "$bin"
for tool in sh cat awk find grep mktemp rm sort id env; do
    ln -s "$(command -v "$tool")" "$bin/$tool"
done
if said=$(PATH=$bin "$script" build 2>&1 >/dev/null); then fail "nothing was found, and yet it passed"; fi
for package in gcc cmake libdnnl-dev libpng-dev; do
    echo "$said" | grep -q "^ *$package\$" || fail "$package is missing, but it said: $said"
done
said=$(PATH=$bin "$script" build 2>/dev/null || true)
[ -z "$said" ] || fail "it wrote to standard output: $said"

# Without apt but with everything in place, it is content with what it finds.
for tool in gcc cmake ninja pkg-config as cc1 curl sqlite3; do
    if found=$(command -v "$tool"); then ln -s "$found" "$bin/$tool"; fi
done
said=$(PATH=$bin "$script" build test 2>&1) || fail "everything is there, but it said: $said"
