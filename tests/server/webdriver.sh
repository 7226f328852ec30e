# A headless Chromium through chromedriver and curl, for tests of the page; sourced, not run. The W3C's WebDriver protocol
# is JSON over HTTP, of which this needs little: https://www.w3.org/TR/webdriver2/
# With SHOTS=FOLDER the screens are kept there, to be looked at.
# shellcheck shell=sh
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"
for command in chromedriver chromium; do
    command -v "$command" >/dev/null && continue
    echo "skipped: there is no $command (scripts/packages.sh browser installs it)"
    exit 77
done
stop_more() { stop_browser; }

# The text as a JSON string, quotation marks included.
json_text() {
    printf '%s' "$1" | awk 'BEGIN { ORS = ""; print "\"" } NR > 1 { print "\\n" } { gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); print } END { print "\"" }'
}

# send METHOD PATH [JSON]: the driver's answer on stdout.
send() {
    if [ $# -gt 2 ]; then
        printf '%s' "$3" | curl -sS --max-time 120 -X "$1" -H 'Content-Type: application/json' --data-binary @- "$driver$2"
    else
        curl -sS --max-time 120 -X "$1" "$driver$2"
    fi
}

# Starts the driver and a browser: WIDTH HEIGHT. Leaves driver, driver_pid and session.
start_browser() {
    chromedriver --port=0 >"$scratch/driver.log" 2>&1 &
    driver_pid=$!
    for _ in $(seq 100); do
        port=$(sed -n 's/.*was started successfully on port \([0-9]*\).*/\1/p' "$scratch/driver.log" 2>/dev/null)
        [ -z "$port" ] || break
        sleep 0.1
    done
    [ -n "$port" ] || fail "chromedriver does not start: $(cat "$scratch/driver.log")"
    driver=http://127.0.0.1:$port
    answer=$(send POST /session '{"capabilities": {"alwaysMatch": {"goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": {"args":
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--user-data-dir='"$scratch/browser"'", "--window-size='"$1,$2"'"], "prefs":
        {"download.default_directory": "'"$scratch/downloads"'"}}}}}')
    session=$(printf '%s' "$answer" | sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p')
    [ -n "$session" ] || fail "no browser: $answer"
}

stop_browser() {
    [ -z "${session-}" ] || send DELETE "/session/$session" >/dev/null 2>&1 || true
    [ -z "${driver_pid-}" ] || kill "$driver_pid" 2>/dev/null || true
}

go() {
    send POST "/session/$session/url" "{\"url\": $(json_text "$1")}" >/dev/null
}

# js SCRIPT: what the script returns (texts and numbers as they are).
js() {
    send POST "/session/$session/execute/sync" "{\"script\": $(json_text "$1"), \"args\": []}" |
        sed 's/^{"value":\(.*\)}$/\1/; s/^"\(.*\)"$/\1/'
}

# until_true SECONDS SCRIPT: waits until the expression holds.
until_true() {
    tries=$(($1 * 5))
    while [ "$tries" -gt 0 ]; do
        seen=$(js "return Boolean($2)")
        [ "$seen" != true ] || return 0
        sleep 0.2
        tries=$((tries - 1))
    done
    fail "the page never came to: $2; it says: $(js 'return document.body.innerText')"
}

# devtools COMMAND PARAMETERS: a command of the browser's own protocol.
devtools() {
    send POST "/session/$session/goog/cdp/execute" "{\"cmd\": \"$1\", \"params\": $2}" >/dev/null
}

# element SELECTOR: the driver's name for it.
element() {
    send POST "/session/$session/element" "{\"using\": \"css selector\", \"value\": $(json_text "$1")}" |
        sed -n 's/.*"element-6066-11e4-a52e-4f735466cecf":"\([^"]*\)".*/\1/p'
}

click() {
    answer=$(send POST "/session/$session/element/$(element "$1")/click" '{}')
    case $answer in *'"error"'*) fail "cannot click $1: $answer" ;; esac
}

# type SELECTOR TEXT: as on a keyboard; \ue007 is Enter.
type_text() {
    answer=$(send POST "/session/$session/element/$(element "$1")/value" "{\"text\": \"$2\"}")
    case $answer in *'"error"'*) fail "cannot type into $1: $answer" ;; esac
}

# shot NAME: a picture of the screen, where somebody wants to see it.
shot() {
    [ -n "${SHOTS-}" ] || return 0
    send GET "/session/$session/screenshot" | sed 's/^{"value":"\(.*\)"}$/\1/' | base64 -d >"$SHOTS/$1.png"
}

# What the browser complains of: errors of scripts, refused resources.
console() {
    send POST "/session/$session/se/log" '{"type": "browser"}'
}

# The colours that the system asks for: light or dark.
colours() {
    devtools Emulation.setEmulatedMedia "{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"$1\"}]}"
}

# expect_js TEXT SCRIPT: what the expression is.
expect_js() {
    # shellcheck disable=SC2034  # read by fail
    ran="in the page: $2"
    got=$(js "return $2")
    [ "$got" = "$1" ] || fail "expected '$1', got '$got'"
}

# hold PART: answers to requests whose address has this in it do not reach the page until they are let go.
hold() {
    js "window.held = []; window.plainFetch = window.plainFetch || window.fetch; window.fetch = async (url, options) => {
        const answer = await plainFetch(url, options);
        if (String(url).includes('$1')) await new Promise((go) => held.push(go));
        return answer;
    }" >/dev/null
}

# Lets them go, as soon as one is there.
let_go() {
    until_true 60 'held.length > 0'
    js "window.fetch = plainFetch; held.forEach((go) => go())" >/dev/null
}

# expect_focus ID: waits until the keyboard is there.
expect_focus() {
    until_true 10 "document.activeElement.id === '$1'"
}
