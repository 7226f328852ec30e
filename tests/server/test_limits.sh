#!/bin/sh
# Every limit is kept, by its own status; a token and other sites' pages are looked at before anything else.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
cp "$cat_png" cat.png

start --max-body 300000 --max-pixels 100000 --max-prompts 2 --max-prompt-bytes 20 --max-header 4096 --max-windows 100
refused 413 too_many_pixels -F image=@cat.png -F prompt=a "$url/v1/detect"
head -c 300001 /dev/zero >large
refused 413 body_too_large --data-binary @large -H 'Content-Type: image/png' "$url/v1/detect?prompt=a"
# Also where it waits to be asked, where it says no length, and where it is far too large to be let in.
refused 413 body_too_large --data-binary @large -H 'Content-Type: image/png' -H 'Expect: 100-continue' "$url/v1/detect"
refused 413 body_too_large --data-binary @large -H 'Content-Type: image/png' -H 'Transfer-Encoding: chunked' "$url/v1/detect"
ran='a request that announces a terabyte'
printf 'POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000000000000\r\n\r\n' |
    curl -sS --max-time 20 "telnet://127.0.0.1:$port" >"$scratch/out" 2>"$scratch/err" || true
expect_out '^HTTP/1.1 413'
refused 422 too_many_prompts -F 'text=a' -F text=b -F text=c "$url/v1/embed"
refused 422 text_too_long -F 'text=a text of twenty-one.' "$url/v1/embed"
refused 422 text_too_long -F text=a -F 'template=a photograph of {}...' "$url/v1/embed"
ask 200 -F 'text=a text of twenty....' -F text=b "$url/v1/embed"
# Headers of four times the limit no longer reach us, and get the HTTP library's own page.
for length in 4100 8000 13000; do
    refused 431 headers_too_large -H "X-Long: $(head -c "$length" /dev/zero | tr '\0' x)" "$url/healthz"
done
refused 431 headers_too_large "$url/v1/nothing?$(head -c 4100 /dev/zero | tr '\0' x)"
refused 431 headers_too_large -F image=@cat.png -F prompt=a -H "X-Long: $(head -c 4100 /dev/zero | tr '\0' x)" "$url/v1/detect"
[ "$(metric 'clipsight_requests_total{route="healthz",status="431"}')" = 3 ] || fail '431 is not counted'
ask 431 -H "X-Long: $(head -c 20000 /dev/zero | tr '\0' x)" "$url/healthz"
# A query of many short pairs is read as far as one of few long ones.
pairs() {
    i=0
    while [ $i -lt "$1" ]; do
        printf '%s' "$2"
        i=$((i + 1))
    done
}
ask 200 --max-time 10 "$url/healthz?$(pairs 1300 'a=&')"
refused 431 headers_too_large --max-time 10 "$url/healthz?$(pairs 2000 'a=&')"
alive
stop
start --max-header 4096 --max-prompts 200
ask 200 --max-time 10 --data-binary @cat.png -H 'Content-Type: image/png' "$url/v1/classify?$(pairs 150 'prompt=a%20cat&')"
stop
start
ask 200 --max-time 10 "$url/healthz?$(pairs 2000 'a=&')"
refused 400 malformed_query --max-time 10 -F image=@cat.png "$url/v1/detect?$(pairs 1025 'a=&')"
refused 422 unknown_field --max-time 10 -F image=@cat.png "$url/v1/detect?$(pairs 1000 'a=&')"
alive
stop

start --token 'open sesame'
ask 200 "$url/healthz"
ask 200 "$url/"
ask 200 "$url/openapi.json"
for path in /v1/models /metrics; do refused 401 unauthorized "$url$path"; done
refused 401 unauthorized -F text=a "$url/v1/embed"
expect_header '^WWW-Authenticate: Bearer'
for token in 'open sesam' 'open sesame!' 'Open sesame' '' 'x'; do
    refused 401 unauthorized -H "Authorization: Bearer $token" "$url/v1/models"
done
refused 401 unauthorized -H 'Authorization: Basic b3BlbiBzZXNhbWU=' "$url/v1/models"
ask 200 -H 'Authorization: Bearer open sesame' "$url/v1/models"
# With a token, any name will do.
ask 200 -H 'Host: example.org' "$url/"
stop
echo 'from a file' >token
start --token-file token --allow-origin https://friend.example
ask 200 -H 'Authorization: Bearer from a file' "$url/v1/models"
ask 200 -H 'Authorization: Bearer from a file' -H 'Origin: https://friend.example' "$url/v1/models"
expect_header '^Access-Control-Allow-Origin: https://friend.example'
ask 204 -X OPTIONS -H 'Origin: https://friend.example' -H 'Access-Control-Request-Method: POST' "$url/v1/detect"
expect_header '^Access-Control-Allow-Headers: Authorization'
refused 403 cross_origin -X OPTIONS -H 'Origin: https://foe.example' "$url/v1/detect"
ask 200 -H 'Authorization: Bearer from a file' -H 'Origin: https://friend.example' -H 'Sec-Fetch-Site: cross-site' "$url/v1/models"
refused 403 cross_origin -H 'Authorization: Bearer from a file' -H 'Sec-Fetch-Site: cross-site' "$url/v1/models"
stop
start --allow-origin '*'
ask 200 -H 'Sec-Fetch-Site: cross-site' "$url/v1/models"
stop

start --allow-host box.example
for origin in https://foe.example null "http://127.0.0.1:$((port + 1))" "https://127.0.0.1:$port.foe.example"; do
    refused 403 cross_origin -H "Origin: $origin" "$url/healthz"
done
# A picture or a link in a foreign page has no Origin.
for site in cross-site same-site; do
    for path in /v1/models /metrics; do refused 403 cross_origin -H "Sec-Fetch-Site: $site" "$url$path"; done
    refused 403 cross_origin -F text=a -H "Sec-Fetch-Site: $site" "$url/v1/embed"
    ask 200 -H "Sec-Fetch-Site: $site" "$url/"
done
for site in same-origin none; do ask 200 -H "Sec-Fetch-Site: $site" "$url/v1/models"; done
ask 200 -H "Origin: $url" -H 'Sec-Fetch-Site: same-origin' "$url/v1/models"
ask 200 -H "Origin: $url" "$url/healthz"
if grep -qi '^access-control' "$scratch/headers"; then fail "the server's own page needs no permission"; fi
for host in foe.example localhost.foe.example "foe.example:$port"; do
    refused 403 unknown_host -H "Host: $host" "$url/"
done
for host in localhost "localhost:$port" 127.0.0.1 '[::1]' box.example "BOX.example:$port"; do
    ask 200 -H "Host: $host" "$url/"
done
stop

# One address with too many connections is told so, and others would not be.
start --max-per-address 2
(sleep 3) | curl -sS --max-time 5 "telnet://127.0.0.1:$port" >/dev/null 2>&1 &
(sleep 3) | curl -sS --max-time 5 "telnet://127.0.0.1:$port" >/dev/null 2>&1 &
sleep 1
refused 429 too_many_connections "$url/healthz"
expect_header '^Retry-After: [1-9]'
sleep 6
ask 200 "$url/healthz"
stop

# It is told so for as long as there are too many, and no longer: a connection that stays is answered once others are gone.
start --max-per-address 1
text=' /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\ntext=a'
(sleep 3) | curl -sS --max-time 4 "telnet://127.0.0.1:$port" >/dev/null 2>&1 &
sleep 1
ran='two requests on a connection that was one too many when it came'
{
    printf 'POST%b' "$text"
    sleep 5
    printf 'POST%b' "$text"
    sleep 1
} | curl -sS --max-time 8 "telnet://127.0.0.1:$port" >"$scratch/out" 2>"$scratch/err" || true
statuses=$(tr -d '\r' <"$scratch/out" | sed -n 's/.*HTTP\/1.1 \([0-9]*\) .*/\1/p' | tr '\n' ' ')
[ "$statuses" = '429 200 ' ] || fail "expected the statuses 429 and 200, got $statuses"
stop

# What took too long would do so again.
start --timeout 1 --max-windows 100000
refused 503 timeout -F image=@cat.png -F prompt=a -F patch=2 -F window=2 "$url/v1/localize"
if grep -qi '^retry-after' "$scratch/headers"; then fail 'a request that took too long is not worth repeating'; fi
stop

# Where the model lies on this machine is nobody's business.
mkdir -p private/place
cp -r "$CLIPSIGHT_MODELS/starter" private/place/mine
for model in "$PWD/private/place/mine" "$PWD/private/place/mine//" private/place/mine ./private/place/mine/ private/place/../place/mine; do
    start --quiet --model "$model"
    ask 200 "$url/v1/models"
    expect_out '"name": "mine"'
    ask 200 "$url/metrics"
    expect_out '^clipsight_build_info{version="[^"]*",model="mine"} 1$'
    stop
done
cd private/place/mine || exit 1
start --quiet --model .
ask 200 "$url/v1/models"
expect_out '"name": "model"'
stop
