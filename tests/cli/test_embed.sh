#!/bin/sh
# clipsight embed: photographs and texts, as lines of JSON and as arrays.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
cp "$cat_png" cat.png
cp "$flower_jpg" flower.jpg
mkdir photos
cp cat.png flower.jpg photos

run embed photos --threads 1
expect_status 0
expect_no_err
expect_lines 2
expect_images photos/cat.png photos/flower.jpg
cp "$scratch/out" both.json
[ "$(head -n 1 both.json | tr ',' '\n' | wc -l)" -eq 513 ] || fail "expected a name and 512 numbers"
# Company changes nothing.
run embed photos/flower.jpg --threads 1
cp "$scratch/out" alone.json
tail -n 1 both.json >flower.json
same_numbers flower.json alone.json || fail "a photograph's embedding depends on the others"
run embed - --threads 1 <photos/flower.jpg
sed 's#photos/flower.jpg#-#' alone.json | cmp -s - "$scratch/out" || fail "expected the same from standard input"

run embed -t 'a cat' -t 'a "dog"' --threads 1
expect_status 0
expect_lines 2
expect_out '^{"text":"a cat","embedding":\[-*[0-9.e-]*,'
expect_out '^{"text":"a \\"dog\\"","embedding":'
cp "$scratch/out" texts.json
printf 'a cat\n# no text\n\na "dog"\n' >texts.txt
run embed --texts texts.txt --threads 1
cmp -s texts.json "$scratch/out" || fail "expected the same from a file"
run embed -t cat -t '"dog"' --template 'a {}' --threads 1
sed 's/"text":"a /"text":"/' texts.json | cmp -s - "$scratch/out" || fail "the template is not filled in"

# A head of 128 bytes, then the rows.
run embed photos --format npy --report photos.npy --threads 1
expect_status 0
expect_no_out
expect_no_temporary
[ "$(wc -c <photos.npy)" -eq $((128 + 2 * 512 * 4)) ] || fail "the array has $(wc -c <photos.npy) bytes"
head -c 128 photos.npy | tr -d '\000' >head.txt
grep -q "NUMPY.*{'descr': '<f4', 'fortran_order': False, 'shape': (2, 512), }" head.txt || fail "the array's head: $(cat head.txt)"
first=$(od -An -tf4 -j128 -N4 photos.npy | tr -d ' ')
said=$(sed -n '1s/.*\[\([^,]*\),.*/\1/p' both.json)
awk -v a="$first" -v b="$said" 'BEGIN { d = a - b; exit !(d < 1e-6 && d > -1e-6) }' || fail "expected $said first, got $first"

# What cannot be opened: reported, no line, a row of NaN.
echo text >photos/broken.jpg
run embed photos --threads 1
expect_status 1
expect_lines 2
expect_err 'photos/broken.jpg'
run embed photos --format npy --report photos.npy --threads 1
expect_status 1
[ "$(od -An -tf4 -j128 -N4 photos.npy | tr -d ' ')" = nan ] || fail "expected a row of NaN for the first photograph"
[ "$(wc -c <photos.npy)" -eq $((128 + 3 * 512 * 4)) ] || fail "expected three rows"

# Windows follow their photograph: squares of two thirds of its short side, in a line and in a row each.
rm photos/broken.jpg
run embed photos --windows
expect_status 0
expect_lines 18
expect_images photos/cat.png photos/cat.png photos/cat.png photos/cat.png photos/cat.png photos/cat.png photos/cat.png \
    photos/cat.png photos/cat.png photos/flower.jpg photos/flower.jpg photos/flower.jpg photos/flower.jpg \
    photos/flower.jpg photos/flower.jpg photos/flower.jpg photos/flower.jpg photos/flower.jpg
expect_out '^{"image":"photos/cat.png","window":\[83,0,200,200\],"embedding":\['
grep -v window "$scratch/out" >whole.json
same_numbers both.json whole.json || fail 'expected the whole photographs as without --windows'
cp "$scratch/out" windows.json
run embed photos --windows --format npy --report windows.npy --threads 1
expect_status 0
tr -d '\000' <windows.npy | head -c 128 | grep -q "'shape': (18, 512)" || fail 'expected 18 rows'
sed 's/.*\[//; s/\].*//' windows.json | tr ',' '\n' >said.txt
tail -c +129 windows.npy | od -An -v -tf4 -w4 | paste - said.txt |
    awk '{ d = $1 - $2; if (d > 1e-6 || d < -1e-6) bad = 1 } END { exit bad || NR != 18 * 512 }' || fail 'expected the same numbers'

# Many photographs, read by several threads: nothing depends on how many there are.
mkdir many
i=0
while [ $i -lt 25 ]; do
    ln -s "$PWD/photos/cat.png" many/$i-cat.png
    ln -s "$PWD/photos/flower.jpg" many/$i-flower.jpg
    i=$((i + 1))
done
echo text >many/12-broken.jpg
head -c 20000 photos/flower.jpg >many/22-cut.jpg
ln -s nowhere many/32-lost.jpg
for threads in 1 2 5; do
    run embed many --threads $threads
    expect_status 1
    expect_lines 50
    grep -c '^clipsight: ' "$scratch/err" | grep -qx 3 || fail 'expected three complaints'
    cp "$scratch/out" embeddings.$threads
    cp "$scratch/err" complaints.$threads
    cmp -s complaints.1 complaints.$threads || fail 'expected the same complaints as with one thread'
    same_numbers embeddings.1 embeddings.$threads || fail 'expected the same as with one thread'
done

# Wrong usage.
wrong 'expected either photographs or texts' embed
wrong 'expected either photographs or texts' embed cat.png -t 'a cat'
wrong '--template: goes with texts' embed cat.png --template 'a {}'
wrong '--template: expected {} where the text goes' embed -t cat --template a
wrong '--windows: goes with photographs' embed -t cat --windows
wrong "--format: expected json or npy, got 'csv'" embed cat.png --format csv
run embed --texts nothing.txt
expect_status 1
expect_err '--texts: nothing.txt: cannot open'
