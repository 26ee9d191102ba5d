"""Two programs that call each other over a pipe: one JSON message after the other, each with its length before it."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import IO, Any

LARGEST = 1 << 30


class Gone(Exception):
    """The other program has ended or sent something unexpected."""


class Refused(ValueError):
    """The request failed. The text tells the collector why."""


class Line:
    """One end of the pipe. Both ends may ask, also while they are being asked: requests nest like calls.

    serve: what this end does when it is asked, given the name of the thing and its arguments, all of them JSON values.
    """

    def __init__(self, read: IO[bytes], write: IO[bytes], serve: Callable[[str, list[Any]], Any]) -> None:
        self._read, self._write, self._serve = read, write, serve

    def ask(self, what: str, *given: Any) -> Any:
        """Sends a request to the other end and returns the result. Raises Refused if it will not, Gone if it is not there."""
        self._send({"ask": what, "given": given})
        while True:
            message = self._receive()
            if message is None:
                raise Gone("xltax ended without an answer.")
            if "ask" in message:
                self._answer(message)
            elif "refused" in message:
                raise Refused(message["refused"])
            else:
                return message["result"]

    def run(self) -> None:
        """Serves the other end until it closes."""
        while (message := self._receive()) is not None:
            self._answer(message)

    def _answer(self, message: dict[str, Any]) -> None:
        try:
            reply = {"result": self._serve(message["ask"], message["given"])}
        except Gone:
            raise
        except Exception as error:
            reply = {"refused": str(error) or type(error).__name__}
        self._send(reply)

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        try:
            self._write.write(struct.pack(">I", len(data)) + data)
            self._write.flush()
        except (OSError, ValueError) as error:
            raise Gone(str(error)) from None

    def _receive(self) -> dict[str, Any] | None:
        """The next message; nothing where the other end has closed its side between two of them."""
        try:
            head = self._read.read(4)
            if not head:
                return None
            size = struct.unpack(">I", head)[0]
            data = self._read.read(size) if size <= LARGEST else b""
            if len(data) != size:
                raise Gone("The answer was incomplete.")
            message = json.loads(data)
        except (OSError, ValueError, struct.error) as error:
            raise Gone(str(error)) from None
        if not isinstance(message, dict):
            raise Gone("The answer could not be read.")
        return message
