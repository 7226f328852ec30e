#!/bin/sh
# A calibration made from a small dataset, where it goes, and what it does to a model.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

XDG_DATA_HOME=$PWD/own
export XDG_DATA_HOME

mkdir -p data/Annotations data/JPEGImages
cp "$cat_png" data/JPEGImages/a.png
cp "$flower_jpg" data/JPEGImages/b.jpg
annotate a a.png cat 40 10 400 300
annotate b b.jpg flower 150 50 500 400

# Not together with what it does not do, and not with files.
for option in '--state x' '--curve x.png' '--recipe chapter'; do
    # shellcheck disable=SC2086
    run eval data --calibrate $option
    expect_status 2
    expect_err 'calibrate does not go with --state, --curve or --recipe chapter'
done
for option in '--min-score 0.3' '--metric coco'; do
    # shellcheck disable=SC2086
    run eval data --calibrate $option
    expect_status 2
    expect_err 'leave out --min-score and --metric'
done
[ ! -e own ] || fail 'a refused run wrote something'

run detect "$cat_png" -p 'a cat' --format csv -q
expect_status 0
with_models_own=$(cat "$scratch/out")

run eval data --calibrate -q
expect_status 0
expect_out '^photographs     2$'
expect_out '^present pairs   2, of which'
expect_out '^absent pairs    2, of which'
file=$(sed -n 's/^calibration *//p' "$scratch/out")
[ "$(dirname "$file")" = "$XDG_DATA_HOME/clipsight/calibration" ] || fail "expected it in the data folder, got $file"
grep -q '"photographs": 2' "$file" || fail 'the file does not say of how many photographs it is'

run eval data --calibrate -q --format json
expect_out "^{\"calibration\": *\"$file\", *\"photographs\": *2, *\"present\": *2, *\"absent\": *2,"

# A folder's name may be any bytes.
XDG_DATA_HOME=$PWD/$(printf '\377')
run eval data --calibrate -q --format json
expect_out '^{"calibration": *"[^"]*/�/clipsight/calibration/'
XDG_DATA_HOME=$PWD/own

# The user's own comes before the model's.
run detect "$cat_png" -p 'a cat' --format csv -q --min-score 0
expect_status 0
[ "$with_models_own" != "$(cat "$scratch/out")" ] || fail "expected other scores with the user's calibration"

# A damaged one is named, and nothing is done.
echo '{' >"$file"
run detect "$cat_png" -p 'a cat'
expect_status 1
expect_err "$file"

# Only one kind of pair: nothing is written.
rm -r own data/Annotations/b.xml data/JPEGImages/b.jpg
run eval data --calibrate -q
expect_status 1
expect_err 'of 1 pairs of photograph and class 1 are present'
for option in '--min-score 0.3' '--metric coco'; do
    # shellcheck disable=SC2086
    run eval data --calibrate $option
    expect_status 2
    expect_err 'leave out --min-score and --metric'
done
[ ! -e own ] || fail 'a run without an answer wrote something'
