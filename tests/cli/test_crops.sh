#!/bin/sh
# detect --crop: each found object as a picture of its own.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# png_side OFFSET FILE: width (16) or height (20) from a PNG's heading.
png_side() {
    bytes=$(od -An -tu1 -j "$1" -N 4 "$2" | tr -s ' ')
    # shellcheck disable=SC2086
    set -- $bytes
    echo $((($1 * 256 + $2) * 65536 + $3 * 256 + $4))
}

cats() {
    run detect "$@" -p 'a cat' --format json -q
    expect_status 0
}

# One box, one picture, between the box's edges as whole pixels; what is printed is the same as without.
cats "$cat_png" --single
expected=$(cat "$scratch/out")
cats "$cat_png" --single --crop found
[ "$(cat "$scratch/out")" = "$expected" ] || fail 'expected the same boxes'
expect_files 1 found
expect_file png found/chelsea-a_cat-1.png
size=$(sed -n 's/.*"box": *\[\([^]]*\)\].*/\1/p' "$scratch/out" | awk -F, '
    function whole(x) { return int(x + 0.5) }
    { print whole($1 + $3) - whole($1), whole($2 + $4) - whole($2) }')
got="$(png_side 16 found/chelsea-a_cat-1.png) $(png_side 20 found/chelsea-a_cat-1.png)"
[ "$got" = "$size" ] || fail "expected a picture of $size pixels, got $got"

# The original's pixels, without the lines and labels of an annotated picture.
cp found/chelsea-a_cat-1.png plain.png
cats "$cat_png" --single --crop found2 -o annotated.png
cmp -s plain.png found2/chelsea-a_cat-1.png || fail 'expected the pixels of the photograph'

# Boxes of several prompts: a number of its own for each; every box has its picture.
run detect "$cat_png" -p 'a cat' -p '../a/cat' --recipe chapter --patch 75 --window 3 -q --crop several
expect_status 0
expect_file png several/chelsea-a_cat-1.png several/chelsea-.._a_cat-1.png
expect_files 2 several
run detect "$cat_png" -p 'a cat' --method window --threshold 0.3 --min-score 0 --overlap 1 --format csv --crop all
expect_status 0
boxes=$(($(wc -l <"$scratch/out") - 1))
[ "$boxes" -ge 1 ] || fail 'expected a box'
expect_files "$boxes" all
expect_file png "all/chelsea-a_cat-$boxes.png"

# Nothing found, nothing written.
cats "$cat_png" --min-score 1 --crop none
expect_out '"detections": *\[\]'
expect_files 0 none

# Folders are mirrored, JPEG stays JPEG, and names stay apart, also from annotated pictures in the same folder.
mkdir -p in/a in/b
cp "$cat_png" in/a/x.png
cp "$cat_png" in/b/x.png
cp "$cat_png" in/b/x-a_cat-1.png
cp "$flower_jpg" in/y.jpeg
run detect in -p 'a cat' --recipe chapter --patch 75 --window 3 -q -o out --crop ./out
expect_status 0
expect_file png out/a/x.png out/a/x-a_cat-1.png out/b/x.png out/b/x-a_cat-1.png out/b/x-a_cat-1-2.png
expect_file png out/b/x-a_cat-1-a_cat-1.png
expect_file jpg out/y.jpg out/y-a_cat-1.jpg
expect_files 8 out

# A second run does not take in the pictures of the first.
mkdir again
cp "$cat_png" again/x.png
for _ in 1 2; do
    cats again --single --crop again/crops -o again/drawn
    expect_images again/x.png
done

# Standard input, and a name as long as a file system takes.
ran='clipsight detect - --crop stdin'
"$CLIPSIGHT" detect - -p 'a cat' --single --crop stdin <"$cat_png" >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 0
expect_file png stdin/stdin-a_cat-1.png
long=$(printf '%0250d' 0)
cp "$cat_png" "$long.png"
cats "$long.png" --single --crop long -o long/
expect_files 2 long

# What cannot be, before any work.
run detect "$cat_png" -p 'a cat' --crop "$cat_png"
expect_status 1
expect_no_out
expect_err '--crop: .*cannot make this folder: Not a directory'
run detect in -p 'a cat' --crop in
expect_status 2
expect_err '--crop: expected another folder than that of the photographs'
run detect in/b/x-a_cat-1.png in/b/x.png -p 'a cat' --recipe chapter --patch 75 --window 3 -q --crop in/b
expect_status 1
expect_err 'in/b/x-a_cat-1.png: would be replaced'
cmp -s in/b/x-a_cat-1.png "$cat_png" || fail 'the photograph was changed'

expect_no_temporary
