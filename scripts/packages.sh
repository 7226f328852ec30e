#!/bin/sh
# The one list of Debian packages that clipsight needs, and the means to install what is missing of it.
#
#   scripts/packages.sh GROUP...      groups: build, test, browser (for the test of the page), lint, fuzz
#
# Says nothing and asks nobody where nothing is missing. With apt it installs the rest (through sudo where not root);
# without, it looks for the things themselves, and names the packages of those that are not there. Exit status: 0 when
# everything is at hand, 1 when it is not. All output goes to standard error.
set -eu
exec >&2

# Per line: group, package, and how to find the thing where dpkg does not know it.
list() {
    cat <<'END'
build gcc                command:gcc
build libc6-dev          header:stdlib.h
build cmake              command:cmake
build ninja-build        command:ninja
build pkg-config         command:pkg-config
build libdnnl-dev        header:dnnl.h
build libturbojpeg0-dev  module:libturbojpeg
build libjpeg-dev        module:libjpeg
build libpng-dev         module:libpng
build libwebp-dev        module:libwebp
build libcairo2-dev      module:cairo
build fonts-dejavu-core  font:DejaVuSans
build libjansson-dev     module:jansson
build libutf8proc-dev    module:libutf8proc
build libexpat1-dev      module:expat
build libyaml-dev        module:yaml-0.1
build libcurl4-openssl-dev module:libcurl
build libssl-dev         module:libcrypto
build libmicrohttpd-dev  module:libmicrohttpd
build libsqlite3-dev     module:sqlite3
build libpq-dev          module:libpq
test  libcmocka-dev      module:cmocka
test  curl               command:curl
test  sqlite3            command:sqlite3
lint  clang-format       command:clang-format
lint  clang-tidy         command:clang-tidy
lint  shellcheck         command:shellcheck
lint  git                command:git
browser chromium         command:chromium
browser chromium-driver  command:chromedriver
fuzz  clang              command:clang
fuzz  libclang-rt-dev    command:clang
fuzz  libomp-dev         header:omp.h
END
}

# The wanted groups' lines of the list.
wanted() {
    for group; do
        list | awk -v group="$group" '$1 == group'
    done
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# found KIND:NAME: whether the thing is here, whoever put it there.
found() {
    name=${1#*:}
    case $1 in
    command:*) has "$name" ;;
    module:*) has pkg-config && pkg-config --exists "$name" ;;
    header:*) has gcc && echo "#include <$name>" | gcc -E -x c - >/dev/null 2>&1 ;;
    font:*) find /usr/share/fonts /usr/local/share/fonts -name "$name*" 2>/dev/null | grep -q . ;;
    esac
}

# The wanted packages that dpkg does not have, one a line.
missing_packages() {
    wanted "$@" | awk '{ print $2 }' | sort >"$work/wanted"
    # dpkg-query fails when it does not know one of the names: that is an answer here, not an error.
    # shellcheck disable=SC2046
    dpkg-query -W -f='${Package} ${db:Status-Status}\n' $(cat "$work/wanted") 2>/dev/null |
        awk '$2 == "installed" { print $1 }' | sort -u >"$work/installed"
    comm -23 "$work/wanted" "$work/installed"
}

# The wanted packages whose contents cannot be found at all, one a line.
missing_things() {
    wanted "$@" | while read -r _ package thing; do
        found "$thing" || echo "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

apt() {
    as_root apt-get -qq -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

have_package_lists() {
    find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' 2>/dev/null | grep -q .
}

# Old lists name packages that the mirror no longer has, so a failed try is repeated with new ones.
install() {
    echo "Installing: $*"
    have_package_lists || apt update || true
    for pause in 0 5 20; do
        sleep "$pause"
        if apt install --no-install-recommends "$@" >"$work/log" 2>&1; then
            return 0
        fi
        apt update || true
    done
    tail -n 20 "$work/log"
    return 1
}

[ $# -gt 0 ] || {
    echo "usage: $0 GROUP...   (build, test, browser, lint, fuzz)"
    exit 1
}
for group; do
    [ -n "$(wanted "$group")" ] || {
        echo "$0: there is no group \"$group\"; there are build, test, browser, lint and fuzz"
        exit 1
    }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if has dpkg-query && has apt-get; then
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || exit 0
    if [ "$(id -u)" -eq 0 ] || has sudo; then
        # shellcheck disable=SC2086
        install $missing && exit 0
        echo "apt could not install these packages; see above."
    fi
fi

missing=$(missing_things "$@")
[ -n "$missing" ] || exit 0
echo "clipsight needs these Debian packages, or what stands for them on this system:"
for package in $missing; do
    echo "    $package"
done
exit 1
