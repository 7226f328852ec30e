#!/bin/sh
# clipsight index: what a run does, what it leaves alone, and what it says.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"
: "${STORE_TOOL:?the helper for stores}"
export CLIPSIGHT_MODELS
here=$(pwd -P)
store=$here/photos.sqlite

index() {
    run index --store "$store" "$@"
}

# dump: the store's photographs, one a line, below this folder's name.
dump() {
    "$STORE_TOOL" dump "$store" >dump.txt 2>&1 || fail "the store: $(cat dump.txt)"
}

# expect_stored PATH...: exactly these, in any order; paths below this folder.
expect_stored() {
    dump
    cut -f 1 dump.txt | sed "s#^$here/##" | sort >got.txt
    printf '%s\n' "$@" | sort >wanted.txt
    [ $# -gt 0 ] || : >wanted.txt
    cmp -s wanted.txt got.txt || fail "expected '$(tr '\n' ' ' <wanted.txt)' in the store, got '$(tr '\n' ' ' <got.txt)'"
}

# field PATH N: field N of the photograph's line in the dump.
field() {
    awk -F '\t' -v path="$here/$1" -v n="$2" '$1 == path { print $n }' dump.txt
}

# expect_sums PHOTOGRAPHS NEW CHANGED MOVED REMOVED BROKEN
expect_sums() {
    expect_err "^$1 photographs*: $2 new, $3 changed, $4 moved, $5 removed, $6 broken; [0-9.]* a second\$"
}

mkdir -p in/a in/b
"$STORE_TOOL" photos "$PROJECT/assets/china.jpg" in/a 5 || fail 'no photographs'
cp "$cat_png" in/b/cat.png
cp "$flower_jpg" in/flower.JPG

# The first run takes all, the second nothing.
index in --format json
expect_status 0
expect_sums 7 7 0 0 0 0
expect_lines 8
expect_out "^{\"image\":\"$here/in/a/0003.jpg\",\"state\":\"new\"}\$"
expect_out '^{"summary":{"photographs":7,"new":7,"changed":0,"moved":0,"touched":0,"removed":0,"broken":0,"seconds":'
expect_stored in/a/0000.jpg in/a/0001.jpg in/a/0002.jpg in/a/0003.jpg in/a/0004.jpg in/b/cat.png in/flower.JPG
[ "$(field in/b/cat.png 5)" = 451x300 ] || fail 'expected the size of the photograph'
[ "$(field in/b/cat.png 2)" = "$(wc -c <in/b/cat.png)" ] || fail 'expected the size of the file'
[ "$(field in/b/cat.png 4)" = "$(sha256sum <in/b/cat.png | cut -d ' ' -f 1)" ] || fail 'expected the hash of the file'
cp dump.txt first.txt
index in
expect_status 0
expect_no_out
expect_sums 7 0 0 0 0 0
dump
cmp -s first.txt dump.txt || fail 'expected nothing to change'
index in --quiet
expect_no_err

# The same store, whatever way it is filled: with one thread, in other batches, from named files.
for photo in in/b/cat.png in/flower.JPG in/a; do
    run index --store other.sqlite $photo --threads 1 --batch 3
    expect_status 0
done
"$STORE_TOOL" dump other.sqlite | cut -f 1-6,8 >other.txt
cut -f 1-6,8 first.txt | cmp -s other.txt - || fail 'expected the same store'
run search --store "$store" palace --format json
cp "$scratch/out" hits.json
run search --store other.sqlite palace --format json
same_numbers hits.json "$scratch/out" || fail 'expected the same embeddings'

# A changed file, a touched one, a removed one, a moved one, a copy, and a new one.
cp "$flower_jpg" new.jpg
printf x >>new.jpg
mv new.jpg in/a/0000.jpg
touch -d '2020-01-02 03:04:05.678901234' in/a/0001.jpg
rm in/a/0002.jpg
mv in/a/0003.jpg in/b/moved.jpg
cp in/a/0004.jpg in/copy.jpg
index in --format json
expect_status 0
expect_sums 7 1 1 1 1 0
expect_lines 6
expect_out "^{\"image\":\"$here/in/a/0000.jpg\",\"state\":\"changed\"}\$"
expect_out "^{\"image\":\"$here/in/a/0001.jpg\",\"state\":\"touched\"}\$"
expect_out "^{\"image\":\"$here/in/a/0002.jpg\",\"state\":\"removed\"}\$"
expect_out "^{\"image\":\"$here/in/b/moved.jpg\",\"state\":\"moved\",\"from\":\"$here/in/a/0003.jpg\"}\$"
expect_out "^{\"image\":\"$here/in/copy.jpg\",\"state\":\"new\"}\$"
expect_stored in/a/0000.jpg in/a/0001.jpg in/a/0004.jpg in/b/cat.png in/b/moved.jpg in/copy.jpg in/flower.JPG
[ "$(field in/a/0001.jpg 3)" = 1577934245678901234 ] || [ "$(field in/a/0001.jpg 3)" = "$(date -d '2020-01-02 03:04:05.678901234' +%s%N)" ] ||
    fail 'expected the new time'
[ "$(field in/copy.jpg 7)" = "$(field in/a/0004.jpg 7)" ] || fail 'expected the embedding of the original'
index in
expect_sums 7 0 0 0 0 0

# Operands that say the same twice, or lie within each other, by any name.
mkdir more
cp in/a/0001.jpg more/one.jpg
printf y >>more/one.jpg
ln -s ../more in/linked
index in ./in/a more more/one.jpg "$here//more/../more/one.jpg" in/linked/one.jpg
expect_status 0
expect_sums 8 1 0 0 0 0
expect_stored in/a/0000.jpg in/a/0001.jpg in/a/0004.jpg in/b/cat.png in/b/moved.jpg in/copy.jpg in/flower.JPG more/one.jpg
rm in/linked

# A run looks only below what it is told of.
rm in/copy.jpg
index more
expect_sums 1 0 0 0 0 0
index in/b in/a
expect_sums 5 0 0 0 0 0
index in/copy
expect_status 1
expect_err '^clipsight: in/copy: No such file or directory$'
dump
[ -n "$(field in/copy.jpg 1)" ] || fail 'expected what lies elsewhere to stay'
index in
expect_sums 6 0 0 0 1 0

# Hidden ones are left out unless they are named; and then they stay.
mkdir in/.hidden
cp in/a/0004.jpg in/.hidden/h.jpg
index in
expect_sums 6 0 0 0 0 0
index in/.hidden in
expect_sums 7 1 0 0 0 0
index in
expect_sums 6 0 0 0 0 0
dump
[ -n "$(field in/.hidden/h.jpg 1)" ] || fail 'expected the hidden photograph to stay'
rm -r in/.hidden
index in
expect_sums 6 0 0 0 1 0

# Broken ones are listed once, and stay away until they change or it is asked for.
echo text >in/broken.jpg
head -c 900 in/a/0001.jpg >in/cut.jpg
index in --format json
expect_status 1
expect_sums 8 0 0 0 0 2
expect_err "^clipsight: $here/in/broken.jpg: is a text file"
expect_err "^clipsight: $here/in/cut.jpg: damaged JPEG file"
expect_out "^{\"image\":\"$here/in/broken.jpg\",\"state\":\"broken\",\"problem\":\"$here/in/broken.jpg: is a text file"
index in
expect_status 0
expect_sums 8 0 0 0 0 2
expect_err '^clipsight: 2 photographs could not be read by an earlier run and have not changed; --retry tries them again$'
index in --retry
expect_status 1
expect_err "^clipsight: $here/in/cut.jpg: damaged JPEG file"
rm in/broken.jpg
cp "$flower_jpg" in/cut.jpg
index in
expect_status 0
expect_sums 7 0 1 0 1 0

# Too large is broken, too, but only for a run with that cap.
cp "$PROJECT/assets/china.jpg" in/large.jpg
index in --max-pixels 200000
expect_status 1
expect_err 'in/large.jpg: 640 x 427 is 273280 pixels, more than the cap of 200000'
index in --max-pixels 200001
expect_status 0
expect_sums 8 0 0 0 0 1
index in
expect_status 0
expect_sums 8 1 0 0 0 0
rm in/large.jpg

# One that no encoder takes does not keep the others of its batch from the store. The starter squashes, and takes all.
# Names of any bytes.
strange=$(printf 'in/new\nline \\ "quoted" \303\244 \377.jpg')
cp in/a/0004.jpg "$strange"
printf z >>"$strange"
index in --format json
expect_status 0
expect_sums 8 1 0 0 1 0
expect_out 'in/new\\u000aline \\\\ \\"quoted\\" ä �.jpg","state":"new"}$'
dump
grep -q 'in/new\\012line\\040\\134\\040"quoted"\\040\\303\\244\\040\\377.jpg' dump.txt || fail 'expected the very bytes'
rm "$strange"
index in
expect_sums 7 0 0 0 1 0

# A link that leads nowhere is a disk that is not there.
mkdir elsewhere
cp in/a/0004.jpg elsewhere/far.jpg
printf far >>elsewhere/far.jpg
ln -s "$here/elsewhere/far.jpg" in/far.jpg
ln -s "$here/elsewhere" in/far
index in
expect_status 0
expect_sums 9 2 0 0 0 0
mv elsewhere away
index in
expect_status 1
expect_err "^clipsight: $here/in/far.jpg: cannot open: No such file or directory\$"
dump
{ [ -n "$(field in/far.jpg 1)" ] && [ -n "$(field in/far/far.jpg 1)" ]; } || fail 'expected what links led to to stay'
mv away elsewhere
rm in/far.jpg in/far
index in
expect_status 0
expect_sums 7 0 0 0 2 0

# So is a folder that is empty, unless what was in it turned up elsewhere, or it is meant so.
mkdir away
mv in/a/* away
index in
expect_status 0
expect_sums 4 0 0 0 0 0
expect_err "^clipsight: $here/in/a: is empty, but the store has 3 photographs of it: kept, for a disk may be missing; --prune removes them\$"
mv away/0000.jpg in/b
index in
expect_sums 5 0 0 1 0 0
expect_err "^clipsight: $here/in/a: is empty, but the store has 2 photographs of it"
mv away/* in/a
index in
expect_sums 7 0 0 0 0 0
mkdir away/a
mv in/a/* away/a
index in/a
expect_sums 0 0 0 0 0 0
index in/a --prune
expect_status 0
expect_sums 0 0 0 0 2 0
! grep -q 'is empty' "$scratch/err" || fail 'expected no note'
mv away/a/* in/a
index in
expect_sums 7 2 0 0 0 0

# A folder that is named and not there is an error, and takes nothing with it; --prune says that it is meant.
mv in/a gone
index in/a
expect_status 1
expect_err '^clipsight: in/a: No such file or directory$'
expect_sums 0 0 0 0 0 0
dump
[ -n "$(field in/a/0001.jpg 1)" ] || fail 'expected the photographs of a missing folder to stay'
index in/a --prune
expect_status 0
expect_sums 0 0 0 0 2 0
mv gone in/a
index in
expect_sums 7 2 0 0 0 0

# Windows: of all photographs from then on, and of those that are there already.
mkdir w
cp "$cat_png" w/cat.png
run index --store windows.sqlite w
expect_status 0
run index --store windows.sqlite w --windows
expect_status 0
expect_sums 1 0 1 0 0 0
cp "$flower_jpg" w/flower.jpg
"$STORE_TOOL" photos "$PROJECT/assets/china.jpg" w 1
run index --store windows.sqlite w
expect_status 0
expect_sums 3 2 0 0 0 0
"$STORE_TOOL" dump windows.sqlite | cut -f 6 | tr '\n' ' ' >rows.txt
[ "$(cat rows.txt)" = '7 9 9 ' ] || fail "expected rows '7 9 9', got '$(cat rows.txt)'"
mv w/cat.png w/dog.png
run index --store windows.sqlite w
expect_sums 3 0 0 1 0 0
run index --store windows.sqlite w
expect_sums 3 0 0 0 0 0

# Another model's store: one whose last weight is a little different.
cp -rL "$CLIPSIGHT_MODELS/starter" twin
chmod -R u+w twin
size=$(wc -c <twin/model.safetensors)
printf '\001' | dd of=twin/model.safetensors bs=1 seek=$((size - 2)) conv=notrunc 2>/dev/null
index in -m ./twin
expect_status 1
expect_no_out
expect_err 'starter.*twin\|twin.*starter'
index in
expect_sums 7 0 0 0 0 0

# The results in a file, and the store of the user.
XDG_DATA_HOME=$here/home "$CLIPSIGHT" index in/b --format json --report report.json >"$scratch/out" 2>"$scratch/err"
status=$?
ran='index in/b --report report.json, with a home'
expect_status 0
expect_no_out
[ "$(wc -l <report.json)" -eq 4 ] || fail 'expected three photographs and the sums'
[ -f home/clipsight/search.sqlite ] || fail "expected the user's store"

# A report takes the place of no photograph, and of no file of the store.
cp in/b/cat.png keep.png
run index --store "$store" more --format json --report in/b/cat.png
expect_status 1
expect_err '^clipsight: in/b/cat.png: is a photograph, which the report would replace$'
run index --store unmade.sqlite in/b --format json --report ./in/b/cat.png
expect_status 1
expect_err '^clipsight: ./in/b/cat.png: is a photograph'
cmp -s in/b/cat.png keep.png || fail 'a photograph was replaced'
rm unmade.sqlite*
for file in unmade.sqlite unmade.sqlite-wal unmade.sqlite-lock; do
    run index --store unmade.sqlite in/b --format json --report $file
    expect_status 1
    expect_err "^clipsight: $file: is a file of the store, which the report would replace\$"
    expect_absent unmade.sqlite unmade.sqlite-wal unmade.sqlite-lock
done

# One indexer at a time.
if command -v flock >/dev/null; then
    cp "$flower_jpg" in/late.jpg
    printf late >>in/late.jpg
    ran='index, while another does'
    flock "$store-lock" "$CLIPSIGHT" index --store "$store" in >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 1
    expect_err 'another process is indexing into it'
    index in
    expect_sums 8 1 0 0 0 0
fi

# Ctrl-C: what was said to be stored is, and the next run goes on.
if command -v timeout >/dev/null; then
    mkdir many
    "$STORE_TOOL" photos "$PROJECT/assets/china.jpg" many 400
    ran='index many, SIGINT'
    timeout --foreground --preserve-status -s INT 2 "$CLIPSIGHT" index --store many.sqlite many --format json --threads 1 \
        --backend reference >"$scratch/out" 2>"$scratch/err"
    status=$?
    expect_status 130
    "$STORE_TOOL" dump many.sqlite >dump.txt || fail 'the store'
    sed -n 's/^{"image":"\(.*\)","state":"new"}$/\1/p' "$scratch/out" >said.txt
    cut -f 1 dump.txt | cmp -s - said.txt || fail 'expected exactly what was said'
    [ "$(wc -l <said.txt)" -lt 400 ] || fail 'expected the run to have stopped early'
fi

# check_full FILE: a run that ran out of room: it says so, and what it said to be stored is in a sound store.
check_full() {
    expect_status 1
    expect_err "$1"
    ran="$ran; the store afterwards"
    [ -z "$(command -v sqlite3)" ] || [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ] || fail 'expected a sound file'
    "$STORE_TOOL" dump "$1" >dump.txt || fail 'the store'
    sed -n 's/^{"image":"\(.*\)","state":"new"}$/\1/p' "$scratch/out" >said.txt
    cut -f 1 dump.txt | cmp -s - said.txt || fail 'expected exactly what was said'
    said=$(wc -l <said.txt)
    { [ "$said" -gt 0 ] && [ "$said" -lt 400 ]; } || fail "expected the run to run out of room half-way, $said were stored"
}
[ -d many ] || { mkdir many && "$STORE_TOOL" photos "$PROJECT/assets/china.jpg" many 400; }
ran='index many, with a limit for the size of files'
(
    trap '' XFSZ
    ulimit -f 2000 # blocks of 512 bytes
    exec "$CLIPSIGHT" index --store limited.sqlite many --format json --windows
) >"$scratch/out" 2>"$scratch/err"
status=$?
check_full limited.sqlite
mkdir disk
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=1700k tmpfs disk 2>/dev/null; then
    run index --store disk/full.sqlite many --format json
    cp "$scratch/out" kept.txt
    (check_full disk/full.sqlite)
    full=$?
    umount disk
    [ "$full" -eq 0 ] || exit 1
fi

# What only others than root cannot do.
as_nobody() {
    setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
chmod 755 "$scratch" "$scratch/work"
if [ "$(id -u)" -ne 0 ] || (command -v setpriv && as_nobody "$CLIPSIGHT" embed -t cat) >/dev/null 2>&1; then
    mkdir theirs theirs/open theirs/closed theirs/listed
    "$STORE_TOOL" photos "$PROJECT/assets/china.jpg" theirs/open 1
    cp "$cat_png" theirs/closed/cat.png
    cp "$flower_jpg" theirs/listed/flower.jpg
    [ "$(id -u)" -ne 0 ] || chown -R 65534 theirs
    store=$here/theirs/store.sqlite
    index_as_nobody() {
        ran="index --store $store $*, as somebody else"
        if [ "$(id -u)" -eq 0 ]; then set -- as_nobody "$CLIPSIGHT" index --store "$store" "$@"
        else set -- "$CLIPSIGHT" index --store "$store" "$@"; fi
        "$@" >"$scratch/out" 2>"$scratch/err"
        status=$?
    }
    index_as_nobody theirs
    expect_status 0
    expect_sums 3 3 0 0 0 0
    chmod 0 theirs/closed
    chmod 600 theirs/listed
    index_as_nobody theirs
    expect_status 1
    expect_err "^clipsight: $here/theirs/closed: cannot read the folder: Permission denied\$"
    expect_err "^clipsight: $here/theirs/listed: cannot read the folder: Permission denied\$"
    expect_sums 1 0 0 0 0 0
    index_as_nobody theirs --prune
    expect_status 1
    expect_sums 1 0 0 0 0 0
    index_as_nobody theirs/closed
    expect_status 1
    chmod 755 theirs/closed theirs/listed
    chmod 0 theirs/open/0000.jpg
    touch theirs/open/0000.jpg
    index_as_nobody theirs
    expect_status 1
    expect_err 'theirs/open/0000.jpg: cannot open: Permission denied'
    chmod 644 theirs/open/0000.jpg
    expect_stored theirs/closed/cat.png theirs/listed/flower.jpg theirs/open/0000.jpg
    index_as_nobody theirs --format json
    expect_status 0
    expect_out '"touched":1'
    # A store that cannot be written to.
    [ "$(id -u)" -ne 0 ] || chown -R 0 theirs
    chmod a-w "$store" theirs
    [ "$(id -u)" -ne 0 ] || chown 65534 theirs/open
    cp "$cat_png" theirs/open/cat2.png
    printf 2 >>theirs/open/cat2.png
    index_as_nobody theirs
    expect_status 1
    expect_err 'theirs/store.sqlite'
    chmod u+w theirs
else
    echo 'skipped: folders and stores without permission (needs setpriv, and a build that others may run)'
fi

# What is wrong on the command line.
wrong 'expected at least one folder or photograph' index
wrong 'got an empty name' index ''
wrong 'standard input' index -
wrong "--format: expected none or json, got 'table'" index in --format table

# No store.
echo text >text.sqlite
run index --store text.sqlite in
expect_status 1
expect_err 'text.sqlite'
run index --store /dev/null/store in
expect_status 1
expect_err '/dev/null'
exit 0
