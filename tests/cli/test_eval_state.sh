#!/bin/sh
# eval --state: going on after an interruption, shards of several machines, and files that do not belong.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

count=5
mkdir -p data/Annotations data/JPEGImages
i=1
while [ $i -le $count ]; do
    cp "$flower_jpg" data/JPEGImages/$i.jpg
    cat >data/Annotations/$i.xml <<XML
<annotation><filename>$i.jpg</filename><object><name>flower</name><difficult>0</difficult>
<bndbox><xmin>${i}0</xmin><ymin>50</ymin><xmax>500</xmax><ymax>400</ymax></bndbox></object></annotation>
XML
    i=$((i + 1))
done
figures() {
    sed 's/"seconds_per_photograph":[^,]*//' "$scratch/out"
}
# expect_state FILE PHOTOGRAPHS: a first line, and one for each.
expect_state() {
    lines=$(wc -l <"$1")
    [ "$lines" -eq $(($2 + 1)) ] || fail "expected $1 to have $(($2 + 1)) lines, got $lines"
}

run eval data --format json
expect_status 0
whole=$(figures)

# What is known is not done again: a photograph that is gone is not missed, and the state stays as it is.
run eval data --format json --state all.jsonl
expect_status 0
[ "$(figures)" = "$whole" ] || fail 'expected the figures of a run without --state'
expect_state all.jsonl $count
cp all.jsonl copy.jsonl
mv data/JPEGImages/2.jpg hidden.jpg
cp "$cat_png" data/JPEGImages/2.jpg
run eval data --format json --state all.jsonl
expect_status 0
[ "$(figures)" = "$whole" ] || fail 'expected the figures to come from the state'
cmp -s all.jsonl copy.jsonl || fail 'expected the state to stay as it is'
mv hidden.jpg data/JPEGImages/2.jpg

# The first part of it, then the rest; a torn last line is done again.
head -n 3 copy.jsonl >part.jsonl
tail -n +4 copy.jsonl | head -c 40 >>part.jsonl
run eval data --format json --state part.jsonl
expect_status 0
[ "$(figures)" = "$whole" ] || fail 'expected the same figures after going on'
expect_state part.jsonl $count
run eval data --format json --state part.jsonl --limit 2
expect_out '"photographs":2,'
head -c 30 copy.jsonl >part.jsonl
run eval data --state part.jsonl --limit 1
expect_status 0
expect_state part.jsonl 1

# Two shards, then both together: nothing is left to do, and both files stay as they are.
run eval data --shard 1/2 --state 1.jsonl
expect_status 0
expect_state 1.jsonl 3
run eval data --shard 2/2 --state 2.jsonl
expect_state 2.jsonl 2
cat 1.jsonl 2.jsonl >copy.jsonl
run eval data --format json --state 1.jsonl --state 2.jsonl
expect_status 0
[ "$(figures)" = "$whole" ] || fail 'expected the figures of one run from two shards'
cat 1.jsonl 2.jsonl | cmp -s - copy.jsonl || fail 'expected both files to stay as they are'
# Only the first may be new.
run eval data --state 1.jsonl --state 3.jsonl
expect_status 1
expect_err '^clipsight: --state: 3.jsonl: cannot open'
expect_absent 3.jsonl

# Another run's boxes do not mix with this one's. expect_other MESSAGE OPTION...
expect_other() {
    message=$1
    shift
    cp 1.jsonl copy.jsonl
    run eval data --state 1.jsonl "$@"
    expect_status 1
    expect_err "^clipsight: 1.jsonl: was written by another run ($message)"
    expect_no_out
    cmp -s 1.jsonl copy.jsonl || fail 'expected the state to stay as it is'
}
expect_other '--patch: 0 there, 100 here' --patch 100
expect_other '--template: not given there, "a {}" here' --template 'a {}'
echo 'flower = a rose' >words.txt
expect_other 'number 1 of prompts: "flower" there, "a rose" here' --class-prompts words.txt
# But how the boxes are counted, and how fast they come, may change.
run eval data --state 1.jsonl --state 2.jsonl --metric coco --min-score 0.5 --threads 1 --batch 2
expect_status 0

# Files of something else are left alone.
for text in 'hello' 'hello\n' '{"a":1}\n' '[]\n'; do
    # shellcheck disable=SC2059
    printf "$text" >other.txt
    cp other.txt copy.txt
    run eval data --state other.txt
    expect_status 1
    expect_err 'other.txt: is no file that clipsight eval --state wrote'
    cmp -s other.txt copy.txt || fail 'expected the file to stay as it is'
done
# damaged LINE MESSAGE: a line in the middle
damaged() {
    head -n 1 1.jsonl >bad.jsonl
    printf '%s\n' "$1" >>bad.jsonl
    run eval data --state bad.jsonl
    expect_status 1
    expect_err "^clipsight: --state: bad.jsonl:2: $2"
    expect_no_out
}
damaged '{"photo":' ''
damaged '{"photo":0}' "expected a photograph's boxes"
damaged '{"photo":5,"name":"1.jpg","seconds":1,"boxes":[]}' 'the dataset has no such photograph'
damaged '{"photo":-1,"name":"1.jpg","seconds":1,"boxes":[]}' 'the dataset has no such photograph'
damaged '{"photo":1,"name":"1.jpg","seconds":1,"boxes":[]}' 'is about another photograph'
damaged '{"photo":0,"name":"1.jpg","seconds":1,"boxes":[[0,1,2,3,4]]}' 'expected boxes of'
damaged '{"photo":0,"name":"1.jpg","seconds":1,"boxes":[[7,1,2,3,4,5]]}' 'expected boxes of'
damaged '{"photo":0,"name":"1.jpg","seconds":1,"boxes":[["0",1,2,3,4,5]]}' 'expected boxes of'

# A stop in the middle keeps what is done.
i=1
while [ $i -le 400 ]; do
    ln -sf "$flower_jpg" data/JPEGImages/$i.jpg
    sed "s/<filename>.*<\/filename>/<filename>$i.jpg<\/filename>/" data/Annotations/1.xml >"$scratch/xml"
    cp "$scratch/xml" data/Annotations/$i.xml
    i=$((i + 1))
done
ran='clipsight eval data --state long.jsonl, SIGTERM'
"$CLIPSIGHT" eval data --state long.jsonl >"$scratch/out" 2>"$scratch/err" &
job=$!
two_are_done() {
    [ -f long.jsonl ] && [ "$(wc -l <long.jsonl)" -ge 3 ]
}
wait_for two_are_done || fail 'expected two photographs to be done within a minute'
kill -TERM $job
wait $job
status=$?
expect_status 143
expect_no_out
expect_err 'stopped after [0-9]* of 400 photographs; the same command goes on from there'
lines=$(wc -l <long.jsonl)
[ "$lines" -lt 401 ] || fail 'expected the run to have stopped early'
run eval data --state long.jsonl --limit 1
expect_status 0
expect_state long.jsonl $((lines - 1))
