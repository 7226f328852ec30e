#!/bin/sh
# clipsight eval --search: the precision of the first five, from the photographs and from a store.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# object CLASS DIFFICULT, annotate_all NAME OBJECT...
object() {
    echo "<object><name>$1</name><difficult>$2</difficult><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>90</xmax><ymax>90</ymax></bndbox></object>"
}
annotate_all() {
    name=$1
    shift
    echo "<annotation><filename>$name.jpg</filename><size><width>100</width><height>100</height><depth>3</depth></size>$*</annotation>" \
        >"data/Annotations/$name.xml"
}
mkdir -p data/Annotations data/JPEGImages
"$CLIPSIGHT" detect "$cat_png" -p cat --min-score 1 -o data/JPEGImages/cat.jpg >/dev/null || fail 'cannot make the photograph'
cp "$flower_jpg" data/JPEGImages/flower.jpg
cp "$PROJECT/assets/china.jpg" data/JPEGImages/palace.jpg

# By the class "cat" the photographs stand in the order cat, palace, flower.
annotate_all cat "$(object cat 0)"
annotate_all flower "$(object cat 0)"
annotate_all palace "$(object palace 0)" "$(object lake 1)"
search() {
    run eval data --search --threads 1 "$@"
}
search --format json
expect_status 0
expect_lines 1
expect_out '^{"dataset":"data","photographs":3,"first":5,"precision":0.75,"classes_counted":2,"precision_large":null,"classes_large":0,"classes":\['
expect_out '{"label":"cat","prompt":"cat","photographs":2,"precision":0.5}'
expect_out '{"label":"palace","prompt":"palace","photographs":1,"precision":1.0}'
expect_out '{"label":"lake","prompt":"lake","photographs":0,"precision":null}'
cp "$scratch/out" whole.json
search
expect_status 0
expect_out '^class  *precision@5  *photographs$'
expect_out '^cat  *0.5000  *2$'
expect_out '^lake  *-  *0$'
expect_out '^mean of classes with 5 or more  *-  *0$'
expect_out '^mean of all  *0.7500  *2$'
expect_out '^3 photographs$'

# One that shows the class only in a difficult object is left out for that class.
annotate_all palace "$(object palace 0)" "$(object cat 1)"
search --format json
expect_out '{"label":"cat","prompt":"cat","photographs":2,"precision":1.0}'
annotate_all palace "$(object palace 0)" "$(object lake 1)"

# Other words; fewer photographs.
printf 'palace = a cat\n' >prompts.txt
search --class-prompts prompts.txt --format json
expect_out '{"label":"palace","prompt":"a cat","photographs":1,"precision":0.0}'
search --template 'a photo of a {}' --format json
expect_status 0
search --limit 1 --format json
expect_out '"photographs":1,'
expect_out '{"label":"cat","prompt":"cat","photographs":1,"precision":1.0}'

# From a store, whatever else it holds.
mkdir others
cp "$cat_png" others/cat.png
run index --store s.sqlite data/JPEGImages others -q --threads 1
expect_status 0
search --store s.sqlite --format json
expect_status 0
cmp -s whole.json "$scratch/out" || fail 'expected the same from the store'
run index --store windows.sqlite data/JPEGImages --windows -q --threads 1
search --store windows.sqlite --format json
expect_status 0
run index --store few.sqlite data/JPEGImages/cat.jpg others -q --threads 1
search --store few.sqlite
expect_status 1
expect_no_out
expect_err "few.sqlite: 2 of the dataset's 3 photographs are not in this store (.*flower.jpg)"
for file in s.sqlite data/JPEGImages/cat.jpg; do
    cp $file keep
    search --store s.sqlite --report $file
    expect_status 1
    expect_err "^clipsight: $file: is a .*, which the report would replace"
    cmp -s $file keep || fail "$file was replaced"
done
search --store missing.sqlite
expect_status 1
expect_no_out
expect_err 'missing.sqlite: '

# Photographs that are links: the store has them by their own names, or by what they lead to.
mkdir linked
cp -R data/Annotations linked
mkdir linked/JPEGImages
for name in cat flower palace; do ln -s ../../data/JPEGImages/$name.jpg linked/JPEGImages/$name.jpg; done
run index --store links.sqlite linked/JPEGImages -q --threads 1
sed 's/"dataset":"data"/"dataset":"linked"/' whole.json >links.json
for store in links.sqlite s.sqlite; do
    run eval linked --search --threads 1 --store $store --format json
    expect_status 0
    cmp -s links.json "$scratch/out" || fail "expected the same from $store"
done

# A photograph that cannot be read takes no part.
echo text >data/JPEGImages/palace.jpg
search --format json
expect_status 1
expect_err 'palace.jpg'
expect_out '"photographs":2,'
expect_out '{"label":"palace","prompt":"palace","photographs":0,"precision":null}'

wrong 'store: goes with --search' eval data --store s.sqlite
wrong 'search does not go with' eval data --search --state s.jsonl
wrong 'search does not go with' eval data --search --calibrate
wrong 'search does not go with' eval data --search --curve c.png
for option in '--method dense' '--variant sc-clip' '--recipe chapter' '--patch 64' '--window 2' '--stride 2' \
    '--threshold 0.5' '--min-score 0.5' --single '--overlap 0' '--negative dog'; do
    # shellcheck disable=SC2086
    wrong "draws no boxes: leave out ${option%% *}\$" eval data --search $option
done
