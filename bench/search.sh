#!/bin/sh
# Search in a store of made-up photographs: `make bench-search`. What a store costs to make and to list, how long searches
# take, and faiss's flat index on the same vectors in turns.
#
#   bench/search.sh [--photographs N] [--runs N] [--json FILE] [--build DIR] [--no-peers]
#
#   --photographs N  how many, of 512 numbers each (default: 1000000)
#   --runs N         runs of each kind, of which the median counts (default: 9)
#   --json FILE      also append a line of JSON per benchmark
#   --build DIR      where the programs are, and where the store goes, in DIR/search (default: build/release)
#   --no-peers       without faiss, which otherwise goes into build/peers (needs python3 with venv); PEERS_PYTHON, if set,
#                    is a Python that has it already
#
# A million photographs take 5 GB on disk and up to 6 GB of memory. On a machine that is busy otherwise the figures mean
# little: the load average stands in the first line.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
photographs=1000000 runs=9 json='' peers=yes
read_options 'photographs runs json build no-peers' "$@"

program=$build/bench/bench_search
[ -x "$program" ] || { echo "$0: $program is missing; make build makes it" >&2; exit 1; }
mkdir -p "$build/search"
echo "load average: $(cut -d ' ' -f 1 /proc/loadavg)"
"$program" --store "$build/search/${photographs}x512.sqlite" --photographs "$photographs" --threads "$threads" \
    --runs "$runs" ${json:+--json "$json"}
# As an indexer puts them: 16 at once.
rm -f "$build/search/batches.sqlite"*
"$program" --store "$build/search/batches.sqlite" --photographs 20000 --batch 16 --threads "$threads" --runs 1 |
    sed -n '/Making/,/vector itself/p'
rm -f "$build/search/batches.sqlite"*
[ "$peers" = yes ] || exit 0

prepare_peers faiss-cpu==1.15.1 numpy==2.4.6
PYTHONDONTWRITEBYTECODE=1 "$python" "$root/bench/peers/search.py" --program "$program" --folder "$build/search" \
    --photographs "$photographs" --threads "$threads" --runs "$runs" ${json:+--json "$json"}
