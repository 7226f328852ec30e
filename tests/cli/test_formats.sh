#!/bin/sh
# Every format of every subcommand holds what it should, for one and for several photographs.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

cp "$cat_png" cat.png
cp "$flower_jpg" flower.jpg
echo 'no picture' >broken.jpg
number='-\{0,1\}[0-9][0-9.e+-]*'
s=' *' # JSON may or may not have a space there

detect() {
    run detect "$@" -p 'a cat' -p 'a "dog", or two' --recipe chapter --patch 50 --single
    expect_status 0
}

detect cat.png flower.jpg --format json
expect_lines 2
expect_images cat.png flower.jpg
expect_out "^{\"image\":$s\"cat.png\",$s\"width\":${s}451,$s\"height\":${s}300,$s\"detections\":$s\[{\"label\":$s\"a cat\",$s\"score\":$s$number,$s\"box\":$s\[$number,$s$number,$s$number,$s$number\]}"
expect_out '"a \\"dog\\", or two"'

detect cat.png flower.jpg
expect_out 'cat.png'
expect_out 'flower.jpg'
expect_out "a cat  *$number  *$number  *$number  *$number  *$number$"

detect cat.png flower.jpg --format csv
expect_lines 5
[ "$(head -n 1 "$scratch/out")" = 'image,label,score,x,y,width,height' ] || fail 'expected a heading first'
expect_out "^cat.png,a cat,$number,$number,$number,$number,$number$"
expect_out '^flower.jpg,"a ""dog"", or two",'

detect cat.png flower.jpg --format yolo
[ "$(head -n 1 "$scratch/out")" = '# cat.png' ] || fail 'expected the photograph in a remark'
expect_out '^# flower.jpg$'
expect_out "^0 $number $number $number $number $number$"
detect cat.png --format yolo
expect_lines 2

detect cat.png flower.jpg --format voc
expect_out '<filename>cat.png</filename>'
expect_out '<filename>flower.jpg</filename>'
expect_out '<xmin>'

detect cat.png flower.jpg --format coco
[ "$(grep -c '"categories"' "$scratch/out")" -eq 1 ] || fail 'expected one document'
expect_out '"file_name": *"cat.png"'
expect_out '"file_name": *"flower.jpg"'
expect_out '"annotations"'

# COCO is printed also when some photographs are broken, and tells of the others.
run detect cat.png broken.jpg -p 'a cat' --format coco --recipe chapter --patch 50
expect_status 1
expect_out '"file_name": *"cat.png"'
! grep -q broken "$scratch/out" || fail 'expected no word of the broken one'

run classify cat.png flower.jpg -p 'a cat' -p 'a flower' --format json
expect_status 0
expect_lines 2
expect_out "^{\"image\":$s\"cat.png\",$s\"labels\":$s\[{\"label\":$s\"a cat\",$s\"logit\":$s$number,$s\"probability\":$s$number},$s{"
run classify cat.png flower.jpg -p 'a cat' -p 'a flower' --format csv
expect_lines 5
run classify cat.png -p 'a cat' -p 'a flower'
expect_out 'a cat  *0\.[0-9]*\|a cat  *1\.0*'

run localize cat.png flower.jpg -p 'a cat' -p 'a flower' --patch 75 --window 3 --format json
expect_status 0
expect_lines 2
expect_out "^{\"image\":$s\"cat.png\",$s\"width\":${s}451,$s\"height\":${s}300,$s\"maps\":$s\[{\"label\":$s\"a cat\",$s\"method\":$s\"window\",$s\"cell\":$s\[75.0,${s}75.0\],$s\"patch\":${s}75,$s\"window\":${s}3,$s\"stride\":${s}1,$s\"logits\":$s\[\[$number,"
expect_out "\"map\":$s\[\[$number,"
run localize cat.png -p 'a cat' --patch 75 --window 3 --format tsv
expect_status 0
expect_out "$(printf '%s\t%s' "$number" "$number")"
run localize cat.png -p 'a cat' --patch 75 --window 3
expect_out 'a cat'

# Thresholds and scores do what they say.
count_boxes() {
    grep -c '^cat.png,' "$scratch/out"
}
run detect cat.png -p 'a cat' --format csv --min-score 0
all=$(count_boxes)
run detect cat.png -p 'a cat' --format csv --min-score 1
none=$(count_boxes)
[ "$all" -ge 1 ] || fail 'expected a box with --min-score 0'
run detect cat.png -p 'a cat' --format csv
[ "$(count_boxes)" -ge 1 ] || fail 'expected the cat without options, too'
run detect cat.png -p 'a train' -p 'a boat' -p 'a sofa' --format csv
absent=$(count_boxes)
run detect cat.png -p 'a train' -p 'a boat' -p 'a sofa' --format csv --min-score 0
[ "$absent" -lt "$(count_boxes)" ] || fail "expected more boxes than $absent with --min-score 0"
[ "$none" -lt "$all" ] || fail "expected fewer boxes with --min-score 1: $none of $all"
run detect cat.png -p 'a cat' --format csv --single --min-score 0
[ "$(count_boxes)" -eq 1 ] || fail 'expected one box with --single'
run detect cat.png -p 'a cat' --format csv --recipe chapter --patch 50 --single --threshold 0.2
wide=$(cat "$scratch/out")
run detect cat.png -p 'a cat' --format csv --recipe chapter --patch 50 --single --threshold 0.9
[ "$wide" != "$(cat "$scratch/out")" ] || fail 'expected another box with another threshold'
