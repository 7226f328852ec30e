#!/bin/sh
# clipsight index: operands that cannot be indexed, beside others and alone.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
: "${STORE_TOOL:?the helper for stores}"

if ! command -v timeout >/dev/null; then
    echo 'skipped: needs timeout(1), to end a run that waits for a pipe'
    exit 77
fi
mkdir in
cp "$cat_png" in/cat.png

# index ARGUMENT...: with an end, as a pipe would be waited for.
index() {
    ran="clipsight index $*"
    timeout 60 "$CLIPSIGHT" index --threads 1 "$@" >"$scratch/out" 2>"$scratch/err"
    status=$?
}

# A run that cannot begin makes no store, and changes none.
index --store s.sqlite nope --windows --format json --report report.json
expect_status 1
expect_err '^clipsight: nope: No such file or directory$'
index --store s.sqlite nope --prune
expect_status 1
expect_err '^clipsight: s.sqlite: there is no store here$'
expect_absent s.sqlite s.sqlite-lock report.json
index --store /dev/null in
expect_status 1
expect_err '^clipsight: /dev/null: expected a clipsight store, found a device or a pipe$'
expect_absent /dev/null-lock

# rows: how many embeddings the one photograph of the store has.
rows() {
    "$STORE_TOOL" dump s.sqlite | cut -f 6
}
index --store s.sqlite in
for asks in nope 'nope --prune' in; do
    # shellcheck disable=SC2086
    index --store s.sqlite $asks --windows
    [ "$asks" = in ] || index --store s.sqlite in --retry
    [ "$(rows)" -eq "$([ "$asks" = in ] && echo 9 || echo 1)" ] || fail "--windows $asks: $(rows) rows"
done
if command -v flock >/dev/null; then
    rm s.sqlite*
    index --store s.sqlite in
    ran='index --windows, while another does'
    flock s.sqlite-lock "$CLIPSIGHT" index --store s.sqlite in --windows >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 1
    expect_err 'another process is indexing into it'
    index --store s.sqlite in
    [ "$(rows)" -eq 1 ] || fail 'expected no windows'
fi

# A report is of JSON.
index --store s.sqlite in --report report.txt
expect_status 2
expect_err 'report: goes with --format json'
expect_absent report.txt

# A link to a photograph is another one, with the link's name; a link to a folder is none where the folder has one.
mkdir -p linked/own
cp "$cat_png" linked/own/cat.png
ln -s own/cat.png linked/link.png
ln -s own linked/folder
index --store linked.sqlite linked
expect_status 0
"$STORE_TOOL" dump linked.sqlite | cut -f 1 | sed 's#.*/linked/##' | tr '\n' ' ' >paths.txt
[ "$(cat paths.txt)" = 'link.png own/cat.png ' ] || fail "expected two photographs, got '$(cat paths.txt)'"

# Pipes and devices take nothing from the others, and are not waited for.
mkfifo pipe in/pipe.jpg
ln -s pipe.jpg in/link.jpg
for other in pipe /dev/null; do
    rm -f s.sqlite
    index --store s.sqlite $other in
    expect_status 1
    expect_err "^clipsight: $other: is neither a folder nor a file: .*no place to be found at again\$"
    expect_err '^1 photograph: 1 new, 0 changed, 0 moved, 0 removed, 0 broken'
    [ "$(grep -c '^clipsight: ' "$scratch/err")" -eq 1 ] || fail 'expected one complaint'
done
index --store s.sqlite in
expect_status 0
expect_err '^1 photograph: 0 new, 0 changed, 0 moved, 0 removed, 0 broken'
cat "$flower_jpg" >pipe &
index --store s.sqlite in pipe
expect_status 1
expect_err '^clipsight: pipe: is neither'
kill $! 2>/dev/null
expect_err '^1 photograph: 0 new, 0 changed, 0 moved, 0 removed, 0 broken'
