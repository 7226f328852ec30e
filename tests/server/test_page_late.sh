#!/bin/sh
# The page, when answers come late: to words that have been removed meanwhile, for a photograph that is no longer the one.
# Nothing of them may stay. And words that there is no room for.
# shellcheck source=tests/server/webdriver.sh
. "$PROJECT/tests/server/webdriver.sh"
cp "$flower_jpg" flower.jpg

start --quiet --max-prompts 3
start_browser 1400 1000
go "$url/"
until_true 20 "document.getElementById('model').textContent"
remove_word() {
    js "document.querySelectorAll('.chip button')[$1].click()" >/dev/null
}

# A word of two is removed while they are looked for: no box of it, in the page or in what is saved.
click .example
until_true 60 "document.querySelectorAll('.box').length > 0"
hold /v1/detect
type_text '#words' 'a dog\ue007'
until_true 60 'held.length > 0'
remove_word 1
js "const s = document.getElementById('score'); s.value = '0'; s.dispatchEvent(new Event('input'))" >/dev/null
expect_js 'Looking…' "document.getElementById('status').textContent" # though the slider has drawn the last answer's boxes
let_go
until_true 20 "document.getElementById('busy').hidden"
expect_js 0 "[...document.querySelectorAll('.box')].filter((each) => each.textContent.startsWith('a dog')).length"
expect_js 1 "document.querySelectorAll('.word').length"
click '#save-json'
for _ in $(seq 50); do
    [ ! -s "$scratch/downloads/cat.json" ] || break
    sleep 0.2
done
grep -q '"label":"a cat"' "$scratch/downloads/cat.json" || fail "the JSON was not saved"
! grep -q 'a dog' "$scratch/downloads/cat.json" || fail "a removed word is in the JSON"

# The same while a busy server's next turn is waited for: the map that comes is the one of the word that is left.
type_text '#words' 'a dog\ue007'
until_true 60 "document.getElementById('busy').hidden && document.querySelectorAll('.word').length === 2"
js "window.fetch = async (...what) => {
    window.fetch = plainFetch;
    return new Response('{\"error\": {\"code\": \"queue_full\", \"message\": \"\"}}', {status: 503, headers: {'Retry-After': '2'}});
}; document.querySelector('input[value=heat]').click()" >/dev/null
until_true 20 "document.getElementById('status').textContent.includes('busy')"
remove_word 0
until_true 60 "document.getElementById('busy').hidden"
expect_js false "document.getElementById('heat').hidden"
js "document.querySelector('input[value=boxes]').click()" >/dev/null

# All are removed, and another photograph is taken: the old one's boxes do not come over it.
hold /v1/detect
click '#add'
until_true 60 'held.length > 0'
remove_word 0
type_text '#file' "$PWD/flower.jpg"
until_true 20 "document.getElementById('name').textContent === 'flower.jpg'"
let_go
sleep 1
expect_js 0 "document.querySelectorAll('.box').length"
expect_js true "document.getElementById('result').hidden && document.getElementById('busy').hidden"
expect_js 'Now a word: what should be there?' "document.getElementById('status').textContent"

# More words than the server takes: those that there is room for are looked for, the others stay in the field, and the
# page says why until something else is asked for.
js "document.getElementById('words').value = 'a cat, a dog, a flower, a tree, a house'" >/dev/null
type_text '#words' '\ue007'
until_true 60 "document.getElementById('busy').hidden && document.querySelectorAll('.word').length === 3"
expect_js 'a tree, a house' "document.getElementById('words').value"
expect_js true "document.getElementById('problem').textContent.includes('At most 3 words')"
expect_js false "document.getElementById('problem').hidden"
type_text '#words' '\ue007'
sleep 1
expect_js false "document.getElementById('problem').hidden"
remove_word 0
type_text '#words' '\ue007'
until_true 60 "document.getElementById('busy').hidden && document.querySelectorAll('.word').length === 3"
expect_js 'a house' "document.getElementById('words').value"

# A photograph that comes when another has been taken meanwhile.
go "$url/"
hold /examples/
click .example
until_true 20 'held.length > 0'
type_text '#file' "$PWD/flower.jpg"
until_true 20 "document.getElementById('name').textContent === 'flower.jpg'"
let_go
sleep 1
expect_js flower.jpg "document.getElementById('name').textContent"
stop
