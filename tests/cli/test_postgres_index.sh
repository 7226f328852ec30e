#!/bin/sh
# Several indexers and one PostgreSQL store: each photograph is done by one of them; one that is killed takes nothing with
# it; and the store is to the last bit what a file is, where photographs are encoded alone (--batch 1): with some processors
# an embedding's last digits depend on its company.
: "${WITH_POSTGRES:?the helper that starts a server}" "${STORE_TOOL:?the helper for stores}"
if [ -z "${STORE_URL-}" ]; then
    exec "$WITH_POSTGRES" sh "$0"
fi
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
store=$STORE_URL

mkdir in
"$STORE_TOOL" photos "$PROJECT/assets/china.jpg" in 100 || fail 'no photographs'
run index --batch 1 --store whole.sqlite in
expect_status 0
"$STORE_TOOL" dump whole.sqlite >whole.txt || fail 'the store'

# compare: a store in PostgreSQL holds what the file does.
compare() {
    "$STORE_TOOL" dump "$store" >dump.txt 2>"$scratch/err" || fail 'the store'
    cmp -s whole.txt dump.txt || fail "expected the same store: $(diff whole.txt dump.txt | head -n 5)"
}

# start N: the indexer of this number.
start() {
    "$CLIPSIGHT" index --batch 1 --store "$store" in --format json --threads 1 >"out.$1" 2>"err.$1" &
    started=$!
}

# One is killed in the midst of it, the other two do all that it left.
ran='index in, three at once, one of them killed'
start 1
job_1=$started
start 2
job_2=$started
start 3
job_3=$started
wait_for test -s out.3 || fail 'expected the third to index a photograph'
kill -KILL "$job_3"
wait "$job_1"
first=$?
wait "$job_2"
second=$?
wait "$job_3" 2>/dev/null
cat err.1 err.2 >"$scratch/err"
cat out.1 out.2 out.3 >"$scratch/out"
status=$((first + second))
expect_status 0
sed -n 's/^{"image":"\(.*\)","state":"new"}$/\1/p' out.1 out.2 out.3 | sort >said.txt
[ -z "$(uniq -d said.txt)" ] || fail "done twice: $(uniq -d said.txt)"
for part in 1 2 3; do grep -q '"state":"new"' out.$part || fail "expected indexer $part to do something"; done
run index --batch 1 --store "$store" in
expect_status 0
compare
run index --batch 1 --store "$store" in
expect_err '^100 photographs: 0 new, 0 changed, 0 moved, 0 removed, 0 broken'

# All that one indexer can meet, once more with this kind of store.
mv in/0001.jpg in/moved.jpg
rm in/0002.jpg
touch in/0003.jpg
cat in/0005.jpg in/0004.jpg >in/0006.jpg
echo text >in/broken.jpg
run index --batch 1 --store "$store" in
expect_status 1
expect_err '^100 photographs: 0 new, 1 changed, 1 moved, 1 removed, 1 broken'
run index --batch 1 --store whole.sqlite in
"$STORE_TOOL" dump whole.sqlite >whole.txt || fail 'the store'
compare
rm in/00[1-8]?.jpg
run index --batch 1 --store "$store" in --windows
expect_status 0
run index --batch 1 --store whole.sqlite in --windows
"$STORE_TOOL" dump whole.sqlite >whole.txt || fail 'the store'
compare

# What one indexer does of what another one found counts: never more than there is, and no time that is negative.
if have_terminal; then
    mkdir many one
    "$STORE_TOOL" photos "$flower_jpg" many 120 || fail 'no photographs'
    cp "$cat_png" one
    ran='index one, beside index many'
    "$CLIPSIGHT" index --store "$store" many --format json --threads 1 >out.many 2>err.many &
    many=$!
    waited=0
    while [ ! -s out.many ] && [ $waited -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    script -qec "'$CLIPSIGHT' index --store '$store' one --threads 1" /dev/null </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    wait $many
    expect_status 0
    tr '\r' '\n' <"$scratch/out" | sed -n 's/.*K\([0-9]*\) of \([0-9]*\) photographs.*/\1 \2/p' >progress.txt
    awk '$1 > 1 { more = 1 } $1 > $2 { bad = 1 } END { exit bad || !more }' progress.txt ||
        fail "the progress of one of two indexers: $(tr '\n' ',' <progress.txt)"
    ! grep -q -e '-[0-9]* s left' "$scratch/out" || fail 'expected no negative time'
fi
exit 0
