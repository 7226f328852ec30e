#!/bin/sh
# The evaluation of a small dataset in PASCAL VOC's layout.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# annotate NAME FILE CLASS XMIN YMIN XMAX YMAX
annotate() {
    cat >"data/Annotations/$1.xml" <<XML
<annotation><filename>$2</filename><size><width>451</width><height>300</height><depth>3</depth></size>
<object><name>$3</name><difficult>0</difficult>
<bndbox><xmin>$4</xmin><ymin>$5</ymin><xmax>$6</xmax><ymax>$7</ymax></bndbox></object></annotation>
XML
}
mkdir -p data/Annotations data/JPEGImages
"$CLIPSIGHT" detect "$cat_png" -p cat -o data/JPEGImages/a.jpg >/dev/null || fail 'cannot make the photograph'
cp "$flower_jpg" data/JPEGImages/b.jpg
annotate a a.jpg cat 40 10 400 300
annotate b b.jpg flower 150 50 500 400

run eval data --format json
expect_status 0
expect_lines 1
figure='[0-9][0-9.e-]*'
expect_out "^{\"dataset\":\"data\",\"photographs\":2,\"seconds_per_photograph\":$figure,\"ap30\":$figure,\"ap50\":$figure,\"image_map\":$figure,\"classes\":\\["
expect_out "{\"label\":\"cat\",\"objects\":1,\"ap30\":$figure,\"ap50\":$figure,\"image_ap\":$figure}"
whole=$(sed 's/"seconds_per_photograph":[^,]*//' "$scratch/out")

run eval data
expect_status 0
expect_out '^class  *AP@0.3  *AP@0.5  *image AP  *objects$'
expect_out "^cat  *$figure  *$figure  *$figure  *1$"
expect_out "^mean  *$figure  *$figure  *$figure  *2$"
expect_out '^2 photographs, [0-9.]* seconds each$'

# 0 is the default, and keeps all.
run eval data --format json --min-score 0
[ "$whole" = "$(sed 's/"seconds_per_photograph":[^,]*//' "$scratch/out")" ] || fail 'expected the same with --min-score 0'
run eval data --format json --min-score 1
expect_out '"ap30":0,"ap50":0'

# The photographs left out by --limit are neither hits nor misses.
run eval data --format json --limit 1
expect_status 0
expect_out '"photographs":1,'
expect_out '{"label":"cat","objects":1,'
expect_out '{"label":"flower","objects":0,"ap30":null,"ap50":null,"image_ap":null}'

run eval missing
expect_status 1
expect_err 'missing'
expect_no_out
