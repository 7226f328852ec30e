#!/bin/sh
# The rooms of the library include only what lies below them, and the check that says so can fail.
set -eu
check=$PROJECT/scripts/check_layers.sh

"$check" "$PROJECT"

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/src/base" "$tree/src/nn/onednn" "$tree/src/image" "$tree/src/report" "$tree/src/eval" "$tree/cli" \
    "$tree/include" "$tree/bench" "$tree/server"

# expect accepted|refused FILE LINE: what the check must say of a tree with this one line in this file.
expect() {
    echo "$3" >"$tree/$2"
    if said=$("$check" "$tree"); then got=accepted; else got=refused; fi
    rm "$tree/$2"
    case $1:$got:$said in
    accepted:accepted:) return 0 ;;
    refused:refused:"$2":1:*) return 0 ;;
    esac
    echo "$2 with '$3' was $got, expected $1; the check said: $said"
    exit 1
}

expect accepted src/base/a.c '#include "base/error.h"'
expect accepted src/base/a.c '#include <sys/stat.h>'
expect accepted src/base/a.c '#include "clipsight.h"'
expect accepted src/nn/onednn/a.c '#include "nn/ops.h"'
expect accepted src/report/a.c '#include "image/draw.h"'
expect accepted cli/a.c '#include "clipsight.h"'
expect accepted cli/a.c '#include "arguments.h"'
expect accepted server/a.c '#include "clipsight_tools.h"'

expect refused src/base/a.c '#include "nn/ops.h"'
expect refused src/base/a.c ' # include "model/model.h"'
expect refused src/image/a.h '#include "text/tokenizer.h"'
expect refused src/nn/onednn/a.c '#include "model/model.h"'
expect refused src/report/a.c '#include "eval/dataset.h"'
expect refused src/report/a.c '#include <eval/dataset.h>'
expect refused src/report/a.c '#include "../eval/dataset.h"'
expect refused src/eval/a.c '#include "cli/arguments.h"'
expect refused include/a.h '#include "base/error.h"'
expect refused cli/a.c '#include "base/error.h"'
expect refused cli/a.c '#include "../src/base/error.h"'
expect refused bench/a.c '#include "src/nn/ops.h"'
expect refused server/a.c '#include "image/image.h"'

# The page's scripts: one way is accepted, there and back is not.
page=$tree/server/page
mkdir -p "$page"
echo "import {b} from './b.js';" >"$page/a.js"
echo "export const b = 1;" >"$page/b.js"
"$check" "$tree" || {
    echo "imports that lead one way were refused"
    exit 1
}
echo "import {a} from './a.js';" >>"$page/b.js"
if said=$("$check" "$tree"); then
    echo "imports that go round were accepted"
    exit 1
fi
case $said in
*server/page/a.js:*server/page/b.js:*) ;;
*)
    echo "expected both files of the loop to be named; the check said: $said"
    exit 1
    ;;
esac
