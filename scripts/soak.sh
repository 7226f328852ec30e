#!/bin/sh
# Hours of a server's life in minutes: mixed load, good and bad, from fast, slow and faithless clients, photographs of many
# sizes, and what it leaves behind. Longer than a test may take, so not one: with 600 seconds it takes 16 minutes on two
# idle cores, besides the builds.
#
#   scripts/soak.sh [SECONDS]      of mixed load; by default 600
#   scripts/soak.sh --schemathesis the OpenAPI document against the server, by schemathesis (from PyPI, in build/)
#
# build/release: a warm-up, the load, and memory at rest after it against memory at rest before it (at most 5 % more);
# between the two also every ten seconds. No status that is not expected, no answer lost. build/asan: a tenth of the time;
# build/tsan (the reference kernels, one OpenMP thread): the same with a tiny model; no report of either. All that goes
# wrong is listed in the end, and makes the exit status 1.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
warm_up=1024 # requests: more than one of each kind with each photograph
photographs=60
work=$(mktemp -d)
pid=''
wrong=''
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export CLIPSIGHT_MODELS="$root/models" OMP_WAIT_POLICY=passive

fail() {
    echo "soak: WRONG: $*"
    wrong="$wrong
  $*"
}

# build PRESET: what the compiler says is of interest only where it fails.
build() {
    scripts/build.sh "$1" clipsight load sizes >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

# start BUILD OPTION...
start() {
    build=$1
    shift
    : >"$work/url"
    "$root/build/$build/clipsight" serve --port 0 --quiet --max-per-address 512 "$@" >"$work/url" 2>"$work/log" &
    pid=$!
    for _ in $(seq 1200); do
        [ ! -s "$work/url" ] || break
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    url=$(sed 's#/$##' "$work/url")
    port=${url##*:}
    load=$root/build/$build/tests/load
    [ -n "$port" ] || { cat "$work/log"; echo "soak: the server does not start"; exit 1; }
}

stop() {
    kill -TERM "$pid" 2>/dev/null || true
    status=0
    wait "$pid" || status=$?
    pid=''
    [ "$status" -eq 0 ] || fail "build/$build: the server ended with status $status"
    [ ! -s "$work/log" ] || { cat "$work/log"; fail "build/$build: the server had something to say, see above"; }
}

# clients NAME ARGUMENT...: the load client, whose report is printed under that name.
clients() {
    name=$1
    shift
    "$load" "$port" "$@" >"$work/$name" 2>&1 || fail "build/$build, $name: answers that were not expected, or none"
    echo "-- $name"
    cat "$work/$name"
}

# The same in the background, to be waited for with gather().
others=''
beside() {
    name=$1
    shift
    "$load" "$port" "$@" >"$work/$name" 2>&1 &
    others="$others $!:$name"
}

gather() {
    for other in $others; do
        wait "${other%%:*}" || fail "build/$build, ${other#*:}: answers that were not expected, or none"
        echo "-- ${other#*:}"
        cat "$work/${other#*:}"
    done
    others=''
}

# kilobytes NAME: VmRSS, or VmHWM for the most that there was.
kilobytes() {
    awk -v name="$1:" '$1 == name { print $2 }' "/proc/$pid/status"
}

# At rest: the server tidies up every ten seconds, and once more when all is done.
at_rest() {
    sleep 12
    kilobytes VmRSS
}

watch_memory() {
    while kilobytes VmRSS 2>/dev/null; do sleep 10; done >"$work/resident"
}

# Mean of the first and of the last quarter of what watch_memory() saw, and the range.
summarise() {
    awk '{ v[NR] = $1; if (NR == 1 || $1 < least) least = $1; if ($1 > most) most = $1 }
        END {
            n = int((NR + 3) / 4)
            for (i = 1; i <= n; i++) { first += v[i] / n; last += v[NR + 1 - i] / n }
            printf "under load: %d to %d kB; first quarter %d kB, last quarter %d kB\n", least, most, first, last
        }' "$work/resident"
}

try_schemathesis() {
    build release
    venv=$root/build/schemathesis
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check schemathesis==4.32.5
    build/release/clipsight index --quiet --store "$work/photographs.sqlite" assets
    start release --store "$work/photographs.sqlite"
    # What a photograph is no schema can say, and in a form every value is a text: hence what is left out.
    # It leaves a folder where it runs.
    (cd "$work" && "$venv/bin/schemathesis" run "$url/openapi.json" --checks all \
        --exclude-checks positive_data_acceptance,negative_data_rejection --max-examples 100 --continue-on-failure) ||
        fail "schemathesis is not content"
    stop
}

soak_release() {
    mkdir "$work/photographs"
    build/release/tests/sizes "$work/photographs" "$photographs" assets/chelsea.png assets/china.jpg assets/flower.jpg
    set -- "$work"/photographs/*
    start release
    began=$(date +%s)
    clients warm-up round 8 "$warm_up" "$@"
    echo "warm-up: $warm_up requests in $(($(date +%s) - began)) s"
    before=$(at_rest)
    watch_memory &
    watcher=$!
    beside slow slow 3 "$seconds" /v1/detect 'prompt=a cat&min_score=0' assets/chelsea.png
    beside dripping drip 8 90
    clients mixed mixed 8 "$seconds" "$@"
    kill "$watcher"
    gather
    clients small get 16 10000 /healthz
    clients half half 100 /v1/detect 'prompt=a cat' assets/chelsea.png
    clients burst burst 200 /v1/classify 'prompt=a cat' assets/chelsea.png
    after=$(at_rest)
    peak=$(kilobytes VmHWM)
    stop
    memory="memory at rest: $before kB after the warm-up, $after kB at the end; most: $peak kB"
    echo "$memory"
    summarise
    [ $((after * 100)) -le $((before * 105)) ] || fail "memory grew from $before to $after kB, more than 5 %"
}

soak_asan() {
    ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
    LSAN_OPTIONS=suppressions=$root/tests/support/leaks.txt:print_suppressions=0
    export ASAN_OPTIONS LSAN_OPTIONS
    start asan --timeout 600
    beside asan-slow slow 2 $((seconds / 10 + 1)) /v1/detect 'prompt=a cat' assets/chelsea.png
    clients asan-mixed mixed 4 $((seconds / 10 + 1)) "$work"/photographs/*
    gather
    clients asan-half half 20 /v1/detect 'prompt=a cat' assets/chelsea.png
    stop
}

# The starter on the reference kernels takes a minute a photograph here; the tiny model does all kinds of requests.
soak_tsan() {
    OMP_NUM_THREADS=1 TSAN_OPTIONS=suppressions=$root/tests/support/races.txt:halt_on_error=0:exitcode=66
    export OMP_NUM_THREADS TSAN_OPTIONS
    start tsan --model tests/data/models/dress-old --backend reference --threads 1 --timeout 600
    beside tsan-slow slow 2 $((seconds / 10 + 1)) /v1/detect 'prompt=a cat&min_score=0' assets/chelsea.png
    clients tsan-mixed mixed 8 $((seconds / 10 + 1)) "$work"/photographs/*
    gather
    clients tsan-half half 20 /v1/classify 'prompt=a cat' assets/chelsea.png
    clients tsan-burst burst 60 /v1/classify 'prompt=a cat' assets/chelsea.png
    stop
    start tsan --backend reference --threads 1 --timeout 600
    clients tsan-starter burst 4 /v1/classify 'prompt=a cat' assets/chelsea.png
    stop
}

seconds=600
scripts/packages.sh build test
if [ "${1-}" = --schemathesis ]; then
    try_schemathesis
else
    seconds=${1:-600}
    for preset in release asan tsan; do
        build "$preset"
    done
    soak_release
    soak_asan
    soak_tsan
    echo "soak: $seconds s of mixed load, $(awk '/^status/ { n += $3 } END { print n }' "$work/mixed") requests in it, $(tail -1 "$work/mixed")"
    echo "soak: $memory ($(awk -v a="$after" -v b="$before" 'BEGIN { printf "%+.1f %%", 100 * a / b - 100 }'))"
fi
if [ -n "$wrong" ]; then
    echo "soak: FAILED:$wrong"
    exit 1
fi
echo "soak: passed"
