#!/bin/sh
# clipsight search: words, examples, what is not wanted; formats, boxes, sheets; stores that are not what they should be.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

index_three
here=$(pwd -P)/photos

search() {
    run search --store s.sqlite --threads 1 "$@"
}

# found: the photographs of the last JSON, best first, by their names.
found() {
    tr '{' '\n' <"$scratch/out" | sed -n 's/^"image": *"[^"]*\/\([^"/]*\)","score".*/\1/p' | tr '\n' ' ' | sed 's/ $//'
}

expect_found() {
    got=$(found)
    [ "$got" = "$*" ] || fail "expected the photographs '$*', got '$got'"
}

# scores: of the last JSON, a line each.
scores() {
    tr '{' '\n' <"$scratch/out" | sed -n 's/^"image":.*"score":\([^,]*\),.*/\1/p'
}

# ---- What is found ----

search 'a cat' --format json
expect_status 0
expect_no_err
expect_lines 1
expect_out '^{"query":\[{"text":"a cat","weight":1.0}\],"hits":\[{"image":"'"$here"'/cat.png","score":0\.[0-9]*,"width":451,"height":300}'
[ "$(found | cut -d' ' -f1)" = cat.png ] || fail 'expected the cat first'
[ "$(scores | sort -rg)" = "$(scores)" ] || fail 'expected falling scores'
[ "$(scores | wc -l)" -eq 3 ] || fail 'expected three photographs'
search 'a palace' --format json --top 1
expect_found palace.jpg
search 'a building' --format json --top 2
[ "$(found | cut -d' ' -f1)" = palace.jpg ] || fail 'expected the palace first'
[ "$(scores | wc -l)" -eq 2 ] || fail 'expected two photographs'

# The score is a cosine: that of the embeddings.
search 'a cat' --format json --top 1
said=$(scores)
run embed photos/cat.png --threads 1
sed 's/.*\[//; s/\].*//' "$scratch/out" | tr ',' '\n' >photo.txt
run embed -t 'a cat' --threads 1
sed 's/.*\[//; s/\].*//' "$scratch/out" | tr ',' '\n' | paste - photo.txt |
    awk -v said="$said" '{ sum += $1 * $2 } END { d = sum - said; exit !(d < 1e-4 && d > -1e-4) }' ||
    fail "the score $said is not the cosine of the embeddings"

search 'a cat'
expect_status 0
expect_out '^ rank   score  photograph$'
expect_out "^    1   0\.[0-9][0-9][0-9]  $here/cat.png\$"
expect_lines 4

# Several texts count together; each cosine is told.
search 'a cat' 'a flower' --format json
expect_out '"query":\[{"text":"a cat","weight":1.0},{"text":"a flower","weight":1.0}\]'
tr '{' '\n' <"$scratch/out" | sed -n 's/.*"score":\([^,]*\),.*"cosines":\[\([^,]*\),\([^]]*\)\].*/\1 \2 \3/p' |
    awk '{ d = $1 - ($2 + $3) / 2; n++; if (d > 1e-6 || d < -1e-6) bad = 1 } END { exit bad || n != 3 }' ||
    fail 'expected each score to be the mean of two cosines'
search 'a cat' --not 'a flower' --format json
expect_out '{"text":"a flower","weight":-0.5}'
tr '{' '\n' <"$scratch/out" | sed -n 's/.*"score":\([^,]*\),.*"cosines":\[\([^,]*\),\([^]]*\)\].*/\1 \2 \3/p' |
    awk '{ d = $1 - ($2 - $3 / 2); n++; if (d > 1e-6 || d < -1e-6) bad = 1 } END { exit bad || n != 3 }' ||
    fail 'expected half of what is not wanted to be taken off'
search 'a photo' --not 'a cat' --not 'a building' --format json
[ "$(found | cut -d' ' -f1)" = flower.jpg ] || fail 'expected the flower to be what is left'
search cat --template 'a {}' --format json
cp "$scratch/out" templated
search 'a cat' --format json
sed 's/"text":"a cat"/"text":"cat"/' "$scratch/out" | cmp -s - templated || fail 'the template is not filled in'

# An example; with words; from standard input.
search --image photos/palace.jpg --format json
expect_out '"query":\[{"image":"photos/palace.jpg","weight":1.0}\]'
[ "$(found | cut -d' ' -f1)" = palace.jpg ] || fail 'expected the example itself first'
scores | head -n 1 | awk '{ exit !($1 > 0.999) }' || fail 'expected the example to be like itself'
search 'a cat' --image photos/garden/flower.jpg --format json
expect_out '"query":\[{"text":"a cat","weight":1.0},{"image":"photos/garden/flower.jpg","weight":1.0}\]'
ran='clipsight search --image -'
"$CLIPSIGHT" search --store s.sqlite --image - --format json --top 1 <photos/cat.png >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 0
expect_found cat.png
search --image missing.jpg
expect_status 1
expect_no_out
expect_err '^clipsight: missing.jpg: '

# Only some.
search 'a cat' --under photos/garden --format json
expect_found flower.jpg
search 'a cat' --under "$here/garden/" --format json
expect_found flower.jpg
search 'a cat' --under photos/garden/flower.jpg
expect_status 2
expect_err "under: expected a folder, got 'photos/garden/flower.jpg'"
# What a linked folder leads to is stored below the link; a folder that is gone may be named as it was.
mkdir -p trip/day trip/night ext/deep
cp "$flower_jpg" ext/deep/rose.jpg
cp "$cat_png" trip/day/cat.png
ln -s ../ext trip/ext
run index --store trip.sqlite trip -q --threads 1
ln -s trip/ext short
rm -r trip/day
below() {
    folder=$1
    shift
    run search 'a cat' --store trip.sqlite --under "$folder" --format json --threads 1
    expect_status 0
    expect_found "$@"
}
for folder in trip/ext ./trip//ext/./deep/ "$PWD/trip/ext" trip/night/../ext; do below "$folder" rose.jpg; done
for folder in trip/day ./trip/day/ trip/night/../day trip/gone/../day trip/./day/no/..; do below "$folder" cat.png; done
below ext/deep/none ''
below trip/ext/dee ''
search 'a cat' --under photos/gard --format json
expect_status 0
expect_out '"hits":\[\]'
expect_err 'nothing found below that folder'
search 'a cat' --under photos --format json --exact
[ "$(found | wc -w)" -eq 3 ] || fail 'expected all three'
best=$(scores | head -n 1)
search 'a cat' --min-score "$best" --format json
expect_found cat.png
search 'a cat' --min-score 0.99
expect_status 0
expect_no_out
expect_err 'nothing found with that score'
search 'a cat' --min-score 0.99 -q
expect_no_err
search 'a cat' --min-score -1 --format json
[ "$(found | wc -w)" -eq 3 ] || fail 'expected all three'

# ---- Where ----

search 'a cat' --where --top 1 --format json
expect_status 0
expect_out '"image":"'"$here"'/cat.png".*"boxes":\[{"label":"a cat","score":0\.[0-9]*,"box":\[[0-9., ]*\]}'
said=$(sed 's/.*"boxes":\(.*\)}\]}/\1/' "$scratch/out")
run detect photos/cat.png -p 'a cat' --format json --threads 1 -q
grep -q -F "\"detections\":$said}" "$scratch/out" || fail "expected the boxes of detect: $said"
search 'a cat' --where --top 1
expect_out "^    1   0\.[0-9]*  $here/cat.png\$"
expect_out '^  *a cat   0\.[0-9]*  box [0-9]* [0-9]* [0-9]* [0-9]*$'
search 'a cat' --where --top 1 --box-score 1 --format json
expect_out '"boxes":\[\]'
search 'a cat' --where --top 1 --box-score 1
expect_out '^  *(no box)$'
search --image photos/cat.png --where --top 1 --format json
expect_out '"boxes":\[\]'
expect_err 'this store has no windows'

# With windows, an example is found in a part of a photograph.
run index --store windows.sqlite photos --windows -q --threads 1
run detect photos/garden/flower.jpg -p 'a bee' --recipe chapter --patch 100 --window 2 --crop crops -q --threads 1
run search --store windows.sqlite --image crops/flower-a_bee-1.jpg --where --top 1 --format json --threads 1
expect_status 0
expect_no_err
expect_found flower.jpg
expect_out '"window":\(\[[0-9,]*\]\),"boxes":\[{"label":"example","score":0\.[0-9]*,"box":\[[0-9.,]*\]}\]'

# What has vanished since is listed.
mv photos/palace.jpg moved.jpg
search 'a building' --top 1 --format json
expect_found palace.jpg
expect_no_err
search 'a building' --top 2 --where --format json -o gone.png
expect_status 0
expect_err "^clipsight: $here/palace.jpg: .*No such file"
expect_out '"image":"'"$here"'/palace.jpg",[^}]*"problem":"[^"]*No such file'
expect_file png gone.png
search 'a building' --top 2 --where
expect_out '^ *(.*No such file.*)$'
mv moved.jpg photos/palace.jpg

# ---- Sheets ----

search 'a cat' --format sheet -o sheet.png
expect_status 0
expect_no_out
expect_file png sheet.png
search 'a cat' --where -o sheet.jpg
expect_status 0
expect_file jpg sheet.jpg
expect_lines 7
search 'a cat' --format json -o sheet.webp
expect_file webp sheet.webp
expect_lines 1
search 'a cat' --format sheet --report sheet2.png
expect_no_out
cmp -s sheet.png sheet2.png || fail 'expected the same sheet'
search 'a cat' --format sheet
cmp -s sheet.png "$scratch/out" || fail 'expected the same sheet on standard output'
cp sheet.png before.png
search 'a cat' -o no/such/sheet.png
expect_status 1
expect_no_out
expect_err 'no/such/sheet.png: cannot write: No such file'
search 'a cat' -o sheet.png -m no-such-model
expect_status 1
cmp -s sheet.png before.png || fail 'a failed search changed the sheet'
cp photos/cat.png keep.png
search 'a cat' -o photos/cat.png
expect_status 1
expect_err 'photos/cat.png: is a photograph, which the sheet would replace'
cmp -s photos/cat.png keep.png || fail 'a photograph was replaced'
cp photos/cat.png example.png
search --image example.png -o example.png
expect_status 1
expect_err 'example.png: is a photograph'
# Nothing is replaced that the store has, found or not, by whatever name; nor the store itself.
keeps() {
    file=$1
    pattern=$2
    shift 2
    cp "$file" keep
    run search --threads 1 "$@"
    expect_status 1
    expect_no_out
    expect_err "^clipsight: $pattern"
    cmp -s "$file" keep || fail "$file was replaced"
}
keeps photos/palace.jpg 'photos/palace.jpg: is a photograph, which the sheet would replace' --store s.sqlite 'a cat' --top 1 -o photos/palace.jpg
keeps photos/cat.png 'photos/cat.png: is a photograph, which the report would replace' --store s.sqlite 'a cat' --report photos/cat.png
keeps photos/cat.png 'photos/cat.png: is a photograph, which the sheet would' --store s.sqlite 'a cat' --format sheet --report photos/cat.png
mkdir -p linked real
cp "$flower_jpg" real/rose.jpg
ln -s ../real linked/far
run index --store linked.sqlite linked -q --threads 1
keeps real/rose.jpg 'real/rose.jpg: is a photograph' --store linked.sqlite 'a cat' -o real/rose.jpg
keeps s.sqlite 's.sqlite: is a file of the store, which the report would replace' --store s.sqlite 'a cat' --report s.sqlite
ln -s s.sqlite store-link
keeps s.sqlite './s.sqlite: is a file of the store' --store store-link 'a cat' --report ./s.sqlite
cp s.sqlite store.png
keeps store.png 'store.png: is a file of the store, which the sheet' --store store.png 'a cat' -o store.png
for file in -wal -shm -journal -lock; do
    search 'a cat' --report "s.sqlite$file"
    expect_status 1
    expect_err "s.sqlite$file: is a file of the store"
done
search 'a cat' -o both.png --report ./both.png
expect_status 2
expect_err "output and --report: expected two files, got 'both.png' and './both.png'"
expect_absent both.png
search 'a cat' --min-score 0.9 --format sheet -o none.png -q
expect_status 0
expect_file png none.png
if have_terminal; then
    ran='clipsight search --format sheet on a terminal'
    script -qec "'$CLIPSIGHT' search --store s.sqlite 'a cat' --format sheet" /dev/null </dev/null >"$scratch/out" 2>&1
    status=$?
    expect_status 2
    expect_out 'a picture is no text for a terminal'
fi

# ---- Stores ----

run search --store missing.sqlite 'a cat'
expect_status 1
expect_no_out
expect_err '^clipsight: missing.sqlite: '
expect_absent missing.sqlite
echo text >no.sqlite
run search --store no.sqlite 'a cat'
expect_status 1
expect_err '^clipsight: no.sqlite: '
[ "$(cat no.sqlite)" = text ] || fail 'a file that is no store was changed'
# Another model: one whose last weight is a little different.
cp -R "$CLIPSIGHT_MODELS/starter" twin
printf '\001' | dd of=twin/model.safetensors bs=1 seek=$(($(wc -c <twin/model.safetensors) - 3)) conv=notrunc 2>/dev/null
search 'a cat' -m ./twin
expect_status 1
expect_no_out
expect_err 's.sqlite: holds embeddings of the model starter .*those of ./twin '
run index --store twin.sqlite photos -m ./twin -q --threads 1
run search --store twin.sqlite 'a cat' --top 1 --format json --threads 1
expect_status 0
expect_found cat.png
mv twin moved
run search --store twin.sqlite 'a cat'
expect_status 1
expect_err 'twin.sqlite: holds embeddings of the model ./twin; --model says where that one is: '
run search --store twin.sqlite 'a cat' -m ./moved --top 1 --format json --threads 1
expect_found cat.png
search 'a cat' -m no-such-model
expect_status 1
expect_err 'no-such-model'
mkdir empty
run index --store empty.sqlite empty -q --threads 1
run search --store empty.sqlite 'a cat' --format json
expect_status 0
expect_out '"hits":\[\]'
expect_err 'empty.sqlite: no photographs in this store yet'
mkdir damaged
echo text >damaged/one.jpg
echo text >damaged/two.jpg
run index --store damaged.sqlite damaged -q --threads 1
run search --store damaged.sqlite 'a cat' --format json
expect_status 0
expect_out '"hits":\[\]'
expect_err 'damaged.sqlite: no photographs to find: all 2 in this store could not be read'
# The user's own.
export XDG_DATA_HOME="$scratch/own"
run search 'a cat'
expect_status 1
expect_err 'own/clipsight/search.sqlite'
run index photos -q --threads 1
expect_status 0
run search 'a cat' --top 1 --format json
expect_status 0
expect_found cat.png

# ---- Wrong usage ----

wrong() {
    pattern=$1
    shift
    search "$@"
    expect_status 2
    expect_no_out
    expect_err "$pattern"
    expect_err "Try 'clipsight search --help'"
}
wrong 'expected words to search for, or an example'
wrong 'expected words to search for' --not snow
wrong "words: expected words, got ''" ''
wrong "words: expected words, got ' '" 'a cat' ' '
wrong "not: expected words, got '  '" 'a cat' --not '  '
wrong 'image: expected PHOTO, got an empty text' --image ''
wrong 'expected table, json or sheet' 'a cat' --format csv
wrong 'top: expected a whole number between 1 and' 'a cat' --top 0
wrong 'top: expected at most 1000 photographs for a sheet' 'a cat' --top 1001 -o sheet.png
wrong "output: expected a name that ends in .png, .jpg, .jpeg or .webp, got 'sheet.gif'" 'a cat' -o sheet.gif
wrong 'min-score: expected a number' 'a cat' --min-score high
wrong "'-' (standard input) can be given only once" --image - --image -
wrong 'format sheet: expected one of --output and --report, not both' 'a cat' --format sheet -o one.png --report two.png
wrong 'box-score: goes with --where' 'a cat' --box-score 0.5
wrong 'template: expected {}' 'a cat' --template 'a photo'
wrong 'unknown option; did you mean --where' 'a cat' --wher
run search --help
expect_status 0
expect_out '^Usage: clipsight search TEXT'
for option in not image template store under top min-score exact where box-score format output model; do
    expect_out "--$option"
done

# ---- Output that cannot be written ----

ran='clipsight search >&-'
"$CLIPSIGHT" search --store s.sqlite 'a cat' 2>"$scratch/err" >&-
status=$?
expect_status 1
if [ -e /dev/full ]; then
    ran='clipsight search >/dev/full'
    "$CLIPSIGHT" search --store s.sqlite 'a cat' -o late.png >/dev/full 2>"$scratch/err"
    status=$?
    expect_status 1
    expect_absent late.png
fi
expect_no_temporary
