"""The Live Quote sheet of the workbooks with the add-in: TAX_ formulas over the workbook's own tables."""

from __future__ import annotations

from xltax.sheets.cells import letters
from xltax.sheets.model import CellAt, SheetSpec
from xltax.tables import BALANCES

TITLE = "Live Quote"
ROWS = 40
"""The most open installments shown for one account and the accounts that share its payments."""

_FIRST = 13
_LEFT = 14  # column N: what the functions give, beside the printed page
_TABLES = ("CashBook[#All]", "Adjustments[#All]", "ClosedDays[#All]")
_GROUP = 'IF($P$5="",Duplicate[[#All],[Account]]=$B$5,Duplicate[[#All],[Party]]=$P$5)+(Duplicate[[#All],[Bill]]="Bill")'

_DAY = 'IF($B$6="",as_of,$B$6)'


def _balances(day: str) -> str:
    """The balances on a day of the account and of other accounts of its party, because they may share payments."""
    receipts, adjustments, closed = _TABLES
    charges = f"_xlfn._xlws.FILTER(Duplicate[#All],{_GROUP})"
    return f"TAX_BALANCES(Rules[#All],{charges},{receipts},{day},{adjustments},{closed})"


def live_quote() -> SheetSpec:
    """The payoff of an account, recalculated by the functions when a cell changes."""
    last = letters(_LEFT + len(BALANCES.names) - 1)
    shown_last = _FIRST + ROWS - 1

    def total(column: str) -> str:
        letter = letters(1 + BALANCES.names.index(column))
        # An error stays an error: no account of that name, what the functions refuse, more rows than there is room for.
        return (
            f'=IF($B$5="","",IF(ISERROR(MATCH($B$5,Duplicate[Account],0)),NA(),IF(ISERROR($N${_FIRST}),$N${_FIRST},'
            f"IF(ISERROR($N${_FIRST + ROWS}),ROUND(SUM({letter}{_FIRST}:{letter}{shown_last}),2),NA()))))"
        )

    cells = [
        CellAt("A5", "Account"),
        CellAt("B5", None, "entry", "id", help="Account. The account number to quote, as on the Duplicate."),
        CellAt("A6", "On"),
        CellAt("B6", None, "entry", "date", help="On. The day the payoff is for."),
        CellAt("A8", "Total due"),
        CellAt("B8", total("Total"), "big", "money", formula=True),
        CellAt("A9", "Tax included"),
        CellAt("B9", total("Tax"), "value", "money", formula=True),
        CellAt("A10", "If a cell shows an error, run Quote. Quote tells you what is wrong and in which cell.", "hint"),
        CellAt("N5", "Party", "hint"),
        CellAt("P5", '=IFERROR(INDEX(Duplicate[Party],MATCH($B$5,Duplicate[Account],0)),"")&""', "value", formula=True),
        CellAt("N11", "Results of TAX_BALANCES, including other accounts of the same party", "hint"),
        CellAt(f"N{_FIRST}", f"={_balances(_DAY)}", "value", formula=True, array=f"N{_FIRST}:{last}{_FIRST + ROWS}"),
    ]
    for number, column in enumerate(BALANCES.columns):
        shown, given = letters(1 + number), letters(_LEFT + number)
        cells.append(CellAt(f"{shown}{_FIRST - 1}", column.name, "head"))
        for row in range(_FIRST, _FIRST + ROWS):
            source = f"{given}{row + 1}"
            # &"" because LibreOffice 25.2 finds a text of an array function unequal to the same text in a cell.
            mine = f'=IFERROR(IF($N{row + 1}&""=$B$5,IF({source}&""="","",{source}),""),"")'
            cells.append(CellAt(f"{shown}{row}", mine, "value", column.kind, formula=True))
    return SheetSpec(
        TITLE,
        "The payoff of an account. The xltax add-in recalculates as you type.",
        "Type the account and the date. Without the add-in, the last figures stay. The Quote sheet works without the add-in.",
        cells=tuple(cells),
        widths={"A": 18, "B": 18, **dict.fromkeys("CDEFGHIJKL", 12), "M": 3},
        protected=True,
        print_columns="A:L",
    )


def no_bills() -> dict[tuple[str, str], object]:
    """What the formulas give in a book without bills and without an account to quote."""
    return {(TITLE, f"N{_FIRST}"): BALANCES.names[0], (TITLE, "B8"): "", (TITLE, "B9"): "", (TITLE, "P5"): ""}
