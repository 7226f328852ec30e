#!/bin/sh
# The figures that docs/speed.md promises, each beside what is wanted: one table, from medians of runs in turns.
#
#   bench/figures.sh [--runs N] [--photo FILE.jpg] [--dataset DIR] [--build DIR]
#
#   --runs N        runs of each kind (default: 5)
#   --photo FILE    the chapter's photograph (default: where ../shared has it)
#   --dataset DIR   photographs with boxes in VOC's layout, in DIR/images (default: ../shared's hundred)
#   --build DIR     where the programs are (default: build/release)
#
# Takes about half an hour with two threads on a machine that does nothing else. The peers go into build/peers as with
# bench/run.sh, whose PEERS_PYTHON is heeded, too. The records stay in build/figures.jsonl, everything printed on the
# way in build/figures.log.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
runs=5 photo=$root/../shared/data/chapter/cat_butterfly.jpg dataset=$root/../shared/data/voc2012_100
read_options 'runs photo dataset build' "$@"
for needed in "$photo" "$dataset/images" "$build/clipsight" "$build/bench/bench_encoder"; do
    [ -e "$needed" ] || { echo "$0: $needed is missing" >&2; exit 1; }
done

mkdir -p "$root/build"
records=$root/build/figures.jsonl log=$root/build/figures.log
rm -f "$records" "$log"
clip=$root/build/peers-models/vit-b-32

# Everything of bench/run.sh, then what it leaves out.
"$root/bench/run.sh" --runs "$runs" --photo "$photo" --photos "$dataset/images" --json "$records" --build "$build" \
    >>"$log" 2>&1 || { tail "$log" >&2; exit 1; }
"$build/clipsight" bench -m "$clip" --batch 32 --threads 1,2 --runs "$runs" -q --format json >>"$records"
"$build/clipsight" bench -m starter --batch 32 --threads 1,2 --runs "$runs" -q --format json >>"$records"
agree() {
    PYTHONDONTWRITEBYTECODE=1 "$python" "$root/bench/peers/agree.py" --clipsight "$build/clipsight" \
        --photos "$dataset/images" --json "$records" "$@" >>"$log" 2>&1 || { tail "$log" >&2; exit 1; }
}
agree --model starter --dataset "$dataset"
agree --model "$clip"
exec "$python" "$root/bench/peers/figures.py" "$records"
