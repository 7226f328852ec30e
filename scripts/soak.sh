#!/bin/sh
# Hours' worth of a server's life in minutes: mixed load, good and bad, and what it leaves behind. Longer than a test may
# take, so not one.
#
#   scripts/soak.sh [SECONDS]      of mixed load; by default 600
#
# In build/release: load, then memory against what it was after a warm-up (at most 5 % more), no status that nobody
# expects. In build/asan and build/tsan (the reference kernels, without OpenMP's threads): a tenth of the time each, and no
# report. With --schemathesis as the first word: schemathesis (from PyPI, in an environment below build/) reads the
# OpenAPI document and tries what it says, instead.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
schemathesis=''
if [ "${1-}" = --schemathesis ]; then
    schemathesis=yes
    shift
fi
seconds=${1:-600}
scripts/packages.sh build test
work=$(mktemp -d)
pid=''
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
export CLIPSIGHT_MODELS="$root/models" OMP_WAIT_POLICY=passive

# start BUILD OPTION...
start() {
    build=$1
    shift
    "$root/build/$build/clipsight" serve --port 0 --max-per-address 512 "$@" >"$work/url" 2>"$work/log" &
    pid=$!
    for _ in $(seq 600); do
        [ ! -s "$work/url" ] || break
        kill -0 "$pid" || { cat "$work/log"; exit 1; }
        sleep 0.1
    done
    url=$(sed 's#/$##' "$work/url")
    port=${url##*:}
    load=$root/build/$build/tests/load
}

stop() {
    kill -TERM "$pid"
    if ! wait "$pid"; then
        cat "$work/log"
        echo "the server did not end well"
        exit 1
    fi
    pid=''
    if [ -s "$work/log" ]; then cat "$work/log"; fi
}

resident() {
    awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"
}

mix() {
    "$load" "$port" mixed "$1" "$2" assets/chelsea.png assets/china.jpg assets/flower.jpg
}

if [ -n "$schemathesis" ]; then
    scripts/build.sh release clipsight load >/dev/null
    venv=build/schemathesis
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check schemathesis==4.32.5
    start release
    # What a photograph is no schema can say, and in a form every value is a text: hence what is left out.
    "$venv/bin/schemathesis" run "$url/openapi.json" --checks all --exclude-checks positive_data_acceptance,negative_data_rejection \
        --max-examples 100 --continue-on-failure
    stop
    exit 0
fi

scripts/build.sh release clipsight load >/dev/null
start release
mix 8 $((seconds / 10 + 1)) >/dev/null
before=$(resident)
mix 8 "$seconds"
"$load" "$port" get 16 10000 /healthz
"$load" "$port" half 100 /v1/detect 'prompt=a cat' assets/chelsea.png
"$load" "$port" burst 200 /v1/classify 'prompt=a cat' assets/chelsea.png
mix 8 5 >/dev/null
after=$(resident)
stop
echo "memory: $before kB after the warm-up, $after kB at the end"
[ $((after * 100)) -le $((before * 105)) ] || { echo "that is more than 5 % more"; exit 1; }

scripts/build.sh asan clipsight load >/dev/null
ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 LSAN_OPTIONS=suppressions=$root/tests/support/leaks.txt:print_suppressions=0
export ASAN_OPTIONS LSAN_OPTIONS
start asan
mix 4 $((seconds / 10 + 1))
"$load" "$port" half 20 /v1/detect 'prompt=a cat' assets/chelsea.png
stop

scripts/build.sh tsan clipsight load >/dev/null
OMP_NUM_THREADS=1 TSAN_OPTIONS=suppressions=$root/tests/support/races.txt:halt_on_error=0:exitcode=66
export OMP_NUM_THREADS TSAN_OPTIONS
start tsan --backend reference --threads 1 --timeout 600
"$load" "$port" get 8 400 /metrics
"$load" "$port" half 20 /v1/classify 'prompt=a cat' assets/chelsea.png
"$load" "$port" burst 4 /v1/classify 'prompt=a cat' assets/chelsea.png
stop
echo "soak: memory stays, and the sanitizers have nothing to say"
