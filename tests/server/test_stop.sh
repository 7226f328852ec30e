#!/bin/sh
# SIGTERM and Ctrl-C: what was accepted is answered, nothing new is taken, and the status is 0. Wrong usage is found before
# anything is opened.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
cp "$cat_png" cat.png

for signal in TERM INT; do
    start --quiet
    for i in 1 2 3; do
        curl -sS --max-time 120 -o "answer$i" -w '%{http_code}' -F image=@cat.png -F 'prompt=a cat' "$url/v1/detect" >"code$i" &
    done
    for _ in $(seq 100); do
        [ "$(metric clipsight_queue_length)" != 3 ] || break
        sleep 0.05
    done
    stop_by "$signal"
    for i in 1 2 3; do
        for _ in $(seq 50); do
            [ ! -s "code$i" ] || break
            sleep 0.1
        done
        [ "$(cat "code$i")" = 200 ] || fail "a request that was accepted ended with '$(cat "code$i")' after SIG$signal"
        grep -q '"detections"' "answer$i" || fail "answer $i is not whole"
    done
    if curl -sS --max-time 5 "$url/healthz" >/dev/null 2>&1; then fail "it still answers"; fi
done

# A connection that sleeps in the middle of its headers does not hold it up for longer than a request may take.
start --timeout 2
(sleep 6) | curl -sS --max-time 8 "telnet://127.0.0.1:$port" >/dev/null 2>&1 &
sleep 0.5
began=$(date +%s)
stop
[ $(($(date +%s) - began)) -le 5 ] || fail "it took too long to stop"

# While it waits for a database that does not answer (it is a server like itself, which waits for the rest of a request), a
# second Ctrl-C ends it as it ends anything. Without libpq it does not wait at all.
start --quiet
env --default-signal=INT "$CLIPSIGHT" serve --port 0 --threads 1 --store "postgresql://127.0.0.1:$port/x" >/dev/null 2>"$scratch/err" &
waiting=$!
until_connected() {
    for _ in $(seq 100); do
        [ "$(metric clipsight_connections)" -lt 2 ] || return 0
        kill -0 "$waiting" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}
if until_connected; then
    began=$(date +%s)
    kill -INT "$waiting"
    sleep 0.5
    kill -INT "$waiting" 2>/dev/null
    wait "$waiting"
    [ $(($(date +%s) - began)) -le 3 ] || fail 'Ctrl-C does not reach a server that waits for its database'
fi
stop

wrong "--port: expected a whole number between 0 and 65535, got '99999'" serve --port 99999
wrong "expected no photographs, got 'cat.png'" serve cat.png
wrong '--token and --token-file: expected one of them' serve --token a --token-file b
wrong '--tokn: unknown option; did you mean --token?' serve --tokn a
run serve --token-file nothing
expect_status 1
expect_err '--token-file: nothing: cannot open'
run serve --host 192.0.2.1 --port 0
expect_status 1
expect_err '192.0.2.1 port 0: cannot listen'
run serve --host nowhere.invalid
expect_status 1
start --quiet
run serve --port "$port"
expect_status 1
expect_err "port $port: cannot listen: Address already in use"
stop
