#!/bin/sh
# clipsight models check: results made with the starter hold for the starter, and no longer when one of its weights is
# another.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

run classify "$cat_png" -p 'a cat' -p 'a dog' --format json
expect_status 0
logits=$(sed 's/.*"logit":\([^,]*\),.*"logit":\([^,]*\),.*/\1, \2/' "$scratch/out")
probabilities=$(sed 's/.*"probability":\([^}]*\)}.*"probability":\([^}]*\)}.*/\1, \2/' "$scratch/out")
run localize "$cat_png" -p 'a cat' --recipe chapter --patch 50 --window 3 --format tsv
expect_status 0
map=$(awk '{ gsub(/\t/, ", "); printf "%s[%s]", (NR > 1 ? ", " : ""), $0 }' "$scratch/out")
two='"prompts": ["a cat", "a dog"]'
cat >goldens.json <<END
{"goldens": [
{"kind": "logits", "picture": "cats", $two, "expected": [$logits], "tolerance": 0.001},
{"kind": "probabilities", "picture": "diagram", "order": "openai", $two, "expected": [$probabilities], "tolerance": 0.001},
{"kind": "map", "picture": "photo", "prompts": ["a cat"], "patch": 50, "window": 3, "expected": [$map], "tolerance": 0.001}
]}
END

run models check starter --goldens goldens.json --cats "$cat_png" --diagram "$cat_png" --photo "$cat_png"
expect_status 0
expect_lines 5
[ "$(grep -c '^pass  ' "$scratch/out")" -eq 5 ] || fail 'expected five lines that pass'
expect_out '^pass  logit of "a dog" (cats): expected [0-9.]* within 0.001, got [0-9.]*$'
expect_out '^pass  normalised map of "a cat" (photo), row [0-9]*, column [0-9]* of 6 x 9'

run models check starter --goldens goldens.json --diagram "$cat_png"
expect_status 0
[ "$(grep -c '^skip  ' "$scratch/out")" -eq 2 ] || fail 'expected two lines that are skipped'

# One weight is another: the first of the last convolution (F16), made as large as can be.
mkdir broken
cp "$PROJECT"/models/starter/*.json broken
cp "$PROJECT/models/starter/model.safetensors" broken
start=$(od -An -tu8 -N8 broken/model.safetensors | tr -d ' ')
printf '\377\173' | dd of=broken/model.safetensors bs=1 seek=$((start + 8 + 23912196)) conv=notrunc 2>/dev/null
run models check broken --goldens goldens.json --cats "$cat_png" --diagram "$cat_png" --photo "$cat_png"
expect_status 1
expect_out '^FAIL  '

# Another picture has another map.
run models check starter --goldens goldens.json --photo "$flower_jpg"
expect_status 1

run models check starter --cats "$cat_png"
expect_status 1
expect_no_out
expect_err "model 'starter': no goldens are known"
run models check starter --goldens goldens.json
expect_status 1
expect_err 'at least one picture'
run models check starter --goldens goldens.json --cats nowhere.jpg
expect_status 1
expect_err 'nowhere.jpg'
