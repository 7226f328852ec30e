#!/bin/sh
# Makes the pictures of the documentation again, from the photograph that comes with clipsight (assets/README.md says
# whose it is): docs/images/make.sh [COMMAND], by default build/release/clipsight.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
clipsight=${1:-$root/build/release/clipsight}
export CLIPSIGHT_MODELS="$root/models"
cd "$root/docs/images"
cat=$root/assets/chelsea.png

"$clipsight" detect "$cat" -p "a cat" --single -q -o demo.jpg
"$clipsight" localize "$cat" -p "a cat" -q -o brightness.jpg >/dev/null
for method in window occlusion dense region; do
    "$clipsight" localize "$cat" -p "a cat" --method $method --heatmap-style overlay -q -o "$method.jpg" >/dev/null
done
wc -c -- *.jpg
