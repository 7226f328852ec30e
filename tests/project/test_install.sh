#!/bin/sh
# What `cmake --install` leaves works from where it was put: a program made of README.md's example with pkg-config's
# flags finds the starter model below the prefix, and so does the command.
# shellcheck source=tests/project/support.sh
. "$PROJECT/tests/project/support.sh"
install_for clipsight

# Nothing of this tree may help: not the models that the tests use, not the headers, not the libraries.
unset CLIPSIGHT_MODELS
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$PROJECT/README.md" >"$folder/client.c"
[ -s "$folder/client.c" ] || fail "README.md has no example in C"
build_client clipsight

seen=$(cd "$folder" && LD_LIBRARY_PATH=$libraries "$prefix/bin/client" "$PROJECT/assets/chelsea.png") ||
    fail "README.md's example failed on the installed library"
case $seen in
*"a cat"*) ;;
*) fail "README.md's example found no cat: $seen" ;;
esac

seen=$(cd "$folder" && env -i "$prefix/bin/clipsight" detect --format json -p "a cat" "$PROJECT/assets/chelsea.png") ||
    fail "the installed command failed"
case $seen in
*'"label"'*'"a cat"'*) ;;
*) fail "the installed command found no cat: $seen" ;;
esac
