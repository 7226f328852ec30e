#!/bin/sh
# Photographs are read ahead of their turn: nobody must notice but by the clock.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# Many, of sizes that take unequally long to read, with broken, missing and refused ones at the start, in the middle
# and at the end.
echo 'no picture' >broken.jpg
head -c 20000 "$flower_jpg" >cut.jpg
large=$PROJECT/assets/china.jpg
set -- broken.jpg "$cat_png" cut.jpg "$large" "$flower_jpg" missing.png missing.png "$cat_png" "$large" cut.jpg \
    "$cat_png" "$flower_jpg" "$cat_png" "$large" broken.jpg missing.png

for command in classify detect; do
    for threads in 1 2 3; do
        run $command "$@" -q --threads $threads -p 'a cat' -p 'a flower' --format json
        expect_status 1
        expect_lines 9
        expect_images "$cat_png" "$large" "$flower_jpg" "$cat_png" "$large" "$cat_png" "$flower_jpg" "$cat_png" "$large"
        grep -c '^clipsight: ' "$scratch/err" | grep -qx 7 || fail 'expected seven complaints'
        cp "$scratch/err" "$scratch/complaints.$threads"
    done
    for threads in 2 3; do
        cmp -s "$scratch/complaints.1" "$scratch/complaints.$threads" || fail 'expected the same complaints in one order'
    done
done

# Results and complaints in one stream stand in the order of the photographs.
"$CLIPSIGHT" classify "$cat_png" broken.jpg "$flower_jpg" missing.png "$large" --threads 2 -p 'a cat' --format json \
    >"$scratch/out" 2>&1
status=$?
expect_status 1
order=$(sed -e 's/^{.*/answer/' -e 's/^clipsight: \([^:]*\):.*/\1/' "$scratch/out" | tr '\n' ' ')
[ "$order" = 'answer broken.jpg answer missing.png answer ' ] || fail "expected another order than '$order'"

# Standard input keeps its place among files.
ran='classify flower.jpg - cat.png <china.jpg'
"$CLIPSIGHT" classify "$flower_jpg" - "$cat_png" --threads 2 -p 'a cat' --format json <"$large" >"$scratch/out" \
    2>"$scratch/err"
status=$?
expect_status 0
expect_images "$flower_jpg" - "$cat_png"
from_stdin=$(sed -n '2s/^[^,]*,//p' "$scratch/out" | cut -c 1-50)
run classify "$flower_jpg" "$large" "$cat_png" --threads 2 -p 'a cat' --format json
[ "$from_stdin" = "$(sed -n '2s/^[^,]*,//p' "$scratch/out" | cut -c 1-50)" ] || fail 'expected the photograph on standard input'

# A pipe is opened when its turn comes, not before: what it is to hold is made by whoever got the first result.
mkfifo pipe
ran='classify cat.png pipe, the pipe written after the first result'
"$CLIPSIGHT" classify "$cat_png" pipe --threads 2 -p 'a cat' --format json >"$scratch/out" 2>"$scratch/err" &
job=$!
wait_for test -s "$scratch/out" || fail 'expected the first photograph without the second'
cat "$flower_jpg" >pipe
wait $job
status=$?
expect_status 0
expect_images "$cat_png" pipe

# Ctrl-C ends the wait for standard input, though photographs behind it are to be read ahead.
if command -v timeout >/dev/null; then
    mkfifo never
    sleep 60 >never &
    holder=$!
    ran='classify - flower.jpg <never, SIGINT'
    began=$(date +%s)
    timeout --foreground --preserve-status -s INT 3 "$CLIPSIGHT" classify - "$flower_jpg" --threads 2 -p 'a cat' <never \
        >"$scratch/out" 2>"$scratch/err"
    status=$?
    kill $holder
    expect_status 130
    expect_no_out
    [ $(($(date +%s) - began)) -lt 30 ] || fail 'expected an end soon after the signal'
fi

# Where there is no model, nothing is said of photographs, and nothing hangs.
run detect "$@" -m no-such-model -p 'a cat'
expect_status 1
expect_no_out
grep -c '^clipsight: ' "$scratch/err" | grep -qx 1 || fail 'expected one complaint'

# A reader that goes away ends the run.
"$CLIPSIGHT" classify "$cat_png" "$flower_jpg" "$cat_png" "$flower_jpg" --threads 2 -p 'a cat' --format json \
    2>"$scratch/err" | head -n 1 >"$scratch/out"
ran='classify | head -n 1'
expect_lines 1
expect_no_err

# The budget: with one thread there is no second.
if command -v strace >/dev/null && strace -f true 2>/dev/null; then
    ran='strace classify --threads 1'
    OMP_NUM_THREADS=1 strace -f -e trace=clone,clone3 -o "$scratch/calls" "$CLIPSIGHT" classify "$cat_png" "$flower_jpg" \
        --threads 1 -p 'a cat' -q >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 0
    ! grep -q clone "$scratch/calls" || fail 'expected no thread'
fi
