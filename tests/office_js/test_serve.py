"""The server of `./run office`: a certificate for this computer alone, the headers of every file, and no file from outside."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from xltax.errors import BadValue
from xltax.faces.office_js import serve
from xltax.faces.office_js.headers import POLICY, headers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "office"
    (made / "app-0123456789abcdef").mkdir(parents=True)
    for name in ("manifest.xml", "functions.json", "pane.html", "app-0123456789abcdef/pane.mjs"):
        (made / name).write_text(name, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return made


@pytest.fixture
def asked(folder: Path, tmp_path: Path) -> Iterator[http.client.HTTPSConnection]:
    server = serve.server(folder, 0, tmp_path / "keys")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trusted = ssl.create_default_context(cafile=str(tmp_path / "keys" / "localhost.crt"))
    yield http.client.HTTPSConnection("localhost", server.server_address[1], context=trusted, timeout=20)
    server.shutdown()
    server.server_close()


def _get(asked: http.client.HTTPSConnection, path: str) -> tuple[int, dict[str, str], bytes]:
    asked.request("GET", path)
    answer = asked.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_a_file_comes_over_https_with_its_headers(asked: http.client.HTTPSConnection) -> None:
    status, told, data = _get(asked, "/app-0123456789abcdef/pane.mjs?x=1")
    assert (status, data) == (200, b"app-0123456789abcdef/pane.mjs")
    assert told["Content-Type"].startswith("text/javascript")
    assert told["Content-Security-Policy"] == POLICY
    assert "immutable" in told["Cache-Control"]
    assert _get(asked, "/pane.html")[1]["Cache-Control"] == "no-cache"
    assert _get(asked, "/functions.json")[1]["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/nothing", "/", "/app-0123456789abcdef"])
def test_nothing_else_is_given(asked: http.client.HTTPSConnection, path: str) -> None:
    status, _, data = _get(asked, path)
    assert status == 404
    assert b"secret" not in data.replace(path.encode(), b"")


def test_the_policy_allows_no_code_from_elsewhere_but_office_js() -> None:
    said = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert said["default-src"] == "'self'"
    assert "'unsafe-eval'" not in POLICY
    assert "'unsafe-inline'" not in said["script-src"]
    assert {s for s in said["script-src"].split() if "://" in s} == {
        "https://appsforoffice.microsoft.com",
        "https://ajax.aspnetcdn.com",
    }
    assert "no-store" not in str([headers(n) for n in ("icon-32.png", "pane.html")]), "Excel has to keep the icons"


def test_the_certificate_is_kept_and_only_its_owner_reads_the_key(tmp_path: Path) -> None:
    first = serve.certificate(tmp_path).read_bytes()
    assert serve.certificate(tmp_path).read_bytes() == first
    assert (tmp_path / "localhost.pem").stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in (tmp_path / "localhost.crt").read_bytes()


def test_a_folder_that_was_not_built_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match=r"does not hold the Office add-in.*xltax build --office"):
        serve.server(tmp_path, 0, tmp_path)


def test_the_headers_of_a_real_server_are_in_the_page_for_it() -> None:
    """docs/excel-anywhere.md gives the policy as a line to copy."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "excel-anywhere.md").read_text(encoding="utf-8")
    assert POLICY in page
    assert "Cache-Control" in page
