"""The look of printed pages: the fonts and grays of the workbooks on white paper. Shading alone never carries meaning."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, NamedStyle, Side

from xltax.pages import CellKind
from xltax.sheets.look import DARK, FORMATS, LINE, PALE, fill, font

SIZES: dict[str, float] = {
    "office": 11, "title": 16, "heading": 11, "plain": 10, "bold": 10, "small": 8.5, "box": 10, "mono": 12,
    "address": 10.5, "label": 10, "value": 10, "head": 9.5, "cell": 9.5, "total": 9.5, "sign": 9, "cut": 8.5, "foot": 8.5,
    "close head": 8.5, "close cell": 8.5, "close total": 8.5, "seal": 8.5, "sticker": 10,
}  # fmt: skip
"""The size of each role's letters, in points."""

SIDES: dict[CellKind, str] = {
    "text": "left", "id": "left", "date": "center", "money": "right", "count": "right", "year": "center", "number": "right"
}  # fmt: skip

_DAY = "mmm\\ d\\,\\ yyyy"  # Aug 1, 2026: no reader takes the day for the month
_NUMBER = "0.00####"
PLACES = range(3, 7)
"""Numbers given as text, such as the rates of a bill, print all decimals, including trailing zeros."""
_KINDS: tuple[CellKind, ...] = tuple(SIDES)


def printed(role: str, kind: CellKind = "text", *, right: bool = False) -> str:
    """The named style of a role on a printed page."""
    if role.removeprefix("close ") in ("value", "cell", "total"):
        return f"xltax print {role} {kind}"
    side = SIDES[kind] if role.endswith("head") else "right" if right else ""
    return f"xltax print {role} {side}".rstrip()


def inner(style: str) -> str:
    """The style of a left-aligned cell after another column, with a small gap."""
    return f"{style.removesuffix(' left')} inner"


def _beside(side: str, **options: object) -> Alignment:
    return (
        Alignment(horizontal="left", indent=1, **options) if side == "inner" else Alignment(horizontal=side, **options)
    )


def add_printed_styles(book: Workbook) -> None:
    """Put every named style of printed pages into a new book."""
    for style in printed_styles():
        book.add_named_style(style)


def printed_styles() -> list[NamedStyle]:
    """Every named style of printed pages."""
    out: list[NamedStyle] = []

    def add(name: str, **options: object) -> None:
        out.append(NamedStyle(name, **options))

    def face(role: str, **options: object) -> object:
        return font(size=SIZES[role], **options)

    thin, hair, dark = Side("thin", color=DARK), Side("hair", color=LINE), Side("medium", color=DARK)
    plain = Alignment(vertical="top", wrap_text=True)
    right = Alignment(horizontal="right", vertical="top")
    add(printed("office"), font=face("office", bold=True), alignment=Alignment(vertical="center"))
    add(
        printed("title"),
        font=face("title", bold=True, color=DARK),
        alignment=Alignment(vertical="center", wrap_text=True),
        border=Border(bottom=dark),
    )
    add(
        printed("heading"),
        font=face("heading", bold=True, color=DARK),
        alignment=Alignment(vertical="bottom", wrap_text=True),
    )
    for role in ("plain", "bold", "small", "mono"):
        letters = face(role, bold=role == "bold", **({"name": "Courier New"} if role == "mono" else {}))
        add(printed(role), font=letters, alignment=plain)
        add(printed(role, right=True), font=letters, alignment=right)
        add(f"{printed(role)} line", font=letters, alignment=Alignment(vertical="top"))
    add(printed("address"), font=face("address"), alignment=Alignment(horizontal="left", vertical="top", indent=2))
    add(
        printed("box"),
        font=face("box", bold=True),
        alignment=Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1),
        border=Border(left=dark, right=dark, top=dark, bottom=dark),
    )
    add(
        printed("label"),
        font=face("label", color="FF52606D"),
        alignment=Alignment(vertical="center", wrap_text=True),
        border=Border(bottom=hair),
    )
    sticker = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=2)
    add(printed("sticker"), font=face("sticker"), alignment=sticker)
    add(printed("sign"), font=face("sign"), alignment=plain, border=Border(top=thin))
    add(printed("cut rule"), font=face("cut"), border=Border(bottom=Side("mediumDashed", color=DARK)))
    add(printed("cut"), font=face("cut", italic=True), alignment=Alignment(horizontal="center", vertical="bottom"))
    add(printed("foot"), font=face("foot", color="FF52606D"), alignment=Alignment(vertical="bottom", wrap_text=True))
    add(
        printed("foot", right=True),
        font=face("foot", color="FF52606D"),
        alignment=Alignment(horizontal="right", vertical="bottom"),
    )
    for name, vertical, edges in (
        ("seal top", "bottom", {"left": hair, "right": hair, "top": hair}),
        ("seal bottom", "top", {"left": hair, "right": hair, "bottom": dark}),
        ("seal rule", "top", {"bottom": dark}),
    ):
        centered = Alignment(horizontal="center", vertical=vertical)
        add(printed(name), font=face("seal", color="FF52606D"), alignment=centered, border=Border(**edges))
    for close in ("", "close "):
        for name in ("left", "center", "right", "inner"):
            add(
                f"xltax print {close}head {name}",
                font=face(f"{close}head", bold=True),
                fill=fill(PALE),
                alignment=_beside(name, vertical="bottom", wrap_text=True),
                border=Border(top=thin, bottom=thin),
            )
    for kind in _KINDS:
        shape = Alignment(horizontal=SIDES[kind], vertical="center", wrap_text=kind in ("text", "id"))
        number = {"date": _DAY, "number": _NUMBER}.get(kind, FORMATS[kind])
        beside = Alignment(
            horizontal="right" if kind in ("money", "count", "number") else "left",
            vertical="center",
            wrap_text=kind in ("text", "id"),
        )
        amount = f'"$"{FORMATS["money"]}'.replace("\\(", '\\("$"') if kind == "money" else number
        common = {"number_format": number, "alignment": shape}
        add(
            printed("value", kind),
            number_format=amount if kind != "count" else "#,##0_)",
            alignment=beside,
            font=face("value"),
            border=Border(bottom=hair),
        )
        for close in ("", "close "):
            roles = (f"{close}cell", {"border": Border(bottom=hair)}), (
                f"{close}total", {"border": Border(top=thin, bottom=thin)}
            )  # fmt: skip
            for role, options in roles:
                letters = face(role, bold=role.endswith("total"))
                add(printed(role, kind), font=letters, **common, **options)
                if SIDES[kind] == "left":
                    inner = common | {"alignment": _beside("inner", vertical="center", wrap_text=True)}
                    add(f"{printed(role, kind)} inner", font=letters, **inner, **options)
                for places in PLACES if kind == "number" else ():
                    exact = common | {"number_format": f"0.{'0' * places}"}
                    add(f"{printed(role, kind)} {places}", font=letters, **exact, **options)
    return out
