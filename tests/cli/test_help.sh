#!/bin/sh
# Help and the version: on stdout, status 0, nothing on stderr.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

# shown PATTERN ARGUMENT...
shown() {
    pattern=$1
    shift
    run "$@"
    expect_status 0
    expect_no_err
    expect_out "$pattern"
}

shown '^clipsight [0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*$' --version
for arguments in help --help -h; do
    for command in classify localize detect embed index search eval serve; do shown "^  $command " $arguments; done
done

for command in classify localize detect eval; do
    shown "^Usage: clipsight $command " help $command
    cp "$scratch/out" "$scratch/first"
    shown "^Examples:" $command --help
    cmp -s "$scratch/first" "$scratch/out" || fail "expected the same as 'clipsight help $command'"
    shown "^  clipsight $command " $command -h
    for option in model threads backend batch template max-pixels report format quiet; do expect_out "--$option"; done
done
shown '--threshold T' detect --help
for option in prompt prompts min-score single overlap negative output crop; do expect_out "--$option"; done
for command in localize detect eval; do
    shown '--method auto|window|occlusion|dense|region' $command --help
    for option in variant recipe patch window stride; do expect_out "--$option"; done
done
shown '--negative TEXT' eval --help
shown '--heatmap-style brightness|overlay' localize --help

shown '--texts FILE' embed --help
shown '--store FILE|URL' index --help
for option in windows retry prune format model max-pixels report quiet; do expect_out "--$option"; done
shown '--windows' embed --help
shown '--allow-origin ORIGIN' serve --help
expect_out 'default: 8080'

# It wins over what else is there, and over what is missing.
shown '^Usage: clipsight detect' detect nothing.jpg --help
shown '^Usage: clipsight detect' detect -p x --help --bogus

if [ -e /dev/full ]; then
    ran='clipsight help >/dev/full'
    "$CLIPSIGHT" help >/dev/full 2>"$scratch/err"
    status=$?
    expect_status 1
    expect_err 'standard output: cannot write'
fi
