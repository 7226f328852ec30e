#!/bin/sh
# The page in a headless Chromium: an example, a photograph of one's own, words, boxes in their place, the slider, heat maps,
# errors, a phone.
# shellcheck source=tests/server/webdriver.sh
. "$PROJECT/tests/server/webdriver.sh"
cp "$cat_png" cat.png
cp "$flower_jpg" flower.jpg

start --quiet
start_browser 1400 1000
colours light
go "$url/"
until_true 20 "document.getElementById('model').textContent"
expect_js clipsight 'document.title'
expect_js en 'document.documentElement.lang'
shot start-light
colours dark
shot start-dark

# One action: an example.
click .example
until_true 60 "document.querySelectorAll('.box').length > 0"
shot boxes-dark
colours light
run detect cat.png -p 'a cat' --min-score 0 --threads 1 --format json
best=$(sed 's/.*"detections":\[{[^[]*\[\([^]]*\)\].*/\1/' "$scratch/out")
# The surest box is drawn last, and where the command puts it, within a pixel of the screen.
expect_js true "(() => {
    const [x, y, w, h] = [$best], all = document.querySelectorAll('.box'), box = all[all.length - 1].getBoundingClientRect();
    const frame = document.getElementById('picture').getBoundingClientRect(), scale = frame.width / 451;
    const off = [box.left - frame.left - x * scale, box.top - frame.top - y * scale, box.width - w * scale, box.height - h * scale];
    return off.every((each) => Math.abs(each) <= 1);
})()"
expect_js true "document.getElementById('status').textContent.includes('for 1 word')"

# The slider: more and fewer boxes without a request.
requests=$(metric 'clipsight_requests_total{route="detect",status="200"}')
slide() {
    js "const s = document.getElementById('score'); s.value = '$1'; s.dispatchEvent(new Event('input'));" >/dev/null
}
slide 0
all=$(js "return document.querySelectorAll('.box').length")
slide 0.5
expect_js 1 "document.querySelectorAll('.box').length"
slide 1
expect_js 0 "document.querySelectorAll('.box').length"
expect_js true "document.getElementById('found').textContent.includes('Best guess')"
[ "$all" -ge 1 ] || fail "expected boxes at a score of 0, got $all"
[ "$(metric 'clipsight_requests_total{route="detect",status="200"}')" = "$requests" ] || fail "the slider made a request"
slide 0.2

# Words: one more, one fewer, from the keyboard.
type_text '#words' 'a dog\ue007'
until_true 60 "document.querySelectorAll('.word').length === 2"
expect_js 2 "document.querySelectorAll('.chip').length"
shot words-light
js "document.querySelector('.score').focus()" >/dev/null
expect_js 1 "document.querySelectorAll('.box.picked').length"
type_text '#words' '\ue003'
expect_js 1 "document.querySelectorAll('.word').length"
expect_js 'Remove a cat' "document.querySelector('.chip button').getAttribute('aria-label')"

# Heat map.
js "document.querySelector('input[value=heat]').click()" >/dev/null
until_true 60 "!document.getElementById('heat').hidden"
shot heat-light
expect_js true "(() => {
    const heat = document.getElementById('heat'), at = heat.getContext('2d');
    const of = (x, y) => at.getImageData(x, y, 1, 1).data.slice(0, 3).reduce((a, b) => a + b);
    return of(heat.width * 0.5 | 0, heat.height * 0.45 | 0) > of(heat.width - 3, 3);
})()"
js "const o = document.getElementById('opacity'); o.value = '30'; o.dispatchEvent(new Event('input'))" >/dev/null
expect_js 0.3 "document.getElementById('heat').style.opacity"
js "document.querySelector('input[value=boxes]').click()" >/dev/null
expect_js true "document.getElementById('heat').hidden"

# A photograph of one's own, by the file chooser; the words stay.
type_text '#file' "$PWD/flower.jpg"
until_true 60 "document.getElementById('name').textContent === 'flower.jpg' && document.getElementById('status').textContent.includes('for 1 word')"
type_text '#words' 'a flower\ue007'
until_true 60 "document.querySelectorAll('.word').length === 2"
slide 0.1
until_true 10 "document.querySelectorAll('.box').length > 0"
# Downloads.
saved() {
    for _ in $(seq 50); do
        [ ! -s "$scratch/downloads/$1" ] || return 0
        sleep 0.2
    done
    fail "there is no $1"
}
click '#save-json'
saved flower.json
click '#save-picture'
saved flower-boxes.png
grep -q '"label":"a flower"' "$scratch/downloads/flower.json" || fail "the JSON was not saved"
expect_file png "$scratch/downloads/flower-boxes.png"

# Labels stand in the photograph, and not over one another.
go "$url/"
js "document.querySelectorAll('.example')[1].click()" >/dev/null
until_true 60 "document.querySelectorAll('.box').length > 0"
type_text '#words' 'a roof\ue007'
until_true 60 "document.getElementById('busy').hidden && document.querySelectorAll('.word').length === 3"
slide 0.1
expect_js true "(() => {
    const rects = [...document.querySelectorAll('.box span')].map((each) => each.getBoundingClientRect());
    const frame = document.getElementById('frame').getBoundingClientRect();
    const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return rects.length > 2 && rects.every((a, i) => a.left >= frame.left - 1 && a.top >= frame.top - 1 &&
        a.right <= frame.right + 1 && a.bottom <= frame.bottom + 1 && !rects.slice(i + 1).some((b) => over(a, b)));
})()"
shot labels-light

# Options; one that the server refuses.
js "const m = document.getElementById('method'); document.querySelector('.options').open = true; m.value = 'region'; m.dispatchEvent(new Event('change'))" >/dev/null
until_true 60 "document.getElementById('busy').hidden && document.getElementById('problem').hidden"
js "const p = document.getElementById('patch'); p.value = '50'; p.dispatchEvent(new Event('change'))" >/dev/null
until_true 60 "!document.getElementById('problem').hidden"
shot refused-light
js "document.getElementById('reset').click()" >/dev/null
until_true 60 "document.getElementById('problem').hidden && document.getElementById('busy').hidden"
# A file that is no photograph.
echo text >notes.txt
type_text '#file' "$PWD/notes.txt"
until_true 20 "document.getElementById('problem').textContent.includes('no photograph')"
expect_js palace.jpg "document.getElementById('name').textContent"
# Nothing that a script or a policy complained of, but for the refused request.
complaints=$(console | grep -o '"level":"SEVERE","message":"[^"]*' | grep -v 'status of 422' || true)
[ -z "$complaints" ] || fail "the browser complains: $complaints"

# A phone: nothing wider than the screen, and everything can be reached.
devtools Emulation.setDeviceMetricsOverride '{"width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": true}'
devtools Emulation.setTouchEmulationEnabled '{"enabled": true}'
expect_js 360 'document.documentElement.scrollWidth'
shot phone-boxes
go "$url/"
until_true 20 "document.getElementById('model').textContent"
expect_js 360 'document.documentElement.scrollWidth'
shot phone-start
devtools Emulation.setTouchEmulationEnabled '{"enabled": false}'
devtools Emulation.clearDeviceMetricsOverride '{}'

# A server that is gone, and one that asks for a token.
stop
click .example
until_true 20 "document.getElementById('problem').textContent.includes('cannot be reached')"
start --token secret
go "$url/"
until_true 20 "!document.getElementById('token-form').hidden"
expect_focus token
shot token-light
type_text '#token' 'wrong\ue007'
until_true 20 "document.getElementById('token-text').textContent.includes('does not take')"
click .example
until_true 60 "document.getElementById('busy').hidden && !document.getElementById('token-form').hidden"
type_text '#token' 'secret\ue007'
until_true 60 "document.querySelectorAll('.box').length > 0"
expect_js true "document.getElementById('token-form').hidden"
expect_focus words
stop
