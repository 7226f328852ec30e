# Kills `clipsight index` at random moments and looks at what is left; sourced behind support.sh, not run.
# shellcheck shell=sh disable=SC2034
: "${STORE_TOOL:?the helper for stores}" "${scratch:?support.sh comes first}"
export CLIPSIGHT_MODELS
here=$(pwd -P)

# random N: 0 to N - 1.
random() {
    echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

# dump: dump.txt, the store's photographs as `expected` has them.
dump() {
    "$STORE_TOOL" dump "$here/photos.sqlite" >dump.txt 2>dump.err || fail "the store: $(cat dump.err)"
}

# Makes something else of the folder: a photograph elsewhere, gone, back, or only touched. What each content's embedding
# must be is known from the start (contents.txt).
disturb() {
    victim=$(find in -name '*.jpg' | sort | sed -n "$(($(random "$photographs") + 1))p")
    [ -n "$victim" ] || return 0
    spare=$(find out -name '*.jpg' | head -n 1)
    case $(random 5) in
    0) touch "$victim" ;;
    1) mv "$victim" "in/moved-$(random 1000000).jpg" ;;
    2) mv "$victim" "out/$(random 1000000).jpg" ;;
    3) [ -z "$spare" ] || mv "$spare" "in/back-$(random 1000000).jpg" ;;
    4) [ -z "$spare" ] || mv "$spare" "$victim" ;;
    esac
}

# A file in which there is no table yet.
is_unmade() {
    [ "$(sqlite3 photos.sqlite 'SELECT count(*) FROM sqlite_schema' 2>&1)" = 0 ]
}

# compare: dump.txt with contents.txt: size in pixels, rows, boxes and embeddings of every content. Of these the last digits
# may differ: with some processors they depend on the batch.
compare() {
    awk -F '[\t ]' 'NR == FNR { right[$4] = $5 " " $6 " " $7; sum[$4] = $8; next }
        right[$4] != $5 " " $6 " " $7 || $8 - sum[$4] > 1e-4 || sum[$4] - $8 > 1e-4 { print "stored wrongly: " $0; bad = 1 }
        END { exit bad }' contents.txt dump.txt >wrong.txt
}

# check_left: after a kill. The file is sound, its rows fit together, no path stands twice (the helper sees to that);
# whatever was said to be stored is, and all that is stored is right.
check_left() {
    left=$(sqlite3 photos.sqlite 'PRAGMA integrity_check' 2>&1)
    [ "$left" = ok ] || fail "kill $kill: integrity_check: $left"
    dump
    compare || fail "kill $kill: $(cat wrong.txt)"
    # a line cut short by the kill was not said
    sed -n 's/^{"image":"\([^"]*\)","state":"\(new\|changed\|moved\|touched\)".*}$/\1/p' "$scratch/out" | sort >said.txt
    sed -n 's/^{"image":"\([^"]*\)","state":"removed"}$/\1/p' "$scratch/out" | sort >removed.txt
    cut -f 1 dump.txt | sort >stored.txt
    comm -23 said.txt stored.txt >lost.txt
    [ ! -s lost.txt ] || fail "kill $kill: said to be stored, and lost: $(cat lost.txt)"
    comm -12 removed.txt stored.txt >kept.txt
    [ ! -s kept.txt ] || fail "kill $kill: said to be removed, and there: $(cat kept.txt)"
    said=$((said_before + $(wc -l <said.txt)))
    said_before=$said
}

# kills N PHOTOGRAPHS OPTION...: with so many photographs in the folder.
kills() {
    wanted=$1 photographs=$2
    shift 2
    mkdir in out
    "$STORE_TOOL" photos "$PROJECT/assets/china.jpg" in "$photographs" || fail 'no photographs'
    began=$(date +%s%N)
    "$CLIPSIGHT" index --store whole.sqlite in --quiet "$@" || fail 'a run without kills'
    whole=$((($(date +%s%N) - began) / 1000000))
    "$STORE_TOOL" dump "$here/whole.sqlite" >contents.txt || fail 'the store'
    [ "$(wc -l <contents.txt)" -eq "$photographs" ] || fail "expected $photographs different photographs"
    kill=0 said_before=0 said=0 ends=0
    while [ $kill -lt "$wanted" ]; do
        kill=$((kill + 1))
        ran="index in $*, killed for the ${kill}th time"
        "$CLIPSIGHT" index --store photos.sqlite in --format json --quiet "$@" >"$scratch/out" 2>"$scratch/err" &
        job=$!
        moment=$(random $((whole * 5 / 4)))
        sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
        if kill -KILL $job 2>/dev/null; then :; fi
        wait $job 2>/dev/null
        status=$?
        [ -f photos.sqlite ] || continue # before there was a store
        if is_unmade; then               # or while it was made
            [ ! -s "$scratch/out" ] || fail "kill $kill: something was said to be in a store that is none yet"
            continue
        fi
        check_left
        if [ $status -eq 0 ]; then # it was done before the signal came
            ends=$((ends + 1))
            [ $ends -le $((wanted * 3)) ] || fail 'expected most signals to come in time'
            kill=$((kill - 1))
            rm photos.sqlite*
        elif [ "$(random 3)" -eq 0 ]; then
            disturb
        fi
    done
    ran="index in $*, to its end after $wanted kills"
    "$CLIPSIGHT" index --store photos.sqlite in --quiet "$@" >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 0
    dump
    "$CLIPSIGHT" index --store anew.sqlite in --quiet "$@" || fail 'a run without kills'
    "$STORE_TOOL" dump "$here/anew.sqlite" >contents.txt
    compare || fail "expected the store of a run without kills: $(cat wrong.txt)"
    cut -f 1-6 contents.txt >anew.txt
    cut -f 1-6 dump.txt | cmp -s - anew.txt || fail 'expected the store of a run without kills'
    echo "$wanted kills ($ends more came too late), $said photographs said to be stored: none lost, none twice, none wrong"
}
