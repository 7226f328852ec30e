#!/bin/sh
# What the server answers equals what the command writes, and every mistake has its status.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
cp "$cat_png" cat.png
cp "$flower_jpg" flower.jpg
start --quiet

# same COMMAND ARGUMENT...: the body equals the command's output. (The command runs with one thread, as the server.)
same() {
    cp "$scratch/out" "$scratch/answered"
    run "$@" --threads 1
    expect_status 0
    cmp -s "$scratch/answered" "$scratch/out" ||
        fail "the server answered: $(head -c 600 "$scratch/answered")"
}

ask 200 -F image=@cat.png -F 'prompt=a cat' -F 'prompt=a flower' "$url/v1/detect"
expect_header '^Content-Type: application/json$'
expect_header '^X-Content-Type-Options: nosniff'
same detect cat.png -p 'a cat' -p 'a flower' --format json
ask 200 -F image=@flower.jpg -F 'prompt=a flower' -F min_score=0 -F threshold=0.4 -F overlap=0 -F single=true "$url/v1/detect"
same detect flower.jpg -p 'a flower' --min-score 0 --threshold 0.4 --overlap 0 --single --format json
ask 200 -F image=@flower.jpg -F 'prompt=a flower' -F 'negative=a cat' -F method=region "$url/v1/detect"
same detect flower.jpg -p 'a flower' --negative 'a cat' --method region --format json
ask 200 -F image=@cat.png -F 'prompt=a cat' -F 'template=a photo of {}' "$url/v1/classify"
same classify cat.png -p 'a cat' --template 'a photo of {}' --format json
ask 200 -F image=@cat.png -F 'prompt=a cat' -F window=3 -F stride=3 -F recipe=chapter "$url/v1/localize"
same localize cat.png -p 'a cat' --window 3 --stride 3 --recipe chapter --format json
ask 200 -F image=@cat.png "$url/v1/embed"
same embed cat.png
ask 200 -F 'text=a cat' -F 'text=a dog' "$url/v1/embed"
expect_header '^Content-Type: application/x-ndjson'
same embed -t 'a cat' -t 'a dog'
ask 200 --data-urlencode 'text=a cat & a dog' -H 'Accept: application/x-npy' "$url/v1/embed"
same embed -t 'a cat & a dog' --format npy

# The photograph itself as the body, its options in the query; its name is then "-".
ask 200 --data-binary @cat.png -H 'Content-Type: image/png' "$url/v1/detect?prompt=a+cat&min_score=0.5"
same detect - -p 'a cat' --min-score 0.5 --format json <cat.png
# The name of an upload is data, whatever it holds.
ask 200 -F 'image=@cat.png;filename="../a \"b\" c.png"' -F 'prompt=a cat' "$url/v1/classify"
expect_out '^{"image":"../a \\"b\\" c.png"'
# What the form says counts in place of what the query says, of one field as of several.
ask 200 -F image=@cat.png -F 'prompt=a cat' -F 'negative=a dog' -F min_score=0.5 -F method=window \
    "$url/v1/detect?prompt=a+flower&prompt=a+bird&negative=snow&min_score=0.9&image=no&threshold=0.6"
same detect cat.png -p 'a cat' --negative 'a dog' --min-score 0.5 --method window --threshold 0.6 --format json
ask 200 --data 'text=a cat' "$url/v1/embed?text=a+dog&template=a+photo+of+%7B%7D"
same embed -t 'a cat' --template 'a photo of {}'
# Chunked, without a length.
ask 200 -F image=@cat.png -F 'prompt=a cat' -H 'Transfer-Encoding: chunked' "$url/v1/classify"

# Pictures.
ask 200 -F image=@cat.png -F 'prompt=a cat' -H 'Accept: image/png' "$url/v1/detect"
expect_header '^Content-Type: image/png'
expect_file png "$scratch/out"
cp "$scratch/out" served.png
run detect cat.png -p 'a cat' --threads 1 -o drawn.png
cmp -s served.png drawn.png || fail "the server draws otherwise than the command"
ask 200 -F image=@cat.png -F 'prompt=a cat' -F 'prompt=a dog' -F index=1 -F method=dense -H 'Accept: image/*' "$url/v1/localize"
expect_file png "$scratch/out"
ask 200 -F image=@cat.png -F 'prompt=a cat' -H 'Accept: text/html, */*;q=0.8' "$url/v1/detect"
expect_header '^Content-Type: application/json'
ask 200 -F image=@cat.png -F 'prompt=a cat' -H 'Accept: image/png;q=0.2, application/json' "$url/v1/detect"
expect_header '^Content-Type: application/json'

# Connections stay, whatever was asked for.
ran='several requests on one connection'
for path in /healthz / /v1/models /nothing; do
    curl -sS -o /dev/null -o /dev/null -w '%{num_connects} ' "$url$path" "$url$path" >connects
    [ "$(cat connects)" = '1 0 ' ] || fail "expected one connection for $path twice, got $(cat connects)"
done
curl -sS -I -o /dev/null -o /dev/null -w '%{num_connects} ' "$url/" "$url/" >connects
[ "$(cat connects)" = '1 0 ' ] || fail "expected one connection for HEAD twice, got $(cat connects)"
get='GET /healthz HTTP/1.1\r\nHost: localhost\r\n'
{
    printf '%b' "$get\r\n$get\r\n$get""Connection: close\r\n\r\n"
    sleep 1
} | curl -sS --max-time 5 "telnet://127.0.0.1:$port" >"$scratch/out" 2>"$scratch/err" || true
[ "$(grep -c '"ok"' "$scratch/out")" -eq 3 ] || fail 'three requests at once have not three answers'

# The rest of what there is.
ask 200 "$url/v1/models"
expect_out '"name": "starter"'
ask 200 "$url/healthz"
expect_out '^{"status": "ok"}$'
ask 200 "$url/openapi.json"
expect_out '"openapi": "3.1.0"'
ask 200 "$url/"
expect_header "^Content-Security-Policy: default-src 'none'; script-src 'self'"
grep -oE '(src|href|data-url)="/[^"]+"' "$scratch/out" | sed 's/.*"\(.*\)"/\1/' | sort -u >parts.txt
[ "$(wc -l <parts.txt)" -ge 5 ] || fail "the page has too few parts: $(cat parts.txt)"
while read -r part; do
    ask 200 "$url$part"
done <parts.txt
ask 200 -I "$url/"
ask 200 "$url/metrics"
expect_out '^clipsight_requests_total{route="detect",status="200"} [1-9]'
expect_out '^clipsight_prompt_cache_total{result="hit"} [1-9]'
expect_out '^clipsight_queue_length 0$'
ask 204 -X OPTIONS "$url/v1/detect"
expect_header '^Allow: POST, OPTIONS'

# 400
refused 400 malformed_body -H 'Content-Type: multipart/form-data' -d x "$url/v1/detect"
refused 400 malformed_body -H 'Content-Type: multipart/form-data; boundary=x' -d 'hello' "$url/v1/detect"
printf -- '--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na cat' >cut.txt
refused 400 malformed_body -H 'Content-Type: multipart/form-data; boundary=x' --data-binary @cut.txt "$url/v1/detect"
refused 400 malformed_body --data 'text=%zz' "$url/v1/embed"
refused 400 empty_body -H 'Content-Type: image/png' -d '' "$url/v1/detect"
refused 400 malformed_query --data-binary @cat.png -H 'Content-Type: image/png' "$url/v1/detect?prompt"
# 404, 405, 411
refused 404 not_found "$url/nothing"
refused 404 not_found --path-as-is "$url/../../../etc/passwd"
refused 404 not_found "$url/%2e%2e/%2e%2e/etc/passwd"
refused 404 not_found "$url/style.css/"
refused 405 method_not_allowed "$url/v1/detect"
expect_header '^Allow: POST, OPTIONS'
refused 405 method_not_allowed -X DELETE "$url/"
refused 405 method_not_allowed -X POST -d x "$url/healthz"
refused 411 length_required -X POST -H 'Content-Type: image/png' "$url/v1/detect"
# 413, 415
refused 415 unsupported_media_type -d '{}' -H 'Content-Type: application/json' "$url/v1/detect"
refused 415 unsupported_media_type -d 'prompt=a' "$url/v1/detect"
refused 415 unsupported_photograph -F image=@"$PROJECT/README.md" -F prompt=a "$url/v1/detect"
# 422
head -c 50000 cat.png >damaged.png
refused 422 damaged_photograph -F image=@damaged.png -F prompt=a "$url/v1/detect"
refused 422 missing_field -F prompt=a "$url/v1/detect"
refused 422 missing_field -F image=@cat.png "$url/v1/detect"
refused 422 missing_field -F image=@cat.png -F text=a "$url/v1/embed"
refused 422 unknown_field -F image=@cat.png -F prompt=a -F treshold=0.5 "$url/v1/detect"
refused 422 unknown_field -F image=@cat.png -F prompt=a -F threshold=0.5 "$url/v1/classify"
for value in 2 -1 nan inf 0x1 '' 0.5x; do
    refused 422 invalid_field -F image=@cat.png -F prompt=a -F "min_score=$value" "$url/v1/detect"
done
refused 422 invalid_field -F image=@cat.png -F prompt=a -F method=best "$url/v1/detect"
expect_out 'method: expected auto, window, occlusion, dense or region, got .best.'
refused 422 invalid_field -F image=@cat.png -F image=@cat.png -F prompt=a "$url/v1/detect"
refused 422 invalid_field -F image=@cat.png -F prompt=a -F patch=9 -F patch=8 "$url/v1/localize"
refused 422 invalid_field -F image=@cat.png -F prompt=a -F index=1 "$url/v1/localize"
refused 422 invalid_field -F image=@cat.png -F prompt=a -F 'template=a photo' "$url/v1/detect"
printf 'a\000b' >zero
refused 422 invalid_field -F image=@cat.png -F 'prompt=<zero' "$url/v1/detect"
printf '\377\376' >latin
refused 422 invalid_field -F image=@cat.png -F 'prompt=<latin' "$url/v1/detect"
refused 422 invalid_field -F image=@cat.png -F 'prompt= ' "$url/v1/detect"
refused 422 invalid_field -F image=@cat.png -F prompt=a -F method=dense -F patch=3 "$url/v1/detect"
refused 422 too_many_windows -F image=@cat.png -F prompt=a -F patch=1 -F window=1 "$url/v1/localize"
alive
stop
