"""A page in a real Chromium without a window, driven through its debugging pipe: clicks, keys, screenshots, colors."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.office_js.need import need


class Page:
    """One open page."""

    def __init__(self, into: int, out: int) -> None:
        self._into, self._out = into, out
        self._waiting, self._number, self._session = b"", 0, ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def ask(self, method: str, **given: Any) -> Any:
        """One command of the debugging protocol, with its answer."""
        self._number += 1
        number = self._number
        said = {"id": number, "method": method, "params": given} | (
            {"sessionId": self._session} if self._session else {}
        )
        os.write(self._into, json.dumps(said).encode() + b"\0")
        while True:
            while b"\0" not in self._waiting:
                self._waiting += os.read(self._out, 1 << 20)
            line, _, self._waiting = self._waiting.partition(b"\0")
            told = json.loads(line)
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]

    def size(self, width: int, height: int, colors: str = "") -> None:
        """The size of the window, and the colors: "" for usual ones, "forced" for high contrast, "dark"."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = {"forced": ("forced-colors", "active"), "dark": ("prefers-color-scheme", "dark")}
        chosen = [dict(zip(("name", "value"), features[colors], strict=True))] if colors else []
        self.ask("Emulation.setEmulatedMedia", features=chosen)

    def open(self, address: str) -> None:
        self.ask("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """The value of a piece of JavaScript, waited for."""
        told = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, script: str, seconds: float = 120) -> Any:
        """Waits until a piece of JavaScript gives something."""
        script = f"((found) => (found instanceof Node ? true : found))({script})"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.run(script):
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited for {script}; the page says {self.run('document.body?.innerText')}")

    def key(self, name: str, text: str = "") -> None:
        """A key, as a person presses it."""
        code = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32}.get(name, 0)
        more = {"text": text} if text else {"text": "\r"} if name == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=code, **more)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)

    def picture(self) -> bytes:
        """The window as PNG."""
        return b64decode(self.ask("Page.captureScreenshot", format="png")["data"])


@contextmanager
def chromium() -> Iterator[Page]:
    """A fresh Chromium with one empty page."""
    need("chromium")
    (their_in, our_out), (our_in, their_out) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")

        def place() -> None:  # Chromium reads commands from 3 and writes answers to 4
            first, second = os.dup(their_in), os.dup(their_out)
            os.dup2(first, 3)
            os.dup2(second, 4)

        process = subprocess.Popen(
            ["chromium", *flags, "--remote-debugging-pipe", f"--user-data-dir={profile}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=place,
            close_fds=False,
            env=os.environ | {"HOME": profile},
        )
        os.close(their_in)
        os.close(their_out)
        try:
            yield Page(our_out, our_in)
        finally:
            process.kill()
            process.wait()
            os.close(our_in)
            os.close(our_out)
