#!/bin/sh
# Wrong usage: status 2, a sentence on stderr that names the option and what was expected, nothing on stdout. All of it
# is found before a photograph or a model is opened: the names given here do not exist.
# shellcheck source=tests/cli/support.sh
. "$PROJECT/tests/cli/support.sh"

wrong '^Usage: clipsight'
wrong 'detct: unknown command; did you mean detect?' detct
wrong "Try 'clipsight --help'" detct
wrong '^clipsight: xyz: unknown command$' xyz
wrong 'unknown option' --bogus
wrong 'detct: unknown command; did you mean detect?' help detct

wrong '^clipsight detect: --fromat: unknown option; did you mean --format?$' detect a.jpg -p x --fromat json
wrong "Try 'clipsight detect --help'" detect a.jpg -p x --fromat json
wrong '--heat: unknown option; did you mean --heatmap?' localize a.jpg -p x --heat h.png
wrong '^clipsight detect: --qqqqqqq: unknown option$' detect --qqqqqqq
wrong '^clipsight detect: -z: unknown option$' detect -z
wrong '--threshold: unknown option' classify a.jpg -p x --threshold 0.5

wrong "--threshold: expected a number between 0 and 1 (exclusive), got 'abc'" detect a.jpg -p x --threshold abc
for value in 0 1 -0.5 1.5 nan inf 0x1 '' ' 0.5' 0.5x 0,5; do
    wrong "--threshold: expected a number between 0 and 1 (exclusive), got '$value'" detect a.jpg -p x --threshold "$value"
done
wrong "--min-score: expected a number between 0 and 1, got '1.1'" detect a.jpg -p x --min-score=1.1
for value in 0 -1 2.5 abc 0x10 99999999999999999999 65537; do
    wrong "--patch: expected a whole number between 1 and 65536, got '$value'" detect a.jpg -p x --patch "$value"
done
wrong "--threads: expected a whole number between 1 and 1024, got '0'" classify a.jpg -p x --threads 0
wrong "--backend: expected onednn or reference, got 'gpu'" classify a.jpg -p x --backend gpu
wrong "--recipe: expected default or chapter, got 'page'" detect a.jpg -p x --recipe page
wrong "--format: expected table, json, csv, coco, yolo or voc, got 'xml'" detect a.jpg -p x --format xml
wrong "--format: expected table, json or csv, got 'coco'" classify a.jpg -p x --format coco
wrong "--format: expected table, json or tsv, got 'csv'" localize a.jpg -p x --format csv
wrong "--heatmap-style: expected brightness or overlay, got 'blue'" localize a.jpg -p x --heatmap-style blue

for command in localize detect; do
    wrong "--method: expected auto, window, occlusion, dense or region, got 'windows'" $command a.jpg -p x --method windows
    for option in '--patch 8' '--window 3' '--stride 2'; do
        for method in dense region; do
            # shellcheck disable=SC2086
            wrong "^clipsight $command: method $method: nothing slides there" $command a.jpg -p x --method $method $option
        done
        # shellcheck disable=SC2086
        wrong "method dense: nothing slides there" $command a.jpg -p x --variant naclip $option
    done
    wrong 'method dense: the chapter has no such method' $command a.jpg -p x --method dense --recipe chapter
    wrong 'method region: the chapter has no such method' $command a.jpg -p x --method region --recipe chapter
    wrong 'method dense: the chapter has no such method' $command a.jpg -p x --variant naclip --recipe chapter
    for method in window occlusion region; do
        wrong "variant 'naclip': only the dense method has variants, not $method" $command a.jpg -p x --method $method \
            --variant naclip
    done
done
wrong 'method dense: nothing slides there' eval . --method dense --patch 8
for value in -0.1 1.1 nan x; do
    wrong "--overlap: expected a number between 0 and 1, got '$value'" detect a.jpg -p x --overlap "$value"
done
wrong '--negative: expected TEXT, got an empty text' detect a.jpg -p x --negative ''
wrong '--negative does not go with --recipe chapter' detect a.jpg -p x --negative y --recipe chapter
wrong '--negative does not go with --recipe chapter' eval a --negative y --recipe chapter
wrong '--negative: unknown option' localize a.jpg -p x --negative y
wrong '--crop: expected DIR, got an empty text' detect a.jpg -p x --crop ''

wrong '--patch: expected a value (N) behind it' detect a.jpg -p x --patch
wrong '--prompt: expected a value (TEXT) behind it' detect a.jpg -p
wrong '--single: takes no value' detect a.jpg -p x --single=yes
wrong '--prompt: expected TEXT, got an empty text' detect a.jpg -p ''
wrong '--model: expected NAME|DIR, got an empty text' detect a.jpg -p x --model=
wrong "--template: expected {} where the prompt goes, got 'a photo'" detect a.jpg -p x --template 'a photo'
wrong "--template: expected {} where" eval . --template 'a photo'

for command in classify localize detect; do
    wrong 'expected at least one photograph or folder' $command -p x
    wrong 'expected at least one prompt' $command a.jpg
    wrong "'-' (standard input) can be given only once" $command - --prompts -
    wrong "'-' (standard input) can be given only once" $command - - -p x
    wrong 'got an empty name' $command '' -p x
done
wrong 'expected at least one prompt' detect -- -p x
wrong 'expected one dataset, got 0' eval
wrong 'expected one dataset, got 2' eval a b
