#!/bin/sh
# Makes models/starter and tests/data/starter again, from public packages alone. About 80 minutes on two cores.
#
#   training/make_starter.sh              everything
#   MINUTES=5 training/make_starter.sh    a short training, to try a change
#
# Needs python3 with venv; takes WordNet from /usr/share/wordnet, or from Debian's package without installing it.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$root/build/starter
python=$work/venv/bin/python
minutes=${MINUTES:-60}

# Two threads that sleep while they wait, and memory that is kept from step to step instead of given back.
export OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive
export MALLOC_MMAP_THRESHOLD_=2000000000 MALLOC_TRIM_THRESHOLD_=4000000000 MALLOC_TOP_PAD_=200000000

mkdir -p "$work"
if ! [ -x "$python" ]; then
    python3 -m venv "$work/venv" || { echo "make_starter: python3 with venv is needed (Debian: python3-venv)" >&2; exit 1; }
fi
"$python" -m pip install --quiet -r "$root/training/requirements.txt"
"$python" -m pip install --quiet --no-deps -r "$root/training/requirements-data.txt"

WORDNET_DIR=/usr/share/wordnet
if ! [ -f "$WORDNET_DIR/data.noun" ]; then
    WORDNET_DIR=$work/wordnet/usr/share/wordnet
    if ! [ -f "$WORDNET_DIR/data.noun" ]; then
        (cd "$work" && apt-get download wordnet-base && dpkg-deb -x wordnet-base_*.deb wordnet) ||
            { echo "make_starter: WordNet's files are needed (Debian: wordnet-base)" >&2; exit 1; }
    fi
fi
export WORDNET_DIR

"$python" "$root/training/train.py" --work "$work" --minutes "$minutes"
"$python" "$root/training/export.py" --work "$work" --out "$work/model"
"$python" "$root/training/measure.py" --model "$work/model"

mkdir -p "$root/models/starter"
if ! cmp -s "$work/model/model.safetensors" "$root/models/starter/model.safetensors" &&
    [ -e "$root/models/starter/calibration.json" ]; then # it is fitted to the weights that go
    rm "$root/models/starter/calibration.json"
    echo "make_starter: took away models/starter/calibration.json; models/starter/README.md says how to fit it again" >&2
fi
for file in config.json preprocessor_config.json tokenizer.json model.safetensors; do
    cp "$work/model/$file" "$root/models/starter/.$file.new"
    mv "$root/models/starter/.$file.new" "$root/models/starter/$file"
done
"$python" "$root/training/goldens.py" --model "$root/models/starter" --out "$root/tests/data/starter"
