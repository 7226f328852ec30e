#!/bin/sh
# GET /v1/search and /v1/search/photo: the command's answers, and no file that is not a photograph of the store.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"

index_three
here=$(pwd -P)/photos

# same_hits ARGUMENT...: what was answered, but for the links, is what the command says, but for the folders.
same_hits() {
    sed 's/,"link":"[^"]*"//g' "$scratch/out" >"$scratch/answered"
    run search --store s.sqlite --threads 1 --format json "$@"
    expect_status 0
    sed 's#"image":"[^"]*/#"image":"#g' "$scratch/out" >"$scratch/said"
    same_numbers "$scratch/said" "$scratch/answered" ||
        fail "the server answered: $(cat "$scratch/answered")"
}

# link N: of the n-th hit.
link() {
    tr '{' '\n' <"$scratch/out" | sed -n 's/.*"link":"\([^"]*\)".*/\1/p' | sed -n "${1}p"
}

start --quiet --store s.sqlite
ask 200 "$url/v1/search?q=a+cat"
expect_header '^Content-Type: application/json$'
expect_out '^{"query":\[{"text":"a cat","weight":1.0}\],"hits":\[{"image":"cat.png","score":0\.[0-9]*,"width":451,"height":300,"link":"/v1/search/photo?id=[0-9a-f]\{32\}"}'
cat_link=$(link 1)
palace_link=$(link 2)
same_hits 'a cat'
ask 200 "$url/v1/search?q=a%20cat&q=a%20palace&not=a%20dog&top=2&template=a%20photo%20of%20%7B%7D"
same_hits 'a cat' 'a palace' --not 'a dog' --top 2 --template 'a photo of {}'
ask 200 "$url/v1/search?q=a+cat&where=true"
same_hits 'a cat' --where
ask 200 "$url/v1/search?q=a+cat&q=a+palace&where=1&box_score=0.5&exact=true"
expect_out '"boxes":\[{"label":"a palace",'
same_hits 'a cat' 'a palace' --where --box-score 0.5 --exact
ask 200 "$url/v1/search?q=a+cat&min_score=0.3"
same_hits 'a cat' --min-score 0.3
ask 200 "$url/v1/search?q=a+cat&min_score=1"
expect_out '"hits":\[\]'
# A photograph keeps its link, whatever finds it.
ask 200 "$url/v1/search?q=a+palace&top=1"
[ "$(link 1)" = "$palace_link" ] || fail "expected the palace with the link $palace_link"
! grep -q "$here" "$scratch/out" || fail 'the answer says where the photographs are'

# Photographs: small JPEGs.
ask 200 "$url$cat_link"
expect_header '^Content-Type: image/jpeg$'
expect_file jpg "$scratch/out"
cp "$scratch/out" small.jpg
ask 200 "$url$cat_link&size=64"
[ "$(wc -c <"$scratch/out")" -lt "$(wc -c <small.jpg)" ] || fail 'expected fewer bytes for fewer pixels'
run embed small.jpg --threads 1
expect_status 0
ask 200 -I "$url$cat_link"

# Nothing but photographs that were found, whatever is asked for.
for id in ../../../../etc/passwd /etc/passwd "$here/cat.png" cat.png 0 00000000000000000000000000000000 \
    "${cat_link#*=}0" "${cat_link#*=}%00" s.sqlite '%2e%2e%2f' "$(printf '%05000d' 0)"; do
    code=$(curl -sS -o "$scratch/out" -w '%{http_code}' "$url/v1/search/photo?id=$id")
    case $code in 404 | 422) ;; *) fail "id=$id: expected 404 or 422, got $code" ;; esac
    ! grep -q 'root:' "$scratch/out" || fail "id=$id gave away a file"
done
refused 422 missing_field "$url/v1/search/photo"
refused 404 not_found "$url/v1/search/photo?id="
refused 422 invalid_field "$url$cat_link&size=15"
refused 422 invalid_field "$url$cat_link&size=2049"
refused 422 unknown_field "$url$cat_link&path=/etc/passwd"
refused 404 not_found "$url/v1/search/photo/../../etc/passwd" --path-as-is
# A photograph that has become something else: a secret, a pipe, a folder; one that is gone.
echo 'a secret' >secret.txt
cp photos/palace.jpg keep.jpg
rm photos/palace.jpg
ln -s ../secret.txt photos/palace.jpg
refused 422 unprocessable "$url$palace_link"
! grep -q secret "$scratch/out" || fail 'a file that is no photograph was read out'
rm photos/palace.jpg
mkfifo photos/palace.jpg
refused 404 not_found "$url$palace_link"
rm photos/palace.jpg
mkdir photos/palace.jpg
refused 404 not_found "$url$palace_link"
rmdir photos/palace.jpg
refused 404 not_found "$url$palace_link"
expect_out 'the photograph is gone'
ask 200 "$url/v1/search?q=a+palace&where=true"
expect_out '"image":"palace.jpg",[^}]*"problem":"the photograph is gone"'
expect_out '"image":"cat.png",[^}]*"boxes":\['
# One that the store has forgotten since.
run index --store s.sqlite photos -q --threads 1
refused 404 not_found "$url$palace_link"
expect_out 'there is no photograph with this id'
mv keep.jpg photos/palace.jpg
refused 404 not_found "$url$palace_link"
run index --store s.sqlite photos -q --threads 1
ask 200 "$url$palace_link"
ask 200 "$url/v1/search?q=a+palace&top=1"
expect_out '"image":"palace.jpg"'

# Mistakes.
refused 422 missing_field "$url/v1/search"
refused 422 missing_field "$url/v1/search?not=a+cat"
refused 422 invalid_field "$url/v1/search?q="
refused 422 invalid_field "$url/v1/search?q=+"
refused 422 invalid_field "$url/v1/search?q=%ff"
refused 422 invalid_field "$url/v1/search?q=a+cat&top=0"
refused 422 invalid_field "$url/v1/search?q=a+cat&top=1001"
refused 422 invalid_field "$url/v1/search?q=a+cat&top=101&where=true"
refused 422 invalid_field "$url/v1/search?q=a+cat&top=3&top=4"
refused 422 invalid_field "$url/v1/search?q=a+cat&where=maybe"
refused 422 invalid_field "$url/v1/search?q=a+cat&template=a+photo"
refused 422 unknown_field "$url/v1/search?q=a+cat&store=/etc/passwd"
refused 422 unknown_field "$url/v1/search?q=a+cat&image=x"
refused 400 malformed_query "$url/v1/search?q"
refused 405 method_not_allowed -X POST -d q=x "$url/v1/search"
ask 204 -X OPTIONS "$url/v1/search"
expect_header '^Allow: GET, HEAD, OPTIONS'
refused 403 cross_origin -H 'Origin: https://example.org' "$url/v1/search?q=a+cat"
refused 403 unknown_host -H 'Host: example.org' "$url$cat_link"
q=$(printf 'q=a&%.0s' $(seq 65))
refused 422 too_many_prompts "$url/v1/search?${q%&}"
refused 422 text_too_long "$url/v1/search?q=$(printf '%01001d' 0)"
ask 200 "$url/v1/models"
expect_out '"search": {"photographs": 3}'
ask 200 "$url/metrics"
expect_out '^clipsight_requests_total{route="search",status="200"} [1-9]'
expect_out '^clipsight_requests_total{route="search_photo",status="404"} [1-9]'

# Many at once, some of which look where, and one that stops in the middle.
jobs=''
for i in 1 2 3; do
    curl -sS -o "many-$i" "$url/v1/search?q=a+cat&where=true" &
    jobs="$jobs $!"
    curl -sS -o "few-$i" "$url/v1/search?q=a+cat" &
    jobs="$jobs $!"
    curl -sS --max-time 0.2 -o /dev/null "$url/v1/search?q=a+dog+$i&where=true" 2>/dev/null &
done
# shellcheck disable=SC2086
wait $jobs
for i in 2 3; do
    cmp -s many-1 "many-$i" || fail 'the answers to one question differ'
    cmp -s few-1 "few-$i" || fail 'the answers to one question differ'
done
grep -q '"boxes":\[{"label":"a cat"' many-1 || fail 'there are no boxes'
alive
stop

# As many prompts as a search takes, whatever the server would take.
start --quiet --store s.sqlite --max-prompts 1000
q=$(printf 'q=a&%.0s' $(seq 499))
ask 200 "$url/v1/search?${q}not=b"
refused 422 too_many_prompts "$url/v1/search?${q}q=a&not=b"
expect_out 'at most 500 prompts'
stop

# Whole paths, if that is wanted; a token guards all of it.
start --quiet --store s.sqlite --show-paths --token secret
refused 401 unauthorized "$url/v1/search?q=a+cat"
refused 401 unauthorized "$url/v1/search/photo?id=x"
ask 200 -H 'Authorization: Bearer secret' "$url/v1/search?q=a+cat&top=1"
expect_out '"image":"'"$here"'/cat.png"'
# Another server's link is none here.
refused 404 not_found -H 'Authorization: Bearer secret' "$url$cat_link"
stop

# Without a store, and with one that is none.
start --quiet
refused 404 not_found "$url/v1/search?q=a+cat"
expect_out 'nothing to search in'
refused 405 method_not_allowed -X DELETE "$url/v1/search?q=a+cat"
refused 404 not_found "$url$cat_link"
ask 200 "$url/v1/models"
! grep -q '"search"' "$scratch/out" || fail 'expected no word of a search'
stop
cp s.sqlite broken.sqlite
start --quiet --store broken.sqlite
printf 'no store any more, and long enough to be read as one' | dd of=broken.sqlite bs=4096 count=1 conv=notrunc 2>/dev/null
dd if=/dev/zero of=broken.sqlite bs=4096 seek=1 count=20 conv=notrunc 2>/dev/null
# Whether it notices is the store's affair; where the file is stays its own.
curl -sS -o "$scratch/out" "$url/v1/search?q=a+cat"
! grep -q 'sqlite' "$scratch/out" || fail 'the answer says where the store is'
alive
stop
run serve --port 0 --store missing.sqlite
expect_status 1
expect_err 'missing.sqlite: '
run serve --port 0 --show-paths
expect_status 2
