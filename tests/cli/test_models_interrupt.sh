#!/bin/sh
# Ctrl-C during a pull: status 130, no half model, and the next pull goes on where this one stopped.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
# shellcheck source=tests/cli/hub.sh
. "$PROJECT/tests/cli/hub.sh"
if ! command -v timeout >/dev/null; then
    echo 'skipped: needs timeout(1)'
    exit 77
fi
offer some/starter
part=$scratch/cache/partial/some--starter/model.safetensors.part

start_hub slow=20000
ran='clipsight models pull, SIGINT'
timeout --foreground --preserve-status -s INT 3 "$CLIPSIGHT" models pull some/starter >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 130
expect_no_out
expect_err 'the next pull goes on from here'
expect_absent "$scratch/cache/models/some--starter"
[ -s "$part" ] || fail "expected $part"
had=$(wc -c <"$part")
run models list
expect_out '^some/starter .* partial '
run detect "$cat_png" -p 'a cat' -m some/starter
expect_status 1
expect_err 'clipsight models pull some/starter'
stop_hub

# shellcheck disable=SC2119
start_hub
if have_terminal; then
    ran='clipsight models pull (on a terminal)'
    script -qec "'$CLIPSIGHT' models pull some/starter" /dev/null </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
else
    run models pull some/starter
fi
expect_status 0
grep -q "model.safetensors range=$had " "$scratch/log" || fail "expected the rest from $had on: $(cat "$scratch/log")"
cmp -s "$scratch/cache/models/some--starter/model.safetensors" "$PROJECT/models/starter/model.safetensors" ||
    fail 'expected the same weights'
expect_absent "$scratch/cache/partial/some--starter"
stop_hub

# A terminal sees a bar, the rate and the time left; with --quiet it does not.
if have_terminal; then
    run models remove some/starter
    start_hub slow=100000
    ran='clipsight models pull (on a terminal)'
    script -qec "'$CLIPSIGHT' models pull some/starter" /dev/null </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 0
    expect_out '\[#*\.*\] [0-9.]* MB of 29.* MB, [0-9.]* [kM]B/s, [0-9]* s left  model.safetensors'
    run models remove some/starter
    script -qec "'$CLIPSIGHT' models pull some/starter --quiet" /dev/null </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 0
    expect_no_out
    stop_hub
fi
