#!/bin/sh
# Results that cannot be written, and results that go to a file.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

cp "$cat_png" cat.png

run classify cat.png -p 'a cat' -p 'a dog' --format json
expected=$(cat "$scratch/out")
run classify cat.png -p 'a cat' -p 'a dog' --format json --report result.json
expect_status 0
expect_no_out
[ "$(cat result.json)" = "$expected" ] || fail 'expected the same in the file'

# A failed run keeps what it found; one that could not start leaves an old file alone.
run classify missing.png cat.png -p 'a cat' -p 'a dog' --format json --report result2.json
expect_status 1
[ "$(cat result2.json)" = "$expected" ] || fail 'expected the good photograph in the file'
run classify cat.png -p 'a cat' -m no-such-model --report result.json
expect_status 1
[ "$(cat result.json)" = "$expected" ] || fail 'expected the old file'
run classify cat.png -p 'a cat' --report no/such/result.json
expect_status 1
expect_err 'no/such/result.json: cannot write: No such file'
run classify cat.png -p 'a cat' --report .
expect_status 1
expect_err 'directory'

# A pipe is written to, not replaced.
mkfifo pipe
cat pipe >from_pipe &
run classify cat.png -p 'a cat' -p 'a dog' --format json --report pipe
wait
expect_status 0
[ "$(cat from_pipe)" = "$expected" ] || fail 'expected the result through the pipe'
[ -p pipe ] || fail 'expected the pipe to stay one'

# What is said while stderr is closed must not land in a file that took its number.
cat pipe >from_pipe &
ran='clipsight classify missing.png cat.png --report pipe 2>&-'
"$CLIPSIGHT" classify missing.png cat.png -p 'a cat' -p 'a dog' --format json --report pipe 2>&-
status=$?
wait
expect_status 1
[ "$(cat from_pipe)" = "$expected" ] || fail "expected nothing but the result, got: $(cat from_pipe)"

# A reader that goes away ends the run quietly.
ran='clipsight classify ... | true'
{
    "$CLIPSIGHT" classify cat.png cat.png -p 'a cat' --format json 2>"$scratch/err"
    echo $? >"$scratch/status"
} | true
status=$(cat "$scratch/status")
expect_status 1
expect_no_err

ran='clipsight classify >&-'
"$CLIPSIGHT" classify cat.png -p 'a cat' 2>"$scratch/err" >&-
status=$?
expect_status 1
expect_err 'standard output: cannot write'

if [ -e /dev/full ]; then
    for command in classify localize detect; do
        ran="clipsight $command >/dev/full"
        "$CLIPSIGHT" $command cat.png cat.png -p 'a cat' -q >/dev/full 2>"$scratch/err"
        status=$?
        expect_status 1
        expect_err '^clipsight: standard output: cannot write: No space left'
        [ "$(wc -l <"$scratch/err")" -eq 1 ] || fail 'expected one message'
    done
    run classify cat.png -p 'a cat' --report /dev/full
    expect_status 1
    expect_err '/dev/full: cannot write'
fi
expect_no_temporary
