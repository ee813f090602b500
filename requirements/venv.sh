#!/bin/sh
# Makes a virtual environment with pip in it: sh requirements/venv.sh PYTHON FOLDER
set -eu
python=$1 folder=$2

if ! command -v "$python" >/dev/null; then
    echo "There is no $python here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2
    exit 1
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Serjeant needs Python 3.11 or newer and $python is $version. Name a newer one: make PYTHON=python3.12" >&2
    exit 1
fi

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

# Debian and Ubuntu ship venv in a package of its own.
"$python" -c 'import ensurepip, venv' 2>/dev/null || sh "${0%/*}/debian.sh" "python$version-venv"
"$python" -m venv --clear "$folder"
