"""Ten thousand bills as one PDF file, from the Duplicate to the bytes: processor time, memory, and the size of the file."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import adapter

Rows = list[tuple[str, str, float, float | None]]
BILLS = 10_000
_MEGABYTE = 1024 * 1024


def bills() -> Rows:
    """The bills of a town in a process of its own, so that its memory is its own too."""
    with tempfile.TemporaryDirectory() as name:
        path, count, _ = adapter.big_book(Path(name), BILLS, 1)
        seconds, memory = run(path)
        (file,) = path.parent.glob("*.pdf")
        size = file.stat().st_size / _MEGABYTE
    work = f"{count:,} bills printed to one PDF file of {size:.0f} MB"
    return [
        (f"{work}, seconds of one processor", "-", seconds, 60),
        (f"{work}, memory at its highest, in GB", "-", memory, 2),
    ]


def run(path: Path) -> tuple[float, float]:
    """Prints the bills of a book. Gives the seconds and the gigabytes."""
    code = (
        "import resource, sys, time; from pathlib import Path; from xltax.actions import bills; from xltax.hosts.files import FilesBook\n"
        "book = FilesBook.open(Path(sys.argv[1])); book.set('print_to', 'PDF')\n"
        "print(bills.bills(book, int(sys.argv[2]))); book.save()\n"
        "print(time.process_time())\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path), "2024"], check=True, capture_output=True, text=True)
    *_, seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) / 1024**2
