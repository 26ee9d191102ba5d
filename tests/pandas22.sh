#!/bin/sh
# Runs the tests of law, ledger and functions again, with pandas 2.2. Some Excel add-ins and many offices still have that version.
# It stands beside the newer pandas in .venv/pandas22 and is used only here.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$here"
older=.venv/pandas22
if [ ! -d "$older/pandas" ]; then
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --target "$older" "pandas==2.2.*" pytz >&2
fi
export PYTHONPATH="$here/$older"
.venv/bin/python -c 'import pandas; print("pandas", pandas.__version__); assert pandas.__version__.startswith("2.2.")'
exec .venv/bin/python -m pytest -n 2 tests/law tests/tables tests/properties tests/published tests/functions "$@"
