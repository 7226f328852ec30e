#!/bin/sh
# The page's search in a headless Chromium: words, what is not wanted, small photographs, boxes, opening one, a phone, a
# token.
# shellcheck source=tests/server/webdriver.sh
. "$PROJECT/tests/server/webdriver.sh"

mkdir photos
cp "$cat_png" photos/cat.png
cp "$flower_jpg" "photos/a flower with quite a long name, and a few <letters> & 'marks'.jpg"
cp "$PROJECT/assets/china.jpg" photos/palace.jpg
[ -z "${SHOTS_OF-}" ] || cp "$SHOTS_OF"/* photos # more to look at
run index --store s.sqlite photos -q --threads 1
expect_status 0
count=$(find photos -type f | wc -l)
shown=$((count < 24 ? count : 24))

start --quiet --store s.sqlite
start_browser 1400 1000
colours light
go "$url/"
until_true 20 "!document.getElementById('tabs').hidden"
expect_js false "document.getElementById('look').hidden"
expect_js true "document.getElementById('search').hidden"
click '#tab-search'
until_true 10 "!document.getElementById('search').hidden"
expect_js true "document.getElementById('look').hidden"
expect_js "$count photographs to search in." "document.getElementById('search-status').textContent"
shot search-start

# One word.
tiles="document.querySelectorAll('.hit')"
type_text '#search-words' 'a cat\ue007'
until_true 60 "$tiles.length === $shown"
until_true 60 "document.querySelectorAll('.hit img').length === $shown"
expect_js cat.png "document.querySelector('.hit .name').textContent"
expect_js true "[...document.querySelectorAll('.hit img')].every((each) => each.src.startsWith('blob:'))"
until_true 20 "document.querySelector('.hit img').naturalWidth > 0"
expect_js 451 "document.querySelector('.hit img').naturalWidth"
expect_js 0 "document.querySelectorAll('.hit .box').length"
shot search-cat-light

# Where: boxes come without losing what is there.
click '#search-where'
until_true 120 "document.querySelectorAll('.hit .box').length > 0"
run detect photos/cat.png -p 'a cat' --threads 1 --format json
best=$(sed 's/.*"detections":\[{[^[]*\[\([^]]*\)\].*/\1/' "$scratch/out")
expect_js true "(() => {
    const [x, y, w, h] = [$best], frame = document.querySelector('.hit .thumb').getBoundingClientRect(), scale = frame.width / 451;
    const box = document.querySelector('.hit .box').getBoundingClientRect();
    const off = [box.left - frame.left - x * scale, box.top - frame.top - y * scale, box.width - w * scale, box.height - h * scale];
    return off.every((each) => Math.abs(each) <= 1);
})()"
until_true 120 "document.getElementById('search-status').textContent.startsWith('The')"
shot search-where-light
colours dark
shot search-where-dark
colours light
click '#search-where'

# Several words, and what is not wanted.
js "document.getElementById('search-words').value = ''" >/dev/null
type_text '#search-words' 'a palace, a lake, -a cat\ue007'
until_true 60 "document.querySelector('.hit .name').textContent === 'palace.jpg'"
asked="performance.getEntriesByType('resource').map((each) => new URL(each.name)).filter((each) => each.pathname === '/v1/search')"
expect_js 'a palace, a lake, not a cat' "(() => {
    const query = $asked.pop().searchParams;
    return query.getAll('q').join(', ') + ', not ' + query.getAll('not').join();
})()"
js "document.getElementById('search-words').value = ''" >/dev/null
type_text '#search-words' '-a cat\ue007'
until_true 10 "document.getElementById('search-status').textContent.includes('should be there')"

# Names are text, whatever is in them.
expect_js true "[...document.querySelectorAll('.hit .name')].some((each) => each.textContent.includes('<letters> &'))"

# The way past the header leads to this view's field, not to the other view.
js "document.querySelector('.skip').click()" >/dev/null
expect_focus search-words
expect_js true "!document.getElementById('search').hidden && document.getElementById('look').hidden"

# Opening one: the other view, with the photograph and the words.
js "document.getElementById('search-words').value = ''" >/dev/null
type_text '#search-words' 'a cat\ue007'
until_true 60 "document.querySelector('.hit .name').textContent === 'cat.png'"
type_text '.hit' '\ue007'
until_true 60 "!document.getElementById('look').hidden && document.querySelectorAll('.boxes .box').length > 0"
expect_js cat.png "document.getElementById('name').textContent"
expect_js 'a cat' "document.querySelector('.chip .text').textContent"
expect_focus another
shot search-opened
# And back: what was found is still there.
send POST "/session/$session/back" '{}' >/dev/null
until_true 10 "!document.getElementById('search').hidden"
expect_js "$shown" "$tiles.length"

# One that has vanished.
mv photos/palace.jpg palace.jpg
go "$url/#search"
js "location.reload()" >/dev/null
until_true 20 "!document.getElementById('tabs').hidden && !document.getElementById('search').hidden"
type_text '#search-words' 'a palace\ue007'
until_true 60 "document.querySelector('.hit') && document.querySelector('.hit').disabled"
expect_js 'cannot be read' "document.querySelector('.hit .mat').textContent"
mv palace.jpg photos/palace.jpg
complaints=$(console | grep -o '"level":"SEVERE","message":"[^"]*' | grep -v 'status of 404' || true)
[ -z "$complaints" ] || fail "the browser complains: $complaints"

# A phone.
devtools Emulation.setDeviceMetricsOverride '{"width": 360, "height": 780, "deviceScaleFactor": 2, "mobile": true}'
js "location.reload()" >/dev/null
until_true 20 "!document.getElementById('tabs').hidden && !document.getElementById('search').hidden"
type_text '#search-words' 'a cat\ue007'
until_true 60 "document.querySelectorAll('.hit img').length === $shown"
expect_js 360 'document.documentElement.scrollWidth'
shot search-phone
devtools Emulation.clearDeviceMetricsOverride '{}'

# A server that is gone.
stop
type_text '#search-words' ', a dog\ue007'
until_true 20 "document.getElementById('search-problem').textContent.includes('cannot be reached')"

# Without a store nothing is said of searching; with a token it is once the token is known, which is asked for at once.
start --quiet
go "$url/#search"
until_true 20 "document.getElementById('model').textContent"
expect_js true "document.getElementById('tabs').hidden && document.getElementById('search').hidden"
stop
start --quiet --store s.sqlite --token secret
go "$url/"
go "$url/#search"
until_true 20 "!document.getElementById('token-form').hidden"
type_text '#token' 'secret\ue007'
until_true 20 "!document.getElementById('search').hidden"
expect_focus search-words
type_text '#search-words' 'a cat\ue007'
until_true 60 "document.querySelectorAll('.hit img').length === $shown"
# A server with another token: what it refuses is done once it has that one.
stop
start --quiet --store s.sqlite --token another --port "$port"
type_text '#search-words' ', a dog\ue007'
until_true 20 "!document.getElementById('token-form').hidden"
shot search-token
type_text '#token' 'another\ue007'
until_true 60 "document.querySelectorAll('.hit img').length === $shown && document.getElementById('search-status').textContent.startsWith('The')"
expect_js true "document.getElementById('token-form').hidden"
expect_js '' "document.getElementById('search-problem').textContent"
stop
