"""The Proof sheet: totals that show an outdated or hand-edited duplicate, and the checks from Refresh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from xltax.workbooks.sheets import BILLS

from xltax.office.controls.persons import NOT_SET_UP
from xltax.office.controls.proof import NATIVE, NO_CONTROL
from xltax.sheets.forms import CHECKS, named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables import ABOUT, COMPONENTS, RAISES, REDUCES, REFUND

_KINDS = (*REDUCES, *RAISES, REFUND)
_LIEN = "Transfer to Lien"
_OTHER = tuple(c for c in COMPONENTS if c != "tax")

# Rows of the sheet: a line for each check, a line for each kind of adjustment, and the table that Refresh fills.
_FIRST = 6
_BY_KIND = _FIRST + len(NATIVE) + 3
_ROW_OF = {kind: _BY_KIND + i for i, kind in enumerate(_KINDS)}
_TABLE = _BY_KIND + len(_KINDS) + 3

_Sides = tuple[str, str, Literal["count", "money"]]
"""The two totals of a check, as formulas, and the kind of total."""

_duplicate = "Duplicate[{}]".format
_cash = "CashBook[{}]".format


def proof() -> SheetSpec:
    """Reconciles every total in the workbook."""
    return SheetSpec(
        "Proof",
        "Each line compares two totals that must be equal.",
        "Run Proof. If a line says LOOK, run Refresh and read the line. Sign when every line says OK.",
        heading="Proof",
        cells=(
            *_top(),
            *_check_heads(),
            *_check_lines(),
            *_adjustment_heads(),
            *_adjustment_lines(),
            *_refresh_head(),
        ),
        tables=(
            Placed(
                CHECKS,
                f"A{_TABLE}",
                widths={"Check": 24, "Compares": 74, "Result": 12},
                wrapped=True,
            ),
        ),
        widths={"C": 16, "D": 16, "E": 16},
        protected=True,
    )


def _top() -> list[CellAt]:
    """The dates of the figures, and the number of checks to review."""
    return [
        CellAt("A3", "As of"),
        named("B3", "proof_as_of", "value"),
        CellAt("C3", "Last verified on"),
        named("D3", "proof_verified", "value"),
        CellAt("E3", "Checks to review"),
        # Counted in the sheet itself, so that Start can say so with no add-in.
        named("F3", "proof_open", "value", value=_count_open(), formula=True),
        # Not a check: what nobody has set up is neither OK nor wrong.
        CellAt("A4", f'=IF(COUNTA(Users[Name])=0,"{NOT_SET_UP}","")', "hint", formula=True),
    ]


def _count_open() -> str:
    """Number of checks that say LOOK, in the sheet's formulas and in the checks from Refresh (Bills is in both)."""
    last = _FIRST + len(NATIVE) - 1
    return f'=COUNTIF(F{_FIRST}:F{last},"LOOK*")+COUNTIFS(Checks[Result],"LOOK*",Checks[Check],"<>Bills")'


def _check_heads() -> list[CellAt]:
    heads = ("Check", "What is compared", "This side", "That side", "Difference", "Result")
    return [CellAt(f"{c}{_FIRST - 1}", head, "head") for c, head in zip("ABCDEF", heads, strict=True)]


def _check_lines() -> list[CellAt]:
    """A line for each check: both totals, the difference, and OK or LOOK."""
    sides = _bill_sides() | _money_sides() | _adjustment_sides()
    cells = []
    for row, (name, text) in enumerate(NATIVE.items(), _FIRST):
        this, that, kind = sides[name]
        # Without a control total there is nothing to compare.
        given = f'IF({this}="","",ROUND({this},2))' if this.startswith("control_") else f"ROUND({this},2)"
        cells += [
            CellAt(f"A{row}", name, "value"),
            CellAt(f"B{row}", text, "value"),
            CellAt(f"C{row}", f"={given}", "value", kind, formula=True),
            CellAt(f"D{row}", f"=ROUND({that},2)", "value", kind, formula=True),
            CellAt(f"E{row}", f'=IF(C{row}="",0,ROUND(C{row}-D{row},2))', "value", "money", formula=True),
            CellAt(f"F{row}", f'=IF(C{row}="","{NO_CONTROL}",IF(E{row}=0,"OK","LOOK"))', "result", formula=True),
        ]
    return cells


def _bill_sides() -> dict[str, _Sides]:
    """The checks of what was billed: the control totals on Start, and the installments."""
    net_tax = _sum(_duplicate("Net Tax"))
    return {
        "Bills": ("control_bills", f"{BILLS}-{_further('Bills')}", "count"),
        "Billed": ("control_tax", f"{net_tax}-{_further('Net Tax')}", "money"),
        "Installments": (net_tax, _sum(*(_duplicate(f"Inst {n}") for n in range(1, 5))), "money"),
    }


def _money_sides() -> dict[str, _Sides]:
    """The checks of what is owed and what was paid."""
    charged = _sum(_duplicate("Net Tax"), _duplicate("Added"))
    taken_off = (_duplicate("Canceled"), _duplicate("To Lien"), _cash("Tax"))
    open_tax = "".join((charged, *(f"-SUM({column})" for column in taken_off)))
    due = _sum(*(_duplicate(c) for c in ("Balance", "Interest", "Penalty", "Costs")))
    money_in = _sum(*(_cash(c) for c in ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid")))
    overpaid = f"{_sum(_cash('Overpaid'))}-C{_ROW_OF[REFUND]}"
    return {
        "Open tax": (open_tax, _sum(_duplicate("Balance")), "money"),
        "Total due": (due, _sum(_duplicate("Total Due")), "money"),
        "Cash book lines": (f"{money_in}-SUM({_cash('Discount')})", _sum(_cash("Total")), "money"),
        "Overpaid": (overpaid, _sum(_duplicate("Overpaid")), "money"),
    }


def _adjustment_sides() -> dict[str, _Sides]:
    """The checks of the Duplicate against the lines by kind of adjustment, further down on this sheet."""
    canceled = [kind for kind in REDUCES if kind != _LIEN]
    return {
        "Added": (_kinds_sum(RAISES), _sum(_duplicate("Added")), "money"),
        "Canceled": (_kinds_sum(canceled), _sum(_duplicate("Canceled")), "money"),
        "To lien": (_kinds_sum([_LIEN]), _sum(_duplicate("To Lien")), "money"),
    }


def _sum(*columns: str) -> str:
    return "+".join(f"SUM({c})" for c in columns)


def _further(column: str) -> str:
    """The total of further lists, such as added assessments. The control totals on Start cover the roll only."""
    return f'SUMPRODUCT((BillRuns[Stage]="further")*(BillRuns[Undone On]="")*BillRuns[{column}])'


def _kinds_sum(kinds: Sequence[str]) -> str:
    return "+".join(f"C{_ROW_OF[kind]}" for kind in kinds)


def _adjustment_heads() -> list[CellAt]:
    heads = ("Adjustments", "Direction", "Tax")
    return [CellAt(f"{c}{_BY_KIND - 1}", head, "head") for c, head in zip("ABC", heads, strict=True)]


def _adjustment_lines() -> list[CellAt]:
    """A line for each kind of adjustment: its direction, and its tax."""
    cells = []
    for kind, row in _ROW_OF.items():
        cells += [
            CellAt(f"A{row}", kind, "value"),
            CellAt(f"B{row}", _direction(kind), "value"),
            CellAt(f"C{row}", f"=ROUND({_tax_of_kind(kind, row)},2)", "value", "money", formula=True),
        ]
    return cells


def _direction(kind: str) -> str:
    if kind == REFUND:
        return "refunds money to the owner"
    return "lowers what is owed" if kind in REDUCES else "raises what is owed"


def _tax_of_kind(kind: str, row: int) -> str:
    """The tax of all adjustments of a kind. The kind is in column A of the row."""
    amount, kinds, part = "Adjustments[Amount]", "Adjustments[Kind]", "Adjustments[Component]"
    if kind in ABOUT:
        return f'SUMIFS({amount},{kinds},A{row},{part},"tax")'
    # All less the other components, so that a blank Component, which here means tax, is counted.
    others = "".join(f'-SUMIFS({amount},{kinds},A{row},{part},"{other}")' for other in _OTHER)
    return f"SUMIFS({amount},{kinds},A{row}){others}"


def _refresh_head() -> list[CellAt]:
    row = _TABLE - 1
    return [
        CellAt(f"A{row}", "Checks from Refresh", "section"),
        *(CellAt(f"{c}{row}", None, "section") for c in "BCDEF"),
    ]
