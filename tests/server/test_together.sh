#!/bin/sh
# Requests that are there at the same time share the encoder's batches: each gets what it gets alone, small ones are not
# held up by a large one, and one that is out of time takes nobody with it.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
cp "$cat_png" cat.png
cp "$flower_jpg" flower.jpg

# NUMBER COMMAND PHOTOGRAPH OPTION...: as the command takes it. 7, 18, 16, 3, 8 and 6 windows, 6 squares and the whole,
# two whole photographs, and one that the dense method sees by itself.
requests='1 localize cat.png -p cat --window 13
2 localize flower.jpg -p flower -p cat --window 12
3 detect cat.png -p cat --method window --window 12
4 localize cat.png -p dog --window 11 --stride 3
5 detect flower.jpg -p flower --negative cat --method window --window 13
6 localize flower.jpg -p flower --window 9 --stride 4 --recipe chapter
7 localize cat.png -p cat --method occlusion --patch 100 --window 2
8 classify cat.png -p cat -p dog
9 embed flower.jpg
10 detect cat.png -p cat'

# What the command says to each.
while read -r number command photo options; do
    # shellcheck disable=SC2046,SC2086
    run "$command" "$photo" $options --threads 1 $([ "$command" = embed ] || echo '--format json')
    expect_status 0
    cp "$scratch/out" "expected.$number"
done <<END
$requests
END

# form OPTION...: as curl takes it.
form() {
    while [ $# -gt 0 ]; do
        name=$(echo "${1#--}" | sed 's/^-p$/prompt/')
        printf ' -F %s=%s' "$name" "$2"
        shift 2
    done
}

# post NUMBER COMMAND PHOTOGRAPH OPTION...: in the background; leaves code.NUMBER and answer.NUMBER.
post() {
    number=$1 command=$2 photo=$3
    shift 3
    # shellcheck disable=SC2046
    curl -sS --max-time 300 -o "answer.$number" -w '%{http_code}' -F "image=@$photo" $(form "$@") \
        "$url/v1/$command" >"code.$number" 2>>"$scratch/curl" &
    pids="$pids $!"
}

post_all() {
    pids=''
    rm -f answer.* code.*
    while read -r number command photo options; do
        # shellcheck disable=SC2086
        post "$number" "$command" "$photo" $options
    done <<END
$requests
END
}

# check NUMBER...: those that were posted.
check() {
    # shellcheck disable=SC2086
    wait $pids
    for number; do
        ran="request $number"
        [ "$(cat "code.$number")" = 200 ] || fail "expected status 200, got $(cat "code.$number")"
        same_numbers "answer.$number" "expected.$number" || fail "answered otherwise than alone: $(head -c 600 "answer.$number")"
    done
}

# shared: how many steps of the model so far worked on several requests.
shared() {
    curl -sS "$url/metrics" | awk '/^clipsight_batch_photographs_bucket.le="1"/ { one = $2 }
        /^clipsight_batch_photographs_count/ { all = $2 } END { print all - one }'
}

# A large request of 19 x 30 windows, then the small ones.
start --quiet --timeout 300
curl -sS --max-time 300 -o large -F image=@cat.png -F prompt=cat -F patch=14 -F window=3 "$url/v1/localize" &
large=$!
for _ in $(seq 100); do
    [ "$(metric clipsight_batch_pictures_count)" = 0 ] || break
    sleep 0.1
done
post_all
check 1 2 3 4 5 6 7 8 9 10
kill -0 "$large" 2>/dev/null || fail 'the large request was not held up by the small ones, but they by it'
[ "$(metric 'clipsight_requests_total{route="localize",status="200"}')" -eq 5 ] || fail 'the large one is done already'
[ "$(shared)" -ge 1 ] || fail 'no batch held windows of several requests'
wait "$large" || fail 'the large request got no answer'
run localize cat.png -p cat --patch 14 --window 3 --threads 1 --format json
same_numbers large "$scratch/out" || fail 'the large request was answered otherwise than alone'
[ "$(metric clipsight_batch_pictures_sum | sed 's/\..*//')" -eq $((19 * 30 + 67)) ] ||
    fail "expected 570 and 67 pictures in batches, got $(metric clipsight_batch_pictures_sum)"
stop

# Out of time in the midst of it, while another shares its batches. (More windows than any machine does in the time.)
start --quiet --timeout 15 --max-windows 100000
curl -sS --max-time 300 -o large -F image=@cat.png -F prompt=cat -F patch=2 -F window=2 "$url/v1/localize" &
large=$!
sleep 1
pids=''
post 1 localize cat.png -p cat --window 13
check 1
wait "$large" || fail 'the large request got no answer'
ran='a request of 33,376 windows in 15 seconds'
grep -q '"code": "timeout"' large || fail "expected a timeout, got $(head -c 200 large)"
alive
stop
