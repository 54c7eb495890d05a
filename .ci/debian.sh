# shellcheck shell=sh
# Installs Debian packages, and leaves proxies to what comes from elsewhere; sourced by ./verify and ./demo.

# Programs that go out by a proxy of the site's would ask it for what runs here, too
ask_this_machine_directly() {
    no_proxy=127.0.0.1,localhost,${no_proxy:-${NO_PROXY:-}}
    NO_PROXY=$no_proxy
    export no_proxy NO_PROXY
}

# packages GROUP...: the names that .ci/packages lists for these groups
packages() {
    for group in "$@"; do
        sed -n "s/^$group //p" .ci/packages
    done
}

# install_packages NAME...: those that are missing; 1 when some are and cannot be installed
install_packages() {
    missing=''
    for package in "$@"; do
        dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "missing, and there is no apt-get to install them:$missing" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing; install them as root: apt-get install$missing" >&2
        return 1
    fi
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # a list of names
    apt_install $missing || {
        echo "apt-get could not install:$missing" >&2
        return 1
    }
}

# Without an update first, because that takes longer than most installations. In runlevel 1 no service is started
# that a package brings along: tests start their own.
apt_install() {
    export RUNLEVEL=1
    apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}
