#!/bin/sh
# The test suite. LibreOffice is used where it is, installed where this machine may, and otherwise what it would
# have shown is skipped and named.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$here"
if ! command -v soffice >/dev/null 2>&1; then
    echo "Setting up: LibreOffice Calc for the tests" >&2
    sh tests/install_calc.sh >&2 || echo "LibreOffice is not here and this user may not install it: its tests are skipped, by name, below." >&2
fi
exec .venv/bin/python -m pytest -n 2 "$@"
