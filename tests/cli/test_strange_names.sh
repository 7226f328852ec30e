#!/bin/sh
# Names of any bytes: in JSON U+FFFD stands for what is no UTF-8, and no message steers a terminal.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

strange=$(printf '"\303\244" \377')
mkdir "$strange" "$strange/Annotations" "$strange/JPEGImages"
cp "$flower_jpg" "$strange/JPEGImages/flower.jpg"
cat >"$strange/Annotations/flower.xml" <<'XML'
<annotation><filename>flower.jpg</filename><object><name>flower</name>
<bndbox><xmin>150</xmin><ymin>50</ymin><xmax>500</xmax><ymax>400</ymax></bndbox></object></annotation>
XML
run eval "$strange" --format json
expect_status 0
expect_out '^{"dataset":"\\"ä\\" �",'
run eval "$strange" --search --format json
expect_status 0
expect_out '^{"dataset":"\\"ä\\" �",'

run bench --precision fp32 --batch 1 --threads 1 --runs 1 -q --format json --photo "$strange/JPEGImages/flower.jpg"
expect_status 0
expect_out '"path":"\\"ä\\" �/JPEGImages/flower.jpg"'

mkdir -p "$strange/models/some--clip"
cp "$PROJECT/models/starter/config.json" "$strange/models/some--clip"
export CLIPSIGHT_CACHE="$strange" HF_HUB_CACHE="$scratch/none"
run models list --format json
expect_status 0
expect_out '"folder": "\\"ä\\" �/models/some--clip"}$'

# What a name says to a terminal is written out.
name=$(printf 'a\033[31m\nclipsight: b\177\302\233\342\200\256\377.jpg')
echo text >"$name"
mkdir below
mv "$name" below
for command in 'index --store s.sqlite' embed 'detect -p cat'; do
    # shellcheck disable=SC2086
    run $command below
    expect_status 1
    grep -q -F 'below/a\x1b[31m\nclipsight: b\x7f\u{9b}\u{202e}'"$(printf '\357\277\275').jpg: " "$scratch/err" ||
        fail 'expected the name to be written out'
done
run detect "$name" -p cat --recipe "$name"
expect_status 2
expect_err '\\x1b\[31m\\nclipsight: b'
[ "$(grep -c '^clipsight' "$scratch/err")" -eq 1 ] || fail 'expected one message'
