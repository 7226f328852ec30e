#!/bin/sh
# Ctrl-C and SIGTERM: statuses 130 and 143, soon, with nothing half-written.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# Far more work than any machine does before the signal comes.
mkdir in
i=0
while [ $i -lt 400 ]; do
    ln -s "$flower_jpg" in/$i.jpg
    i=$((i + 1))
done

check() {
    expect_no_temporary
    expect_absent report.json
    pictures=$(find out -type f | wc -l)
    [ "$pictures" -lt 400 ] || fail 'expected the run to have stopped early'
    find out -type f >"$scratch/pictures"
    while read -r picture; do
        expect_file jpg "$picture"
        [ "$(tail -c 2 "$picture" | od -An -tx1 | tr -d ' ')" = ffd9 ] || fail "expected $picture to be whole"
    done <"$scratch/pictures"
}

# timeout and not &: a background job of a script has SIGINT ignored.
if command -v timeout >/dev/null; then
    ran='clipsight detect in -o out, SIGINT'
    timeout --foreground --preserve-status -s INT 4 "$CLIPSIGHT" detect in -p 'a cat' -p 'a flower' -o out --report report.json \
        >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 130
    expect_no_out
    check
    rm -rf out
fi

# Most of the time goes into writing pictures here: a process that just died would be in the middle of one.
if command -v timeout >/dev/null; then
    ran='clipsight localize cats -o out, SIGINT'
    mkdir cats
    i=0
    while [ $i -lt 100 ]; do
        ln -s "$cat_png" cats/$i.png
        echo "thing $i"
        i=$((i + 1))
    done >prompts.txt
    timeout --foreground --preserve-status -s INT 4 "$CLIPSIGHT" localize cats --prompts prompts.txt --patch 100 --window 3 -o out \
        >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 130
    expect_no_temporary
    rm -rf out
fi

ran='clipsight detect in -o out, SIGTERM'
: >"$scratch/out"
"$CLIPSIGHT" detect in -p 'a cat' --format json -o out >"$scratch/out" 2>"$scratch/err" &
job=$!
wait_for test -s "$scratch/out" || fail 'expected a first result'
kill -TERM $job
wait $job
status=$?
expect_status 143
expect_out '^{"image"'
! grep -v '}$' "$scratch/out" >/dev/null || fail 'expected whole lines'
check

# A COCO document is all or nothing.
ran='clipsight detect --format coco, SIGTERM'
"$CLIPSIGHT" detect in -p 'a cat' --format coco >"$scratch/out" 2>"$scratch/err" &
job=$!
sleep 1
kill -TERM $job
wait $job
status=$?
expect_status 143
expect_no_out
