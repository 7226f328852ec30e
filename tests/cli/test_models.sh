#!/bin/sh
# clipsight models: from a hub into the cache, and what can be done with it there.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
# shellcheck source=tests/cli/hub.sh
. "$PROJECT/tests/cli/hub.sh"
offer some/starter

# Without an endpoint there is nothing to ask.
run models pull some/starter
expect_status 1
expect_no_out
expect_err 'some/starter: no endpoint is set.*--endpoint https://.*HF_ENDPOINT'
run detect "$cat_png" -p 'a cat' -m some/starter
expect_status 1
expect_err "fetch it with: clipsight models pull some/starter"

# Fetched, and silent about it where nobody looks at a terminal.
# shellcheck disable=SC2119
start_hub
run models pull some/starter
expect_status 0
expect_no_err
folder=$scratch/cache/models/some--starter
[ "$(cat "$scratch/out")" = "$folder" ] || fail "expected the folder $folder"
cmp -s "$folder/model.safetensors" "$PROJECT/models/starter/model.safetensors" || fail 'expected the same weights'
expect_downloads 5
expect_files 5 "$folder"
run models pull some/starter --quiet
expect_status 0
expect_no_out
expect_downloads 5

# The name is good everywhere.
run classify "$cat_png" -p 'a cat' -p 'a dog' --format json
cp "$scratch/out" "$scratch/first"
run classify "$cat_png" -p 'a cat' -p 'a dog' --format json -m some/starter
expect_status 0
cmp -s "$scratch/first" "$scratch/out" || fail 'expected what the starter says'

run models info some/starter
expect_status 0
for pattern in '^name  *some/starter$' '^type  *clipsight_starter' '^licence' 'GMAC a picture' '^parameters  *[0-9.]* million' \
    '^memory needed  *about [0-9.]* MB'; do expect_out "$pattern"; done

run models list
expect_status 0
expect_lines 2
expect_out '^starter  *[0-9.]* MB  starter '
expect_out "^some/starter  *[0-9.]* MB  cache  *$folder\$"
run models list --format json
expect_status 0
expect_out "^{\"name\": \"some/starter\", \"source\": \"cache\", \"bytes\": [0-9]*, \"folder\": \"$folder\"}\$"

# What other programs have fetched is listed and used, but not removed.
mkdir -p "$scratch/hub/models--other--clip/snapshots/1234" "$scratch/hub/models--other--gpt/snapshots/1"
cp "$PROJECT"/models/starter/*.json "$scratch/hub/models--other--clip/snapshots/1234"
ln -s "$PROJECT/models/starter/model.safetensors" "$scratch/hub/models--other--clip/snapshots/1234"
run classify "$cat_png" -p 'a cat' -p 'a dog' --format json -m other/clip
expect_status 0
cmp -s "$scratch/first" "$scratch/out" || fail 'expected what the starter says'
run models remove other/clip
expect_status 1
expect_err 'belongs to other programs'
[ -d "$scratch/hub/models--other--clip/snapshots/1234" ] || fail 'expected the snapshot to stay'

run models remove starter
expect_status 1
expect_err 'part of clipsight'
run models remove some/starter
expect_status 0
expect_no_out
expect_absent "$folder"
run models remove some/starter
expect_status 1
expect_err "not in clipsight's cache"

# The token goes along, and the revision.
HF_TOKEN=secret run models pull some/starter --revision main --endpoint "$HF_ENDPOINT/"
expect_status 0
[ "$(grep -c 'authorization=Bearer secret' "$scratch/log")" -eq 6 ] || fail 'expected the token with each request'
run models pull some/starter --revision none
expect_status 1
expect_err 'no such model, revision or file'
run models pull no/model
expect_status 1
expect_err 'status 404'
stop_hub

# Nobody answers: said without a wait of minutes.
run models pull some/starter --endpoint http://127.0.0.1:1
expect_status 1
expect_err '^clipsight: some/starter: '
