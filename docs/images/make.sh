#!/bin/sh
# Makes the pictures of the documentation again, from the photographs that come with clipsight (assets/README.md says
# whose they are): docs/images/make.sh [COMMAND], by default build/release/clipsight.
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
store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT
cp "$root"/assets/*.png "$root"/assets/*.jpg "$store"
(
    cd "$store"
    "$clipsight" index --store photographs.sqlite . -q
    "$clipsight" search --store photographs.sqlite "a cat" "a building" --where -q -o sheet.webp >/dev/null
)
mv "$store/sheet.webp" .
wc -c -- *.jpg *.webp
