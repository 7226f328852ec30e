#!/bin/sh
# Progress shows on a terminal, and nowhere else.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

if ! have_terminal; then
    echo "skipped: needs script(1) and pseudo-terminals, to give a command a terminal"
    exit 77
fi
cp "$flower_jpg" one.jpg
cp "$flower_jpg" two.jpg

# on_terminal ARGUMENTS: one string.
on_terminal() {
    ran="clipsight $1 (on a terminal)"
    script -qec "'$CLIPSIGHT' $1" /dev/null </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 0
}

on_terminal 'detect one.jpg two.jpg one.jpg two.jpg -p flower --format json'
expect_out '[0-9] of 4 photographs, [0-9.]* per second, [0-9]* s left'
# Taken away before a result is printed.
expect_out "$(printf '\r\033\\[K{"image"')"
on_terminal 'detect one.jpg -p flower --format json --backend reference --patch 100 --window 3 --recipe chapter'
expect_out '[0-9] of [0-9]* windows'
on_terminal 'detect one.jpg two.jpg one.jpg two.jpg -p flower --format json --quiet'
! grep -q photographs "$scratch/out" || fail 'expected no progress with --quiet'

run detect one.jpg two.jpg one.jpg two.jpg -p flower --format json --recipe chapter
expect_status 0
expect_no_err
