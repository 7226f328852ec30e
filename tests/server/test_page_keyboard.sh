#!/bin/sh
# The page for those who do not see it or have no mouse: the focus is never lost, and a screen reader is told what happens
# once, not every second.
# shellcheck source=tests/server/webdriver.sh
. "$PROJECT/tests/server/webdriver.sh"

start --quiet
start_browser 1400 1000
go "$url/"
until_true 20 "document.getElementById('model').textContent"
js "document.querySelector('.skip').click()" >/dev/null
expect_focus words

# An example, which takes itself from the page.
js "window.told = []; new MutationObserver(() => told.push(document.querySelector('[role=status]').textContent))
    .observe(document.querySelector('[role=status]'), {childList: true, characterData: true, subtree: true})" >/dev/null
hold /v1/detect
type_text .example '\ue007'
expect_focus another
until_true 20 "document.body.innerText.includes('Looking… 3 s')"
expect_js 'Looking…' "told.join('|')"

# What is stopped, and what is tried again.
type_text '#stop' '\ue007'
expect_focus status
expect_js 'Stopped.' "document.getElementById('status').textContent"
js "window.fetch = () => Promise.reject(new TypeError('gone'))" >/dev/null
click '#add'
until_true 20 "!document.getElementById('retry').hidden"
js 'window.fetch = plainFetch' >/dev/null
type_text '#retry' '\ue007'
expect_focus status
until_true 60 "document.querySelectorAll('.box').length > 0"
expect_js true "document.getElementById('problem').hidden"
stop
