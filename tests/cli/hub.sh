# A hub for the tests of `clipsight models`; sourced behind support.sh. It serves the folder $scratch/site.
# shellcheck shell=sh
: "${HUB_SERVER:?the built tests/fetch/hub_server.c}" "${scratch:?support.sh comes first}"
export CLIPSIGHT_CACHE="$scratch/cache" HF_HUB_CACHE="$scratch/hub"
unset HF_ENDPOINT HF_TOKEN HF_HOME http_proxy
mkdir "$scratch/site"

# offer MODEL: the starter under another name, main branch.
offer() {
    mkdir -p "$scratch/site/$1/main"
    for file in config.json model.safetensors tokenizer.json preprocessor_config.json README.md; do
        ln -s "$PROJECT/models/starter/$file" "$scratch/site/$1/main/$file"
    done
}

# start_hub OPTION...: sets HF_ENDPOINT. The server ends with this shell.
# shellcheck disable=SC2120
start_hub() {
    : >"$scratch/log"
    "$HUB_SERVER" "$scratch/site" "$@" >"$scratch/log" &
    hub=$!
    wait_for test -s "$scratch/log" || fail 'the hub does not start'
    HF_ENDPOINT=http://127.0.0.1:$(head -n 1 "$scratch/log")
    export HF_ENDPOINT
}

stop_hub() {
    kill "$hub"
    wait "$hub" 2>/dev/null
    unset HF_ENDPOINT
}

# How many requests for files the hub has seen.
expect_downloads() {
    seen=$(grep -c /resolve/ "$scratch/log")
    [ "$seen" -eq "$1" ] || fail "expected $1 requests for files, the hub saw $seen: $(cat "$scratch/log")"
}
