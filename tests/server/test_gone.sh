#!/bin/sh
# Clients that leave before their answer is made: nothing more is computed for them, and others get their place.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
cp "$PROJECT/assets/china.jpg" china.jpg

# leave: asks for what takes minutes, and is gone after a second.
leave() {
    curl -sS --max-time 1 -F image=@china.jpg -F 'prompt=a cat' -F method=window -F patch=9 "$url/v1/detect" >/dev/null 2>&1 || true
}

# becomes LENGTH: the queue, within five seconds.
becomes() {
    for _ in $(seq 50); do
        [ "$(metric clipsight_queue_length)" != "$1" ] || return 0
        sleep 0.1
    done
    fail "expected $1 requests in the queue, got $(metric clipsight_queue_length)"
}

# While it is computed.
start --log
leave
becomes 0
grep -q ' detect 499 ' "$scratch/err" || fail "the log does not say that a client left: $(cat "$scratch/err")"
[ "$(metric 'clipsight_requests_total{route="detect",status="499"}')" = 1 ] || fail "a client that left is not counted"
ask 200 -F 'text=a cat' "$url/v1/embed"
stop

# While it waits to be decoded, behind two that are enough for the memory of decoded ones.
start --queue 3 --max-pixels 300000
for _ in 1 2; do
    curl -sS --max-time 60 -F image=@china.jpg -F 'prompt=a cat' -F method=window -F patch=9 "$url/v1/detect" >/dev/null 2>&1 &
    sleep 0.5
done
leave
becomes 2
leave
becomes 2
stop_all
