"""./run pictures: builds books with rows in them, shows every sheet and the printed pages in Calc, and writes docs/pictures and docs/sheets.md."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from tests.libreoffice.process import Office, running
from tests.pictures import page, shown

WIDE, ROWS, DOTS = 38_000, 24, 84
"""How much of a sheet is shown: 38 cm, so many rows; dots to the inch."""

COLOURS, GAP, EDGE, GREY = 40, 8, 5, (143, 152, 163)
PAPERS = ("bills 2025", "letters reminder*", "*monthly report*", "payoff 2025-1", "agreement 2025-1", "tax search*")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="xltax-pictures-") as name, running() as office:
        folder = Path(name)
        take(office, folder)
    (page.DOCS / "sheets.md").write_text(page.page(), encoding="utf-8")


def take(office: Office, folder: Path) -> None:
    """All pictures, into docs/pictures; those of sheets there are no more go."""
    path = shown.township(folder)
    papers = [next(folder.glob(f"{path.stem} {pattern}.xlsx")) for pattern in PAPERS]
    book_of = {sheet: path for sheets in page.desks().values() for sheet in sheets}
    for other, sheets in shown.ELSEWHERE.items():
        book_of |= dict.fromkeys(sheets, shown.elsewhere(folder, other))
    for old in page.PICTURES.glob("sheets-*.png"):
        old.unlink()
    for desk, sheets in page.desks().items():
        print(desk, flush=True)
        save(strip([sheet_picture(office, book_of[s], s, folder) for s in sheets]), page.picture_of(desk))
    for name, sheet in (("start", "Start"), ("tasks", "Tasks"), ("quote", "Quote")):
        save(sheet_picture(office, path, sheet, folder), f"{name}.png")
    save(board([paper_picture(office, p, folder) for p in papers]), "pages.png")


def sheet_picture(office: Office, path: Path, sheet: str, folder: Path) -> Image.Image:
    """The upper left of a sheet."""
    return drawn(folder, lambda url: office.do("picture", office.number(path), url, sheet, WIDE, ROWS), DOTS)


def paper_picture(office: Office, path: Path, folder: Path) -> Image.Image:
    """The first page a workbook of printed pages prints."""
    return drawn(folder, lambda url: office.do("store", office.number(path), url, "calc_pdf_Export"), 70)


def drawn(folder: Path, store: Callable[[str], object], dots: int) -> Image.Image:
    """The first page of a PDF as a picture."""
    pdf = folder / "drawn.pdf"
    store(pdf.as_uri())
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    with Image.open(pdf.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def strip(pictures: Sequence[Image.Image]) -> Image.Image:
    """Sheets one below the other, a grey line before each."""
    wide = max(p.width for p in pictures) + EDGE
    whole = Image.new("RGB", (wide, sum(p.height + GAP + EDGE for p in pictures)), "white")
    below = 0
    for one in pictures:
        whole.paste(GREY, (0, below, wide, below + GAP))
        whole.paste(one, (EDGE, below + GAP + EDGE))
        below += GAP + EDGE + one.height
    return whole


def board(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pages two and two beside each other on grey."""
    wide, high = (max(getattr(p, side) for p in pictures) for side in ("width", "height"))
    rows = -(-len(pictures) // 2)
    whole = Image.new("RGB", (2 * wide + 3 * GAP, rows * (high + GAP) + GAP), GREY)
    for n, one in enumerate(pictures):
        whole.paste(one, (GAP + n % 2 * (wide + GAP), GAP + n // 2 * (high + GAP)))
    return whole


def save(picture: Image.Image, name: str) -> None:
    """Into docs/pictures, in few colours: a sheet has no more, and the file is a third."""
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(page.PICTURES / name, optimize=True)


if __name__ == "__main__":
    main()
