#!/bin/sh
# clipsight models: help, wrong usage, and converting.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
export CLIPSIGHT_CACHE="$scratch/cache"
unset HF_ENDPOINT

wrong 'expected pull, list, info, remove, check or convert' models
wrong '^clipsight models: lst: unknown action; did you mean list?' models lst
wrong 'did you mean remove?' help models remov
wrong '^clipsight models pull: expected one model' models pull
wrong 'got 2 words' models pull a/b c/d
wrong '--photo: unknown option' models pull a/b --photo x.jpg
wrong '--endpoint: expected URL, got an empty text' models pull a/b --endpoint ''
wrong 'expected options only, got 1 words' models list x
wrong "--format: expected table or json, got 'csv'" models list --format csv
wrong 'expected one model' models info
wrong 'expected one model' models remove
wrong 'expected one model' models check
wrong 'expected a checkpoint and the file to write' models convert one.bin

for action in pull list info remove check convert; do
    run models $action --help
    expect_status 0
    expect_out "^Usage: clipsight models $action "
    cp "$scratch/out" "$scratch/first"
    run help models $action
    cmp -s "$scratch/first" "$scratch/out" || fail "expected the same as 'clipsight models $action --help'"
    run help models
    expect_out "^  models $action "
done
run help
expect_out '^  models '

for name in ../x a/.. /etc/passwd a/b/c a--b/c 'a b/c' ''; do
    run models pull "$name" --endpoint http://127.0.0.1:1
    expect_status 1
    expect_err 'owner/name'
    run models remove "$name"
    expect_status 1
done
expect_absent "$scratch/cache"
run models pull a/b --endpoint 127.0.0.1
expect_status 1
expect_err "expected an address like https://"

run models convert "$PROJECT/models/starter" copy.safetensors
expect_status 0
expect_no_out
mkdir again
cp "$PROJECT"/models/starter/*.json again
cp copy.safetensors again/model.safetensors
run classify "$cat_png" -p 'a cat' -p 'a dog' --format json
cp "$scratch/out" "$scratch/first"
run classify "$cat_png" -p 'a cat' -p 'a dog' --format json -m again
expect_status 0
cmp -s "$scratch/first" "$scratch/out" || fail 'expected the same from the converted checkpoint'
run models convert nothing.bin copy.safetensors
expect_status 1
expect_err 'nothing.bin'
run models convert starter other.bin
expect_status 1
expect_absent other.bin
