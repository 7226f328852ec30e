#!/bin/sh
# clipsight index and search with a store in PostgreSQL: the same as with a SQLite file. Where ../shared has them, on the
# photographs of VOC-100, else on the project's own.
: "${WITH_POSTGRES:?the helper that starts a server}" "${STORE_TOOL:?the helper for stores}"
if [ -z "${STORE_URL-}" ]; then
    exec "$WITH_POSTGRES" sh "$0"
fi
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
here=$(pwd -P)
shown=$(printf '%s\n' "$STORE_URL" | sed 's#:[^@/]*@#@#')
voc=${CLIPSIGHT_SHARED-}/data/voc2012_100/images

mkdir photos
if [ -d "$voc" ]; then
    count=$(find "$voc" -name '*.jpg' | wc -l)
    cp "$voc"/*.jpg photos
else
    count=30
    "$STORE_TOOL" photos "$PROJECT/assets/china.jpg" photos 27 || fail 'no photographs'
    cp "$cat_png" "$flower_jpg" "$PROJECT/assets/china.jpg" photos
fi

# both COMMAND ARGUMENT...: once with each kind of store; status and standard error have to be the same, but for times.
both() {
    command=$1
    shift
    run "$command" --store s.sqlite "$@"
    first=$status
    mv "$scratch/out" out.sqlite
    sed 's/; [0-9.]* a second$//' "$scratch/err" >err.sqlite
    run "$command" --store "$STORE_URL" "$@"
    [ "$status" -eq "$first" ] || fail "status $first with SQLite"
    sed 's/; [0-9.]* a second$//' "$scratch/err" | cmp -s - err.sqlite || fail "with SQLite: $(cat err.sqlite)"
}

# The last digit of a score may differ: the sums are added up in another order.
expect_same_out() {
    tr ',{}[]' '\n' <out.sqlite >words.sqlite
    tr ',{}[]' '\n' <"$scratch/out" | paste - words.sqlite | awk -F '\t' '
        function number(field) { sub(/.*:/, "", field); return field ~ /^[-+.e0-9]+$/ ? field : "none" }
        function name(field) { sub(/[-+.e0-9]*$/, "", field); return field }
        $1 != $2 {
            d = number($1) - number($2)
            if (name($1) != name($2) || number($1) == "none" || d > 2e-6 || d < -2e-6) { print $1 " and " $2; exit 1 }
        }' >differs ||
        fail "SQLite differs: $(cat differs)"
}

searches() {
    for words in 'a cat' 'a dog' 'a car' 'a person' 'a flower' 'a boat'; do
        both search "$words" --format json
        expect_status 0
        expect_same_out
        [ "$(grep -o '"image"' "$scratch/out" | wc -l)" -eq 20 ] || fail 'expected 20 photographs'
    done
    both search 'a cat' 'a sofa' --not 'a dog' --format json --top 7
    expect_same_out
    both search --image "$cat_png" --format json --min-score 0.5
    expect_same_out
    both search 'a horse' --under photos --exact --format json
    expect_same_out
    both search 'a horse' --under photos/none --format json
    expect_same_out
    both search 'a palace'
    [ "$(tr -d '0-9.' <"$scratch/out")" = "$(tr -d '0-9.' <out.sqlite)" ] || fail "as a table: $(cat out.sqlite)"
}

# ---- Photographs ----

both index photos -q
expect_status 0
both index photos
expect_err "^$count photographs: 0 new, 0 changed, 0 moved, 0 removed, 0 broken"
searches

# ---- Changes ----

cp "$cat_png" photos/new.png
mv photos/"$(find photos -name '*.jpg' -printf '%f\n' | sort | head -n 1)" photos/moved.jpg
rm photos/"$(find photos -name '*.jpg' -printf '%f\n' | sort | sed -n 3p)"
echo nonsense >photos/broken.jpg
both index photos
expect_status 1
expect_err '1 new, 0 changed, 1 moved, 1 removed, 1 broken'
both index photos
both search 'a cat' --format json
expect_same_out
grep -q "$here/photos/new.png" "$scratch/out" || fail 'expected the new photograph'

# ---- Windows ----

both index --windows photos -q
searches

# ---- Two at once ----

"$CLIPSIGHT" index --store "$STORE_URL?schema=two" photos --format json -q --threads 1 >first.json 2>first.err &
other=$!
run index --store "$STORE_URL?schema=two" photos --format json -q --threads 1
wait "$other"
done_by_both=$(cat first.json "$scratch/out" | grep -c '"image"')
different=$(cat first.json "$scratch/out" | grep -o '"image":"[^"]*"' | sort -u | wc -l)
[ "$different" -eq "$((count + 1))" ] || fail "two indexers did $different photographs: $(cat first.err)"
[ "$done_by_both" -eq "$different" ] || fail "two indexers did $done_by_both photographs, of which $different differ"
if [ ! -s first.json ] || [ ! -s "$scratch/out" ]; then fail 'one of two indexers had nothing to do'; fi

# ---- Complaints ----

run search --store "$STORE_URL?schema=none" 'a cat'
expect_status 1
expect_err "^clipsight: $shown?schema=none: there is no store in the schema none"
if grep -q 'p%40ss' "$scratch/err"; then fail 'the password is shown'; fi
