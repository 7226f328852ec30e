#!/bin/sh
# How fast the main jobs are on this machine, beside what others need for the same: `make bench`.
#
#   bench/run.sh [--photo FILE.jpg] [--photos DIR] [--runs N] [--json FILE] [--no-peers] [--build DIR]
#
#   --photo FILE    the photograph that detect works on (default: the chapter's, where ../shared has it)
#   --photos DIR    a folder of photographs (*.jpg) for detect by the hundred (default: ../shared's, where there is one)
#   --runs N        runs of each kind, of which the median counts (default: 9)
#   --json FILE     also append a line of JSON per benchmark
#   --no-peers      without PyTorch, ONNX Runtime and Pillow, which otherwise go into build/peers (needs python3 with
#                   venv); PEERS_PYTHON, if set, is a Python that has them already
#   --build DIR     where the programs are (default: build/release)
#
# What is compared is measured in one run, in turns. On a machine that is busy otherwise the figures mean little: the
# load average stands in the first lines.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
photo='' photos='' runs=9 json='' peers=yes
read_options 'photo photos runs json build no-peers' "$@"

model=$root/models/starter
programs=$build/bench
[ -x "$programs/bench_encoder" ] || { echo "$0: $programs/bench_encoder is missing; make build makes it" >&2; exit 1; }
chapter=$root/../shared/data/chapter/cat_butterfly.jpg
[ -n "$photo" ] || [ ! -f "$chapter" ] || photo=$chapter
voc=$root/../shared/data/voc2012_100/images
[ -n "$photos" ] || [ ! -d "$voc" ] || photos=$voc
sample=$root/assets/china.jpg

# bench NAME ARGUMENT...: one of the programs, with --runs and --json as they were given here.
bench() {
    name=$1
    shift
    "$programs/bench_$name" "$@" --runs "$runs" ${json:+--json "$json"}
}

peer() {
    script=$1
    shift
    PYTHONDONTWRITEBYTECODE=1 "$python" "$root/bench/peers/$script.py" "$@" --runs "$runs" \
        ${json:+--json "$json"}
}

clip=$root/build/peers-models/vit-b-32

field() {
    lscpu | sed -n "s/^$1: *//p"
}

describe_machine() {
    cpu=$(field 'Model name')
    cores=$(nproc)
    load=$(cut -d ' ' -f 1 /proc/loadavg)
    sets=$(field Flags | tr ' ' '\n' | grep -E '^(avx|avx2|fma|avx512f|avx512_vnni|avx512_bf16|amx_tile)$' | tr '\n' ' ')
    version=$("$build/clipsight" --version)
    echo "$version on $cpu (family $(field 'CPU family'), model $(field Model)), $cores processors of this process"
    echo "instruction sets: $sets"
    echo "load average: $load"
    [ -z "$json" ] || printf '{"bench": "machine", "version": "%s", "cpu": "%s", "processors": %s, "sets": "%s", "load": %s}\n' \
        "$version" "$cpu" "$cores" "${sets% }" "$load" >>"$json"
}

describe_machine
"$build/clipsight" bench --runs "$runs" -q ${photo:+--photo "$photo"}
bench encoder --threads 1
[ "$threads" -eq 1 ] || bench encoder --threads 2
bench startup "$build/clipsight" "$sample"
if [ -n "$photo" ]; then
    bench photo "$photo"
    bench stages "$photo"
    bench detect "$build/clipsight" "$photo"
else
    echo "No --photo FILE: detect is not timed." >&2
fi
[ "$peers" = yes ] || exit 0
prepare_peers -r "$root/bench/peers/requirements.txt" ||
    { echo "$0: the peers cannot be installed; --no-peers does without" >&2; exit 1; }
mkdir -p "$root/build/peers-models"
peer encoder --program "$programs/bench_encoder" --model "$model" --threads "$threads"
if [ -n "$photo" ]; then
    peer photo --program "$programs/bench_photo" "$photo"
fi
precisions=$("$build/clipsight" bench --runs 1 --batch 1 --threads 1 -q --format json |
    grep -o '"precision":"[a-z0-9]*","threads":1,"batch"' | cut -d '"' -f 4 | paste -s -d , -)
peer clip --program "$programs/bench_encoder" --model "$clip" --threads "$threads" --precision "$precisions"
if [ -n "$photo" ]; then
    peer chapter --clipsight "$build/clipsight" --model "$clip" --threads "$threads" --precision "$precisions" "$photo"
fi
if [ -n "$photos" ]; then
    peer starter --clipsight "$build/clipsight" --model "$model" --threads "$threads" "$photos"
fi
