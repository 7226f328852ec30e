#!/bin/sh
# --method, --variant, --overlap and --negative reach the library, and what the defaults stand for.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# Large windows: few of them, and quick.
windows='--patch 75 --window 3'

keep() {
    expect_status 0
    cp "$scratch/out" "$scratch/$1"
}

# same NAME, different NAME: as the output that was kept under it.
same() {
    expect_status 0
    cmp -s "$scratch/out" "$scratch/$1" || fail "expected the same as: $1"
}
different() {
    expect_status 0
    ! cmp -s "$scratch/out" "$scratch/$1" || fail "expected something else than: $1"
}

# localize: window, and dense where it or a variant is asked for. The picture's style follows.
run localize "$cat_png" -p 'a cat' --format json -q -o default.png
expect_out '"method": *"window"'
keep window
run localize "$cat_png" -p 'a cat' --format json -q --method window -o window.png --heatmap-style brightness
same window
cmp -s default.png window.png || fail 'expected the map of windows as brightness'
run localize "$cat_png" -p 'a cat' --format json -q --method dense -o default.png
expect_out '"method": *"dense"'
keep dense
run localize "$cat_png" -p 'a cat' --format json -q --method dense -o dense.png --heatmap-style overlay
same dense
cmp -s default.png dense.png || fail 'expected the dense map as an overlay'
run localize "$cat_png" -p 'a cat' --format json -q --method dense -o dense.png --heatmap-style brightness
! cmp -s default.png dense.png || fail 'expected two styles'

# The other methods: maps of their own.
for method in occlusion region; do
    options=
    [ $method = region ] || options=$windows
    # shellcheck disable=SC2086
    run localize "$cat_png" -p 'a cat' --format json -q --method $method $options
    expect_out "\"method\": *\"$method\""
    different window
    different dense
done

# detect: dense with the starter, window where an option of windows is given.
run detect "$cat_png" -p 'a cat' --format json -q
keep detected
run detect "$cat_png" -p 'a cat' --format json -q --method auto
same detected
run detect "$cat_png" -p 'a cat' --format json -q --method dense
same detected
# shellcheck disable=SC2086
run detect "$cat_png" -p 'a cat' --min-score 0 --format json -q --method window $windows
different detected
keep windows
# shellcheck disable=SC2086
run detect "$cat_png" -p 'a cat' --min-score 0 --format json -q $windows
same windows
# shellcheck disable=SC2086
run detect "$cat_png" -p 'a cat' --min-score 0 --format json -q $windows --method occlusion
different windows

# A variant that the model lacks is wrong usage, told once, before the first photograph.
for command in localize detect; do
    run $command "$cat_png" missing.png -p 'a cat' --variant sc-clop
    expect_status 2
    expect_no_out
    expect_err '"sc-clop"'
    if grep -q missing.png "$scratch/err"; then fail 'expected no word about photographs'; fi
done

# Of boxes that overlap, 1 keeps all, and 0 no two of a prompt.
boxes() {
    run detect "$cat_png" -p cat -p face -p animal -p person --method dense --threshold 0.2 --min-score 0 --format csv \
        --overlap "$1" -q
    expect_status 0
    wc -l <"$scratch/out"
}
all=$(boxes 1)
apart=$(boxes 0)
[ "$all" -gt "$apart" ] || fail "expected fewer boxes than $all with --overlap 0, got $apart"

# A distractor that fits better than the prompt lowers its score; the template applies to both alike.
score() {
    run detect "$cat_png" --min-score 0 --format csv -q "$@"
    expect_status 0
    cut -d, -f3 "$scratch/out" | sed 1d | sort -rn | head -n 1
}
alone=$(score -p 'a lynx')
with=$(score -p 'a lynx' --negative 'a cat')
[ "$(echo "$alone $with" | awk '{ print ($1 > 2 * $2) }')" = 1 ] || fail "expected far less than $alone, got $with"
several=$(score -p 'a lynx' --negative 'a boat' --negative 'a cat')
awk -v a="$several" -v b="$with" 'BEGIN { d = a / b - 1; exit !(d * d < 1e-10) }' || fail "expected $with as with the better negative alone, got $several"
by_template=$(score -p 'a lynx' --negative 'a cat' --template 'the tail of {}')
by_words=$(score -p 'the tail of a lynx' --negative 'the tail of a cat')
[ "$by_template" = "$by_words" ] || fail "expected the template to apply to both: $by_words, got $by_template"

# A model without a calibration: said once in a run, not where nobody asked, and not for the chapter's recipe.
cp -R "$PROJECT/models/starter" plain
rm -f plain/calibration.json
run detect "$cat_png" "$cat_png" -p 'a cat' -m ./plain
expect_status 0
[ "$(grep -c 'no calibration for this model' "$scratch/err")" -eq 1 ] || fail 'expected one note about the calibration'
for option in -q '--recipe chapter'; do
    # shellcheck disable=SC2086
    run detect "$cat_png" -p 'a cat' -m ./plain --patch 75 --window 3 --threshold 0.5 $option
    expect_status 0
    expect_no_err
done
