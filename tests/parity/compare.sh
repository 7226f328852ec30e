#!/bin/sh
# Compares clipsight with PyTorch, where PyTorch is at hand (tests/references/requirements.txt).
#
#   tests/parity/compare.sh BUILD FOLDER           makes the small models in FOLDER and compares; also checks that
#                                                  tests/data/models is still what the libraries give
#   tests/parity/compare.sh --full BUILD FOLDER    the same with models of full size and random weights (3 GB)
#
# BUILD: a folder with libclipsight.so. PYTHON: the interpreter, python3 unless set. Prints a row of Markdown per model:
# name | largest error of a logit, relative to max(1, |logit|) | lowest cosine of texts | of pictures | time and memory.
set -eu
kind=--out
if [ "${1-}" = --full ]; then
    kind=--full
    shift
fi
[ $# -eq 2 ] || {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
make_models=$root/tests/references/make_models.py
export HF_HUB_OFFLINE=1

program=$(mktemp)
trap 'rm -f "$program"' EXIT
${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -I"$root/include" "$root/tests/parity/embed.c" -L"$build" -lclipsight \
    -Wl,-rpath,"$build" -o "$program"
"${PYTHON:-python3}" "$make_models" "$kind" "$2"
if [ "$kind" = --out ]; then "${PYTHON:-python3}" "$make_models" --check; fi
"${PYTHON:-python3}" "$make_models" --compare "$program" "$2"
