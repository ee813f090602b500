#!/bin/sh
# Sees to it that Debian packages are here, installs them where it may: sh requirements/debian.sh PACKAGE...
# Fails, with a line that says what to install, where one of them stays missing.
set -eu

here() {
    command -v dpkg-query >/dev/null &&
        dpkg-query --show --showformat '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
updated= missing=
for package in "$@"; do
    here "$package" && continue
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        [ -n "$updated" ] || apt-get update -qq >"$log" 2>&1 || true
        updated=yes
        echo "Installing $package ..."
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$package" >"$log" 2>&1 ||
            tail -n 5 "$log" >&2
        here "$package" && continue
    fi
    missing="$missing $package"
done
[ -z "$missing" ] || { echo "Missing here. Install with: sudo apt-get install$missing" >&2; exit 1; }
