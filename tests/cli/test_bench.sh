#!/bin/sh
# bench: what it prints and what it refuses; whether figures are right, only so far as they hang together.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

wrong "--batch: expected whole numbers from 1 to 1024, parted by commas, got 'x'" bench --batch 1,x
wrong "--batch: expected whole numbers from 1 to 1024, parted by commas, got ''" bench --batch 8,
wrong "--threads: expected whole numbers from 1 to 1024, parted by commas, got '0'" bench --threads 0
wrong "--precision: expected fp32, bf16 or int8, parted by commas, got 'auto'" bench --precision fp32,auto
wrong '--runs: expected a whole number' bench --runs 0
wrong 'takes options only' bench photo.jpg
wrong 'nothing slides there' bench --method dense --patch 8

run bench --help
expect_status 0
expect_out '^Usage: clipsight bench '
run help
expect_out '^  bench  '

run bench -m nothing/here
expect_status 1
expect_err "model 'nothing/here': not on this machine"
run bench --precision fp32 --batch 1 --threads 1 --runs 1 --photo missing.jpg
expect_status 1
expect_no_out
expect_err 'missing.jpg: cannot open'

# Lists are sorted, and say each thing once; every combination has a line.
run bench --precision fp32,fp32 --batch 2,1,2 --threads 2,1 --runs 2 -q
expect_status 0
expect_no_err
expect_out '^processor  *[^ ]'
expect_out '^built with .*oneDNN 2\.'
expect_out '^starter: 0\.8[0-9]* GMAC executed a window'
lines=$(grep -c '^fp32  *[12]  *[12]  ' "$scratch/out")
[ "$lines" -eq 4 ] || fail "expected 4 lines of the encoder, got $lines"
lines=$(grep -c '^fp32  *[12]  *[0-9.]*  [a-z]' "$scratch/out")
[ "$lines" -eq 2 ] || fail "expected 2 peaks, got $lines"

number() {
    sed "s/.*\"$1\":\([0-9.e+-]*\).*/\1/" "$scratch/out"
}
run bench --precision fp32 --batch 3 --threads 1 --runs 2 -q --format json --photo "$flower_jpg" -p flower
expect_status 0
expect_no_err
expect_lines 1
for key in processor compiler onednn load_before runs peaks instructions windows_per_second share_of_peak \
    peak_memory_bytes photograph decode_ms prepare_ms encode_ms map_ms boxes_ms draw_ms all_ms; do
    expect_out "\"$key\":"
done
grep -o '"encoder":\[{[^}]*}' "$scratch/out" >"$scratch/encoder" || fail 'expected an encoder'
cp "$scratch/out" "$scratch/whole"
cp "$scratch/encoder" "$scratch/out"
awk -v best="$(number best_ms)" -v median="$(number median_ms)" -v gmac="$(number gmac)" -v gflops="$(number gflops)" \
    -v rate="$(number windows_per_second)" -v memory="$(number peak_memory_bytes)" 'BEGIN {
    off = gflops / (2 * gmac * rate) - 1
    exit !(best > 0 && best <= median && gmac > 0.8 && gmac < 0.9 && off * off < 1e-6 && memory > 3e7)
}' || fail 'the figures do not hang together'
sed 's/.*"stages":\[//' "$scratch/whole" >"$scratch/out"
awk -v all="$(number all_ms)" -v encode="$(number encode_ms)" -v decode="$(number decode_ms)" \
    'BEGIN { exit !(encode > 0 && decode > 0 && encode + decode <= all * 2) }' || fail 'the stages do not add up'

run bench --precision fp32 --batch 1 --threads 1 --runs 1 -q --report out.txt
expect_status 0
expect_no_out
grep -q '^processor' out.txt || fail 'expected the table in out.txt'
