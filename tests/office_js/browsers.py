"""Real browsers without a window: open a page of a built site, and give what the page posted."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.office_js.need import need
from xltax.faces.office_js import serve

MINI_BROWSER = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
NAMES = ("chromium", "firefox", "webkit")
"""Chromium is the engine of Excel on Windows, WebKit that of Excel on the Mac; in the browser it is the user's own."""


@contextmanager
def serving(
    folder: Path, extra: Mapping[str, bytes], replaced: Mapping[str, str] | None = None
) -> Iterator[tuple[str, queue.Queue[Any]]]:
    """The site with its real headers on a free port, and the queue of what its pages post. Yields the address too.

    extra: more files at the top of the site, and files in place of built ones. replaced: headers in place of ours.
    Without a certificate: on localhost a browser trusts a page as it does with one. test_serve.py has the certificate.
    """
    found: queue.Queue[Any] = queue.Queue()

    class Files(serve.Files):
        def do_POST(self) -> None:  # noqa: N802  the server's own name
            found.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def data_of(self, path: str) -> bytes | None:
            return extra[path] if path in extra else super().data_of(path)

        def send_header(self, keyword: str, value: str) -> None:
            super().send_header(keyword, (replaced or {}).get(keyword, value))

    Files.folder = folder.resolve()
    server = serve.Server(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}", found
    finally:
        server.shutdown()
        server.server_close()


def opened(browser: str, address: str, found: queue.Queue[Any], timeout: float = 150) -> Any:
    """Opens the address in a browser with an empty profile, and gives what the page posts first."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            _command(browser, profile, address),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ
            | {
                "HOME": profile,
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
                "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            },
        )
        try:
            return found.get(timeout=timeout)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _command(browser: str, profile: str, address: str) -> list[str]:
    if browser == "chromium":
        need("chromium")
        flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
        return ["chromium", *flags, f"--user-data-dir={profile}", address]
    if browser == "firefox":
        need("firefox-esr")
        return ["firefox-esr", "--headless", "--no-remote", "--profile", profile, address]
    need("xvfb-run")
    if not MINI_BROWSER.exists():
        need(str(MINI_BROWSER))
    return ["xvfb-run", "-a", str(MINI_BROWSER), address]


def has(browser: str) -> bool:
    """True if this browser is installed."""
    return bool(shutil.which({"chromium": "chromium", "firefox": "firefox-esr"}.get(browser, str(MINI_BROWSER))))
