#!/bin/sh
# Where prompts come from.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# The labels of one JSON line, in order.
expect_labels() {
    got=$(sed 's/"label": *"/\n/g' "$scratch/out" | sed -n '2,$s/".*//p' | tr '\n' ',' | sed 's/,$//')
    [ "$got" = "$1" ] || fail "expected the labels '$1', got '$got'"
}

run classify "$cat_png" -p 'a dog' -p 'a cat' --prompt=boat --format json
expect_status 0
expect_lines 1
expect_labels 'a dog,a cat,boat'

# Letters before names, values attached or not.
run classify -p'a dog' "$cat_png" '-pa cat' --format=json
expect_labels 'a dog,a cat'

# A mark of UTF-8, carriage returns, empty lines, remarks, white space, no newline at the end.
printf '\357\273\277a cat\r\n\r\n# a remark\n  a dog\t\n\n   \nboat' >words.txt
run classify "$cat_png" --prompts words.txt --format json
expect_status 0
expect_labels 'a cat,a dog,boat'

run classify "$cat_png" --prompts words.txt -p tree --format json
expect_labels 'tree,a cat,a dog,boat'

ran='clipsight classify --prompts - <words.txt'
"$CLIPSIGHT" classify "$cat_png" --prompts - --format json <words.txt >"$scratch/out" 2>"$scratch/err"
status=$?
expect_status 0
expect_labels 'a cat,a dog,boat'

run classify "$cat_png" --prompts nothing.txt
expect_status 1
expect_err '--prompts: nothing.txt: cannot open: No such file'
expect_no_out

printf '# nothing\n\n' >empty.txt
run classify "$cat_png" --prompts empty.txt
expect_status 1
expect_err 'empty.txt: no prompts in it: expected one a line'

printf 'cat\nd\000g\n' >zero.txt
run classify "$cat_png" --prompts zero.txt
expect_status 1
expect_err 'zero.txt:2: expected text, found a zero byte'

run classify "$cat_png" -p "$(printf '\377')" -p 'a cat'
expect_status 1
expect_err 'UTF-8'
expect_no_out

# A template changes what the model reads, not what is reported.
run classify "$cat_png" -p cat -p dog --format json
plain=$(cat "$scratch/out")
run classify "$cat_png" -p cat -p dog --format json --template 'a drawing of a {} in the snow'
expect_labels 'cat,dog'
[ "$plain" != "$(cat "$scratch/out")" ] || fail 'expected other figures with a template'
run classify "$cat_png" -p cat -p dog --format json --template '{}'
[ "$plain" = "$(cat "$scratch/out")" ] || fail 'expected the same figures with the template {}'

# The cat is a cat.
run classify "$cat_png" -p 'a cat' -p 'a train' --format csv
expect_out '^image,label,logit,probability$'
expect_out ',a cat,[-0-9.]*,\(0\.9\|1\)'
