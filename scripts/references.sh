#!/bin/sh
# Makes the committed expected values of the tests again, from the reference implementations that they are values of.
# Needs Python 3.11 or later with venv, and PyPI; nothing else in the project does but training and bench/peers.
#
#   scripts/references.sh [PART...]      parts as in tests/references/make_PART.py; by default all
set -eu
cd "$(dirname "$0")/.."

venv=build/references
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/references/requirements.txt

if [ $# -eq 0 ]; then
    for script in tests/references/make_*.py; do
        part=${script#tests/references/make_}
        set -- "$@" "${part%.py}"
    done
fi
for part; do
    echo "making the reference values of $part" >&2
    "$venv/bin/python" "tests/references/make_$part.py"
done
git status --short -- tests/data
