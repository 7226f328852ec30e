# What the tests of the command share; sourced, not run. Leaves the test in an empty folder that is removed at the end.
# shellcheck shell=sh
set -u
: "${CLIPSIGHT:?the built command}" "${PROJECT:?the root of the project}"
export CLIPSIGHT_MODELS="${CLIPSIGHT_MODELS:-$PROJECT/models}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work"
cd "$scratch/work" || exit 1
cat_png=$PROJECT/assets/chelsea.png
flower_jpg=$PROJECT/assets/flower.jpg
export cat_png flower_jpg

# Tests run side by side: threads that wait by spinning would make each of them many times slower.
export OMP_WAIT_POLICY=passive

# run ARGUMENT...: the command, with its status, stdout and stderr kept for the checks that follow.
run() {
    ran="clipsight $*"
    "$CLIPSIGHT" "$@" >"$scratch/out" 2>"$scratch/err"
    status=$?
}

fail() {
    echo "FAILED: ${ran-}"
    echo "$*"
    echo "--- status ${status-}, stdout:"
    head -c 2000 "$scratch/out" 2>/dev/null
    echo "--- stderr:"
    head -c 2000 "$scratch/err" 2>/dev/null
    exit 1
}

expect_status() {
    [ "$status" -eq "$1" ] || fail "expected status $1"
}

# expect_out PATTERN, expect_err PATTERN: a line that matches the basic regular expression.
expect_out() {
    grep -q -e "$1" "$scratch/out" || fail "expected on stdout: $1"
}

expect_err() {
    grep -q -e "$1" "$scratch/err" || fail "expected on stderr: $1"
}

expect_no_out() {
    [ ! -s "$scratch/out" ] || fail "expected nothing on stdout"
}

expect_no_err() {
    [ ! -s "$scratch/err" ] || fail "expected nothing on stderr"
}

# wrong PATTERN ARGUMENT...: wrong usage, which a line on stderr explains.
wrong() {
    pattern=$1
    shift
    run "$@"
    expect_status 2
    expect_no_out
    expect_err "$pattern"
}

# same_numbers FILE FILE: the same JSON but for last digits, which on some processors depend on the size of a batch.
same_numbers() {
    tr ':,[]{}' '[\n*]' <"$1" >"$scratch/numbers"
    tr ':,[]{}' '[\n*]' <"$2" | paste "$scratch/numbers" - | awk -F '\t' '$1 == $2 { next }
        $1 !~ /^ *[-+.e0-9]+ *$/ || $2 !~ /^ *[-+.e0-9]+ *$/ { bad = 1 }
        { d = $1 - $2; if (d > 1e-4 || d < -1e-4) bad = 1 } END { exit bad }'
}

# expect_lines N: on stdout.
expect_lines() {
    lines=$(wc -l <"$scratch/out")
    [ "$lines" -eq "$1" ] || fail "expected $1 lines on stdout, got $lines"
}

# The photographs of JSON lines, in order, on one line.
images() {
    sed -n 's/^{"image": *"\([^"]*\)".*/\1/p' "$scratch/out" | tr '\n' ' ' | sed 's/ $//'
}

expect_images() {
    got=$(images)
    [ "$got" = "$*" ] || fail "expected the photographs '$*', got '$got'"
}

# expect_file KIND PATH...: png, jpg or webp by the first bytes.
expect_file() {
    kind=$1
    shift
    for path in "$@"; do
        [ -f "$path" ] || fail "expected the file $path; there are: $(find . -type f | sort | tr '\n' ' ')"
        bytes=$(od -An -tx1 -N4 "$path" | tr -d ' ')
        case $kind:$bytes in
        png:89504e47 | jpg:ffd8ff* | webp:52494646) ;;
        *) fail "expected $path to be $kind, its first bytes are $bytes" ;;
        esac
    done
}

expect_absent() {
    for path in "$@"; do
        [ ! -e "$path" ] || fail "expected no $path"
    done
}

# expect_files N FOLDER: regular files in it, at any depth.
expect_files() {
    count=$(find "$2" -type f | wc -l)
    [ "$count" -eq "$1" ] || fail "expected $1 files in $2, got $count: $(find "$2" -type f | sort | tr '\n' ' ')"
}

# Nothing half-written, whether in this folder or below.
expect_no_temporary() {
    left=$(find . -name '*.tmp-*')
    [ -z "$left" ] || fail "left behind: $left"
}

# True where a command can be given a terminal: script(1) is there, and the system has pseudo-terminals (a bare chroot has
# none).
have_terminal() {
    command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1
}

# wait_for COMMAND...: until it succeeds; false where it does not within a minute.
wait_for() {
    waited=0
    until "$@"; do
        [ $waited -lt 600 ] || return 1
        sleep 0.1
        waited=$((waited + 1))
    done
}

# annotate NAME FILE CLASS XMIN YMIN XMAX YMAX: a box in a photograph of data/, a dataset in PASCAL VOC's layout.
annotate() {
    cat >"data/Annotations/$1.xml" <<XML
<annotation><filename>$2</filename><size><width>451</width><height>300</height><depth>3</depth></size>
<object><name>$3</name><difficult>0</difficult>
<bndbox><xmin>$4</xmin><ymin>$5</ymin><xmax>$6</xmax><ymax>$7</ymax></bndbox></object></annotation>
XML
}

# index_three: photos/ with three photographs, and the store s.sqlite of them.
index_three() {
    mkdir -p photos/garden
    cp "$cat_png" photos/cat.png
    cp "$flower_jpg" photos/garden/flower.jpg
    cp "$PROJECT/assets/china.jpg" photos/palace.jpg
    run index --store s.sqlite photos -q --threads 1
    expect_status 0
}
