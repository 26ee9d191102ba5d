#!/bin/sh
# Runs the test suite. If LibreOffice is missing, this script tries to install it. If that fails, the tests that need
# LibreOffice are skipped and listed.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$here"
if ! command -v soffice >/dev/null 2>&1; then
    echo "Installing LibreOffice Calc for the tests" >&2
    sh tests/install_calc.sh >&2 || echo "LibreOffice is missing, and this user may not install it. The skipped tests are listed below." >&2
fi
# Node, the browsers and the parts of the Office add-in. Without them, these tests are skipped and listed.
sh tests/install_office_js.sh >&2 || echo "The Office add-in is not tested in full here. The skipped tests are listed below." >&2
exec .venv/bin/python -m pytest -n 2 "$@"
