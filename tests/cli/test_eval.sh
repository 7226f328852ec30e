#!/bin/sh
# The evaluation of a small dataset in PASCAL VOC's layout.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

mkdir -p data/Annotations data/JPEGImages
"$CLIPSIGHT" detect "$cat_png" -p cat -o data/JPEGImages/a.jpg >/dev/null || fail 'cannot make the photograph'
cp "$flower_jpg" data/JPEGImages/b.jpg
annotate a a.jpg cat 40 10 400 300
annotate b b.jpg flower 150 50 500 400

run eval data --format json
expect_status 0
expect_lines 1
figure='[0-9][0-9.e-]*'
expect_out "^{\"dataset\":\"data\",\"metric\":\"voc\",\"photographs\":2,\"objects\":2,\"seconds_per_photograph\":$figure,\"ap30\":$figure,\"ap50\":$figure,\"ap\":$figure,\"image_map\":$figure,\"min_score\":$figure,\"pairs\":{"
expect_out "{\"label\":\"cat\",\"prompt\":\"cat\",\"objects\":1,\"ap30\":$figure,\"ap50\":$figure,\"ap\":$figure,\"image_ap\":$figure,\"pairs\":{"
expect_out '"pairs":{"absent":2,"absent_with_box":[0-2],"present":2,"kept":[0-2],"boxes":'
# figures: the JSON but for the seconds and what --min-score changes
figures() {
    sed -e 's/"seconds_per_photograph":[^,]*//' -e 's/"min_score":[^,]*//' -e 's/"pairs":{[^}]*}//g' "$scratch/out"
}
whole=$(figures)

run eval data
expect_status 0
expect_out '^class  *AP@0.3  *AP@0.5  *AP@.5-.95  *image AP  *objects$'
expect_out "^cat  *$figure  *$figure  *$figure  *$figure  *1$"
expect_out "^mean  *$figure  *$figure  *$figure  *$figure  *2$"
expect_out 'absent pairs .* (. of 2)$'
expect_out 'present pairs .* (. of 2)$'
expect_out "^2 photographs, [0-9.]* seconds each; VOC's metric$"

# Average precision takes all boxes, whatever --min-score says of the pairs.
run eval data --format json --min-score 0
[ "$whole" = "$(figures)" ] || fail 'expected the same precision with --min-score 0'
expect_out '"absent":2,"absent_with_box":2,"present":2,"kept":2'
run eval data --format json --min-score 1
[ "$whole" = "$(figures)" ] || fail 'expected the same precision with --min-score 1'
expect_out '"min_score":1,"pairs":{"absent":2,"absent_with_box":0,"present":2,"kept":0,"boxes":0'

run eval data --format json --metric coco
expect_out '"metric":"coco"'
run eval data --metric pascal
expect_status 2
expect_err "expected auto, voc or coco, got 'pascal'"

# The photographs left out by --limit and --shard are neither hits nor misses.
for options in '--limit 1' '--shard 1/2'; do
    # shellcheck disable=SC2086
    run eval data --format json $options
    expect_status 0
    expect_out '"photographs":1,'
    expect_out '{"label":"cat","prompt":"cat","objects":1,'
    expect_out '{"label":"flower","prompt":"flower","objects":0,"ap30":null,"ap50":null,"ap":null,"image_ap":null'
done
run eval data --format json --shard 2/2
expect_out '{"label":"flower","prompt":"flower","objects":1,'
run eval data --shard 2/2 --limit 1
expect_status 1
expect_err 'data: none of its photographs (2 in all) is left to measure'
for shard in 0/2 3/2 1 1/ /2 1/0 x/2 1/2/3 -1/2 1/9999999999; do
    run eval data --shard $shard
    expect_status 2
    expect_err '1 <= I <= N'
done

# Other words for some classes.
printf '# a comment\n\n  cat =  a ginger cat = mine \r\n' >words.txt
run eval data --format json --class-prompts words.txt
expect_status 0
expect_out '"label":"cat","prompt":"a ginger cat = mine"'
expect_out '"label":"flower","prompt":"flower"'
# refused LINES MESSAGE
refused() {
    printf '%b' "$1" >words.txt
    run eval data --class-prompts words.txt
    expect_status 1
    expect_err "$2"
    expect_no_out
}
refused 'flowr = a rose\n' "words.txt: the dataset has no class 'flowr'; did you mean 'flower'"
refused 'helicopter = a rose\n' "no class 'helicopter', but 2 others, such as 'cat'"
refused 'cat = a\ncat = b\n' "a second prompt for the class 'cat'"
refused 'cat\n' "expected lines 'class = prompt', found 'cat'"
refused 'cat =\n' "found 'cat ='"
run eval data --class-prompts nowhere.txt
expect_status 1
expect_err '^clipsight: --class-prompts: nowhere.txt: cannot open'

run eval data --curve curve.png
expect_status 0
expect_file png curve.png
run eval data --curve curve.gif
expect_status 2
expect_err '.png, .jpg or .webp'
run eval data --curve no/such/curve.png
expect_status 1
expect_no_out
expect_no_temporary

# The same two objects in COCO's layout and in YOLO's: the same boxes and, but for COCO's 101 points, the same figures.
# voc_figures: what does not depend on the layout's order of classes
voc_figures() {
    sed -n 's/.*\("objects":2,\).*\("ap30":[^,]*,"ap50":[^,]*,"ap":[^,]*,"image_map":[^,]*\),"min_score.*/\1\2/p' "$scratch/out"
}
run eval data --format json
voc=$(voc_figures)
[ -n "$voc" ] || fail 'expected figures'
mkdir coco yolo yolo/labels
cp -r data/JPEGImages coco/images
cp -r data/JPEGImages yolo/images
cat >coco/instances.json <<'JSON'
{"images": [{"id": 1, "file_name": "images/a.jpg", "width": 451, "height": 300},
            {"id": 2, "file_name": "images/b.jpg", "width": 640, "height": 427}],
 "categories": [{"id": 3, "name": "cat"}, {"id": 7, "name": "flower"}],
 "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [39, 9, 361, 291], "iscrowd": 0, "area": 1},
                 {"id": 2, "image_id": 2, "category_id": 7, "bbox": [149, 49, 351, 351], "iscrowd": 0, "area": 1}]}
JSON
run eval coco --format json
expect_status 0
expect_out '"metric":"coco"'
run eval coco --format json --metric voc
[ "$voc" = "$(voc_figures)" ] || fail "expected VOC's figures: $voc"
printf 'names: [cat, flower]\n' >yolo/data.yaml
awk 'BEGIN { printf "0 %.9f %.9f %.9f %.9f\n", (39 + 361 / 2) / 451, (9 + 291 / 2) / 300, 361 / 451, 291 / 300 }' >yolo/labels/a.txt
awk 'BEGIN { printf "1 %.9f %.9f %.9f %.9f\n", (149 + 351 / 2) / 640, (49 + 351 / 2) / 427, 351 / 640, 351 / 427 }' >yolo/labels/b.txt
run eval yolo --format json
expect_status 0
expect_out '"metric":"voc"'
[ "$voc" = "$(voc_figures)" ] || fail "expected VOC's figures: $voc"

run eval missing
expect_status 1
expect_err 'missing'
expect_no_out
run eval data data
expect_status 2
expect_err 'expected one dataset, got 2'
