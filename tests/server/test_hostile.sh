#!/bin/sh
# Slow, broken and hostile clients: the server stays, nobody else waits for them, and memory stays flat.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
: "${LOAD:?the load client}"
cp "$cat_png" cat.png

# load ARGUMENT...: its report on stdout; it must be content.
load() {
    ran="load $*"
    "$LOAD" "$port" "$@" >"$scratch/out" 2>"$scratch/err" || fail "the load client is not content"
}

# Headers that never end hold a connection for as long as a request may take, and nobody up meanwhile.
start --timeout 3 --max-per-address 64
"$LOAD" "$port" drip 40 30 >drip.txt 2>&1 &
drip=$!
sleep 1
began=$(date +%s)
for _ in 1 2 3; do
    ask 200 -F 'text=a cat' "$url/v1/embed"
    ask 200 "$url/healthz"
done
[ $(($(date +%s) - began)) -le 10 ] || fail "slow clients hold others up"
wait "$drip" || fail "dripping clients: $(cat drip.txt)"
longest=$(sed -n 's/.*longest \([0-9]*\)\..*/\1/p' drip.txt)
[ "$longest" -le 6 ] || fail "a dripping client was borne for $longest seconds"

# Half a body, and gone; the same with a body that stops coming.
load half 50 /v1/classify 'prompt=a cat' cat.png
alive
ran='a body that stops coming'
{
    printf 'POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\nabc'
    sleep 6
} | curl -sS --max-time 9 "telnet://127.0.0.1:$port" >"$scratch/out" 2>"$scratch/err"
for _ in $(seq 30); do
    [ "$(metric clipsight_body_bytes)" != 0 ] || break
    sleep 0.1
done
[ "$(metric clipsight_body_bytes)" = 0 ] || fail "bodies of clients that left are still held"
stop

# No HTTP at all.
start --quiet
for bytes in 'hello\r\n\r\n' '\000\001\002\r\n\r\n' 'GET\r\n\r\n' 'GET / HTTP/9.9\r\n\r\n' \
    'POST /v1/detect HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n' \
    'POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: image/png\r\n\r\nzz\r\n'; do
    # shellcheck disable=SC2059
    printf "$bytes" | curl -sS --max-time 3 "telnet://127.0.0.1:$port" >/dev/null 2>&1 || true
    alive
done
ask 200 "$url/healthz"

# Many at once: each is answered, if only by "come back later".
load burst 200 /v1/classify 'prompt=a cat' cat.png
busy=$(sed -n 's/^status 503: //p' "$scratch/out")
done_=$(sed -n 's/^status 200: //p' "$scratch/out")
too_many=$(sed -n 's/^status 429: //p' "$scratch/out")
[ $((${busy:-0} + ${done_:-0} + ${too_many:-0})) -eq 200 ] || fail "200 clients, and not as many answers"
[ "${done_:-0}" -ge 1 ] || fail "nobody got an answer"
stop
start --max-per-address 256 --queue 8
load burst 200 /v1/classify 'prompt=a cat' cat.png
stop
start --max-per-address 256 --queue 256
load burst 200 /v1/classify 'prompt=a cat' cat.png
[ "$(sed -n 's/^status 200: //p' "$scratch/out")" -eq 200 ] || fail "the queue has room, and yet not all were answered"
largest=$(curl -sS "$url/metrics" | awk '/^clipsight_batch_photographs_bucket.le="1"/ { one = $2 } /^clipsight_batch_photographs_count/ { all = $2 } END { print all - one }')
[ "$largest" -ge 1 ] || fail "no two of 200 requests were encoded together"

# Many small ones, and memory that stays where it was. The address sanitizer keeps what is freed for a while, 256 MB of it
# unless told otherwise, and does not give pages back: with little of that, the check says as much there.
if grep -q __asan_init "$CLIPSIGHT"; then
    stop
    ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=2:thread_local_quarantine_size_kb=64
    export ASAN_OPTIONS
    start --max-per-address 256 --queue 256
fi
# The server tidies up every ten seconds.
settled() {
    sleep 11
    resident
}
load get 8 2000 /healthz
load round 4 96 cat.png "$flower_jpg"
before=$(settled)
load get 8 10000 /v1/models
load round 4 128 cat.png "$flower_jpg"
after=$(settled)
[ $((after * 100)) -le $((before * 105)) ] || fail "memory grew from $before to $after kB"
[ "$(metric clipsight_queue_length)" = 0 ] || fail "requests are left in the queue"
alive
stop
