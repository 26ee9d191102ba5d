"""The helper process of the Calc add-in, for a LibreOffice whose own Python has no pandas: `python -m xltax.faces.calc.helper`.

It answers on its standard output what is asked on its standard input, and ends when LibreOffice does.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from xltax.faces.calc import engine
from xltax.faces.calc.wire import Line


def main() -> None:
    """Serves one LibreOffice until it closes the pipe."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else is printed must not get among the answers

    def serve(what: str, given: list[Any]) -> Any:
        if what == "about":
            return engine.about()
        if what == "figure":
            return engine.figure(*given)
        if what == "run":
            return engine.run(given[0], line.ask)
        raise ValueError(f"xltax cannot answer the request {what}. The add-in is from another version of xltax.")

    line = Line(sys.stdin.buffer, answers, serve)
    line.run()


if __name__ == "__main__":
    main()
