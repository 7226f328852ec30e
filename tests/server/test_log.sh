#!/bin/sh
# The log says what was asked for and what came of it, by the request's own method.
# shellcheck source=tests/server/support.sh
. "$PROJECT/tests/server/support.sh"

start --log
# Not ask(), whose curl complains to the file that the log goes to.
for request in ' /healthz' '-I /' '-X OPTIONS /v1/detect' ' /v1/detect' '-X POST -d x /healthz' '-X DELETE /' \
    "-X $(printf '\033[31mX') /" '-F text=cat /v1/embed'; do
    # shellcheck disable=SC2086
    curl -sS -o /dev/null ${request% *} "$url${request##* }"
done
stop
cp "$scratch/err" log
ran='the log'
while read -r line; do
    grep -q "^127.0.0.1 $line [0-9]* bytes [0-9.]* s\$" log || fail "expected a line '$line', got $(cat -v log)"
done <<'END'
GET healthz 200
HEAD page 200
OPTIONS detect 204
GET detect 405
POST healthz 405
DELETE page 405
other page 405
POST embed 200
END
