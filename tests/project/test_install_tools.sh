#!/bin/sh
# The second library works from where it was installed, and the first one needs no network code.
set -eu
fail() {
    echo "$1"
    exit 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix="$folder/a prefix"
cmake --install "$BUILD" --prefix "$prefix" >"$folder/log" 2>&1 || fail "$(cat "$folder/log")"
pc=$(find "$prefix" -name clipsight-tools.pc)
[ -n "$pc" ] || fail "no clipsight-tools.pc was installed"
libraries=$(dirname "$(dirname "$pc")")

needed=$(objdump -p "$libraries/libclipsight.so" | awk '$1 == "NEEDED" { print $2 }')
case $needed in
*curl* | *crypto*) fail "libclipsight needs $needed" ;;
esac

unset CLIPSIGHT_MODELS
cat >"$folder/client.c" <<'END'
#include <clipsight_tools.h>
#include <stdio.h>

int main(void) {
    cs_model_list *list = NULL;
    cs_error error;
    if (cs_models_list(&list, &error) != CS_OK) return 1;
    if (cs_models_pull("a/b", NULL, NULL, &error) != CS_ERR_ARGUMENT) return 2;
    for (size_t i = 0; i < cs_model_list_count(list); i++)
        printf("%s: %s\n", cs_model_list_get(list, i)->name, cs_model_list_get(list, i)->folder);
    cs_model_list_free(list);
    return 0;
}
END
flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs clipsight-tools)
(cd "$folder" && eval "gcc -std=c11 -Wall -Wextra -Werror client.c $flags -o 'a prefix/bin/client'") ||
    fail "a client does not compile with: $flags"
seen=$(cd "$folder" && CLIPSIGHT_CACHE=$folder HF_HUB_CACHE=$folder LD_LIBRARY_PATH=$libraries "$prefix/bin/client") ||
    fail "the client failed on the installed library"
case $seen in
"starter: $prefix/"*) ;;
*) fail "the client found no starter: $seen" ;;
esac
