# What the scripts of this folder share; sourced, not run.
# shellcheck shell=sh
# shellcheck disable=SC2034 # the scripts use what is set here
: "${root:?the root of the project}"
export CLIPSIGHT_MODELS="$root/models"
build=$root/build/release
threads=$(nproc)
[ "$threads" -le 2 ] || threads=2
python=${PEERS_PYTHON:-$root/build/peers/bin/python}

# The options as the script's first comment has them.
usage() {
    sed -n '/^#   /s/^# *//p' "$0" >&2
    exit 2
}

# read_options NAMES ARGUMENT...: the value of each option among the names goes into the variable of that name.
# --no-peers, where it is one of them, has none, and sets peers to no.
read_options() {
    names=" $1 "
    shift
    while [ $# -gt 0 ]; do
        case $1 in --*[!a-z-]* | --) usage ;; --*) name=${1#--} ;; *) usage ;; esac
        case $names in *" $name "*) ;; *) usage ;; esac
        if [ "$name" = no-peers ]; then
            peers=no
        else
            [ $# -gt 1 ] || usage
            eval "$name=\$2"
            shift
        fi
        shift
    done
}

# prepare_peers ARGUMENT...: what pip is to install beside the peers' Python, unless PEERS_PYTHON names one that has it.
prepare_peers() {
    [ -z "${PEERS_PYTHON:-}" ] || return 0
    [ -x "$python" ] || python3 -m venv "$root/build/peers" || return 1
    "$python" -m pip install --quiet --disable-pip-version-check "$@"
}
