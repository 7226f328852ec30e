#!/bin/sh
# Where annotated pictures and heat maps go.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# Large windows: few of them, and quick.
detect() {
    run detect "$@" -p 'a cat' --recipe chapter --patch 75 --window 3 --format json -q
}
localize() {
    run localize "$@" --patch 75 --window 3 --format json -q
}

mkdir -p in/a in/b
cp "$cat_png" in/a/x.png
cp "$cat_png" in/b/x.png
cp "$flower_jpg" in/x.jpeg

# One photograph, one file, its kind by its ending.
detect "$cat_png" -o found.png
expect_status 0
expect_lines 1
expect_file png found.png
detect "$cat_png" --output=found.JPG
expect_status 0
expect_file jpg found.JPG
detect "$cat_png" -o found.webp
expect_status 0
expect_file webp found.webp
for name in found.gif found; do
    detect "$cat_png" -o $name
    expect_status 2
    expect_no_out
    expect_err "--output: expected a name that ends in .png, .jpg, .jpeg or .webp .*got '$name'"
    expect_absent $name
done

# A file with several photographs, or with a folder.
for name in found2.png found2.jpg found2.webp found2.gif; do
    detect in/a/x.png in/b/x.png -o $name
    expect_status 2
    expect_err "--output: expected a folder for several photographs, got '$name'"
    detect in -o $name
    expect_status 2
    expect_absent $name
done

# Folders: made where needed; sub-paths keep names apart; JPEG stays JPEG.
detect in -o out
expect_status 0
expect_lines 3
expect_file png out/a/x.png out/b/x.png
expect_file jpg out/x.jpg
expect_files 3 out
detect in/a/x.png in/b/x.png -o deep/er/
expect_status 0
expect_file png deep/er/a/x.png deep/er/b/x.png
mkdir -p there.png
detect in/x.jpeg -o there.png
expect_status 0
expect_file jpg there.png/x.jpg
detect in/x.jpeg in/x.jpeg -o twice
expect_file jpg twice/x.jpg twice/x-2.jpg
ran='clipsight detect - -o stdin/'
"$CLIPSIGHT" detect - -p 'a cat' --patch 75 --window 3 -o stdin/ <"$cat_png" >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 0
expect_file png stdin/stdin.png

# A second run does not take in the pictures of the first.
detect . -o out
expect_status 0
before=$(find out -type f | wc -l)
detect . -o out
expect_status 0
expect_files "$before" out

# Photographs are never replaced.
cp in/a/x.png keep.png
detect in/a/x.png -o in/a/x.png
expect_status 2
expect_err 'expected another file than the photograph'
detect in -o in
expect_status 2
expect_err 'expected another folder than that of the photographs'
detect in/a/x.png -o in/a/
expect_status 1
expect_err 'in/a/x.png: would be replaced'
cmp -s in/a/x.png keep.png || fail 'the photograph was changed'

# What cannot be written is found out before any work.
detect "$cat_png" -o no/such/found.png
expect_status 1
expect_no_out
expect_err 'no/such/found.png: cannot be written: No such file'
detect in -o keep.png/out
expect_status 1
expect_no_out
expect_err 'cannot make this folder: Not a directory'

# Heat maps: one per prompt.
localize "$cat_png" -p 'a cat' --heatmap heat.png
expect_status 0
expect_file png heat.png
localize "$cat_png" -p 'a cat' --heatmap overlay.png --heatmap-style overlay
expect_file png overlay.png
! cmp -s heat.png overlay.png || fail 'expected the two styles to differ'
mkdir maps
localize "$cat_png" -p 'a cat' -p '../a/dog' -p '.. a dog' -o maps/m.jpg
expect_status 0
expect_files 3 maps
expect_file jpg maps/m-a_cat.jpg maps/m-.._a_dog.jpg maps/m-.._a_dog-2.jpg
localize in -p 'a cat' -p 'a dog' -o many
expect_status 0
expect_files 6 many
expect_file png many/a/x-a_cat.png many/b/x-a_dog.png
expect_file jpg many/x-a_cat.jpg
localize in -p 'a cat' -o many.png
expect_status 2
expect_err "--heatmap: expected a folder for several photographs, got 'many.png'"

expect_no_temporary
