#!/bin/sh
# Installs LibreOffice Calc for the tests if this user may (root, apt). LibreOffice 7.4 of Debian 12 does not find add-in
# functions by name in an .xlsx file. There, LibreOffice comes from backports, by the machine's own package source.
set -eu
command -v soffice >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 3
export DEBIAN_FRONTEND=noninteractive
from=
if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release && [ -f /etc/apt/sources.list.d/debian.sources ]; then
    # Copies the first entry of Debian's own list and changes the suite.
    awk 'BEGIN { RS = ""; ORS = "\n\n" } NR == 1' /etc/apt/sources.list.d/debian.sources |
        sed 's/^Suites: .*/Suites: bookworm-backports/; /^#/d' > /etc/apt/sources.list.d/xltax-backports.sources
    from="-t bookworm-backports"
fi
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $from libreoffice-calc-nogui python3-uno >/dev/null
apt-get install -y -qq --no-install-recommends poppler-utils fonts-crosextra-carlito fonts-liberation2 >/dev/null
