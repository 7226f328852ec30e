#!/bin/sh
# kill -9 at random moments loses nothing that was said to be stored. `make kills` does it 200 times.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
if ! command -v sqlite3 >/dev/null; then
    echo "skipped: needs sqlite3(1), to check the store's file"
    exit 77
fi
# shellcheck source=tests/cli/kills.sh
. "$PROJECT/tests/cli/kills.sh"
kills 10 40
