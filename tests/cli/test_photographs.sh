#!/bin/sh
# Which photographs are taken, in which order, and what becomes of those that cannot be read.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

classify() {
    run classify "$@" -p 'a cat' -p 'a dog' --format json
}

mkdir -p tree/b/deep tree/a tree/.hidden empty
cp "$flower_jpg" tree/b/deep/one.JPG
cp "$flower_jpg" tree/z.jpeg
cp "$cat_png" tree/a/two.png
cp "$cat_png" tree/.hidden/no.png
cp "$cat_png" tree/.no.png
echo text >tree/notes.txt
echo text >tree/b/more.md

# Name order, whatever the folder's own order; hidden ones left out; a note about the others.
classify tree
expect_status 0
expect_images tree/a/two.png tree/b/deep/one.JPG tree/z.jpeg
expect_err '^clipsight: tree: skipped 2 files that are no photographs (more.md, notes.txt)$'
classify tree/ --quiet
expect_status 0
expect_images tree/a/two.png tree/b/deep/one.JPG tree/z.jpeg
expect_no_err

# A photograph is named in what is wrong with it, also where the words begin like its name.
cp "$cat_png" a
run detect a -p cat --patch 2000
expect_status 1
expect_err '^clipsight: a: a window of 1 patches '
rm a

# Operands keep their order.
classify tree/z.jpeg tree/a tree/b -q
expect_images tree/z.jpeg tree/a/two.png tree/b/deep/one.JPG

# Loops of links end, and a folder's own name wins over a link's.
ln -s .. tree/b/deep/loop
ln -s b tree/again
classify tree -q
expect_status 0
expect_images tree/a/two.png tree/b/deep/one.JPG tree/z.jpeg
mkdir linked
ln -s ../tree/a linked/a
classify linked -q
expect_images linked/a/two.png
rm -r tree/again tree/b/deep/loop linked

# A broken photograph, a missing one and an empty folder are reported, the rest go on, and the status remembers.
echo 'no picture' >broken.jpg
head -c 20000 "$flower_jpg" >cut.jpg
classify tree/z.jpeg broken.jpg cut.jpg missing.png empty tree/a
expect_status 1
expect_images tree/z.jpeg tree/a/two.png
expect_err '^clipsight: broken.jpg: '
expect_err '^clipsight: cut.jpg: '
expect_err '^clipsight: missing.png: .*No such file'
expect_err '^clipsight: empty: no photographs in this folder: expected files that end in .jpg, .jpeg, .png or .webp$'
classify broken.jpg
expect_status 1
expect_no_out
classify empty
expect_status 1
expect_no_out

# The kind is told from the bytes when the file is named.
cp "$cat_png" picture.dat
classify picture.dat
expect_status 0
expect_images picture.dat

# A name that looks like an option.
cp "$cat_png" ./-p.png
run classify -p 'a cat' -p 'a dog' --format json -- -p.png
expect_status 0
expect_images -p.png

ran='clipsight classify - <chelsea.png'
"$CLIPSIGHT" classify - -p 'a cat' -p 'a dog' --format json <"$cat_png" >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 0
expect_images -
from_stdin=$(sed 's/^[^,]*,//' "$scratch/out")
classify "$cat_png"
[ "$from_stdin" = "$(sed 's/^[^,]*,//' "$scratch/out")" ] || fail 'expected the same figures from standard input'

ran='clipsight classify - <broken.jpg'
"$CLIPSIGHT" classify - -p 'a cat' <broken.jpg >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 1
expect_err '^clipsight: -: '

mkfifo pipe
cat "$cat_png" >pipe &
classify pipe
expect_status 0
expect_images pipe

classify "$cat_png" --max-pixels 135299
expect_status 1
expect_err 'chelsea.png: .*135300.*135299'
classify "$cat_png" --max-pixels 135300
expect_status 0

classify "$cat_png" -m no-such-model
expect_status 1
expect_err 'no-such-model'
expect_no_out
