#!/bin/sh
# How fast the main jobs are on this machine, beside what others need for the same: `make bench`.
#
#   bench/run.sh [--photo FILE.jpg] [--runs N] [--json FILE] [--no-peers] [--build DIR]
#
#   --photo FILE    the photograph that detect works on (default: the chapter's, where ../shared has it)
#   --runs N        runs of each kind, of which the median counts (default: 9)
#   --json FILE     also append a line of JSON per benchmark
#   --no-peers      without ONNX Runtime and Pillow, which otherwise go into build/peers (needs python3 with venv)
#   --build DIR     where the programs are (default: build/release)
#
# What is compared is measured in one run, in turns. On a machine that is busy otherwise the figures mean little: the
# load average stands in the first lines.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/build/release photo='' runs=9 json='' peers=yes

usage() {
    sed -n '/^#   /s/^# *//p' "$0" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
    --photo | --runs | --json | --build)
        [ $# -gt 1 ] || usage
        name=${1#--}
        eval "$name=\$2"
        shift
        ;;
    --no-peers) peers=no ;;
    *) usage ;;
    esac
    shift
done

export CLIPSIGHT_MODELS="$root/models"
model=$root/models/starter
programs=$build/bench
[ -x "$programs/bench_encoder" ] || { echo "$0: $programs/bench_encoder is missing; make build makes it" >&2; exit 1; }
chapter=$root/../shared/data/chapter/cat_butterfly.jpg
[ -n "$photo" ] || [ ! -f "$chapter" ] || photo=$chapter
sample=$root/assets/china.jpg
threads=$(nproc)
[ "$threads" -le 2 ] || threads=2

# bench NAME ARGUMENT...: one of the programs, with --runs and --json as they were given here.
bench() {
    name=$1
    shift
    "$programs/bench_$name" "$@" --runs "$runs" ${json:+--json "$json"}
}

peer() {
    script=$1
    shift
    PYTHONDONTWRITEBYTECODE=1 "$root/build/peers/bin/python" "$root/bench/peers/$script.py" "$@" --runs "$runs" \
        ${json:+--json "$json"}
}

prepare_peers() {
    [ -x "$root/build/peers/bin/python" ] || python3 -m venv "$root/build/peers" || return 1
    "$root/build/peers/bin/python" -m pip install --quiet --disable-pip-version-check \
        -r "$root/bench/peers/requirements.txt"
}

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
prepare_peers || { echo "$0: the peers cannot be installed; --no-peers does without" >&2; exit 1; }
peer encoder --program "$programs/bench_encoder" --model "$model" --threads "$threads"
if [ -n "$photo" ]; then
    peer photo --program "$programs/bench_photo" "$photo"
fi
