#!/bin/sh
# The second library works from where it was installed, and the first one needs no network code.
# shellcheck source=tests/project/support.sh
. "$PROJECT/tests/project/support.sh"
install_for clipsight-tools

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
build_client clipsight-tools
seen=$(cd "$folder" && CLIPSIGHT_CACHE=$folder HF_HUB_CACHE=$folder LD_LIBRARY_PATH=$libraries "$prefix/bin/client") ||
    fail "the client failed on the installed library"
case $seen in
"starter: $prefix/"*) ;;
*) fail "the client found no starter: $seen" ;;
esac
