# What the tests of the server share; sourced, not run. On top of what those of the command have.
# shellcheck shell=sh
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
command -v curl >/dev/null || {
    echo "skipped: there is no curl"
    exit 77
}
server_pid=''
trap 'stop_all; rm -rf "$scratch"' EXIT

# Tests add what else they have started.
stop_more() { :; }

stop_all() {
    stop_more
    [ -z "$server_pid" ] || kill -KILL "$server_pid" 2>/dev/null || true
    server_pid=''
}

# start OPTION...: a server on a free port. Leaves url, port and server_pid.
start() {
    ran="clipsight serve $*"
    rm -f "$scratch/url" # of an earlier one
    # A shell has its background jobs ignore SIGINT.
    env --default-signal=INT "$CLIPSIGHT" serve --port 0 --threads 1 "$@" >"$scratch/url" 2>"$scratch/err" &
    server_pid=$!
    for _ in $(seq 300); do
        [ ! -s "$scratch/url" ] || break
        kill -0 "$server_pid" 2>/dev/null || fail "the server does not start"
        sleep 0.1
    done
    url=$(sed 's#/$##' "$scratch/url")
    port=${url##*:}
    [ -n "$port" ] || fail "the server does not say where it is"
}

# stop_by SIGNAL, stop: ends it, and checks that it ends well.
stop_by() {
    kill "-$1" "$server_pid"
    wait "$server_pid"
    status=$?
    server_pid=''
    [ "$status" -eq 0 ] || fail "the server ended with status $status"
}

stop() {
    stop_by TERM
}

alive() {
    kill -0 "$server_pid" 2>/dev/null || fail "the server is gone"
}

# ask STATUS ARGUMENT...: curl; the body is left on "stdout", the headers in $scratch/headers.
ask() {
    wanted=$1
    shift
    ran="curl $*"
    code=$(curl -sS --max-time 300 -o "$scratch/out" -D "$scratch/headers" -w '%{http_code}' "$@" 2>"$scratch/err")
    [ "$code" = "$wanted" ] || fail "expected HTTP status $wanted, got $code"
}

# refused STATUS CODE ARGUMENT...: an error in the one form that errors have.
refused() {
    wanted_code=$2
    wanted_status=$1
    shift 2
    ask "$wanted_status" "$@"
    expect_out "^{\"error\": {\"code\": \"$wanted_code\", \"message\": \"..*\"}}\$"
    expect_header '^Content-Type: application/json'
}

expect_header() {
    tr -d '\r' <"$scratch/headers" | grep -qi -e "$1" || fail "expected a header $1; there are: $(cat "$scratch/headers")"
}

# The figure of a line of /metrics that begins with this.
metric() {
    curl -sS "$url/metrics" | awk -v name="$1" 'index($0, name " ") == 1 { print $2 }'
}

# Kilobytes in memory.
resident() {
    awk '/^VmRSS/ { print $2 }' "/proc/$server_pid/status"
}
