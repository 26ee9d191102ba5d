"""The Proof sheet: totals that show an outdated or hand-edited duplicate, and the checks from Refresh."""

from __future__ import annotations

from xltax.workbooks.sheets import BILLS

from xltax.office.controls.proof import NATIVE, NO_CONTROL
from xltax.sheets.forms import CHECKS, named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables import ABOUT, COMPONENTS, RAISES, REDUCES, REFUND

_FIRST = 6
_OTHER = tuple(c for c in COMPONENTS if c != "tax")


def _sum(*columns: str) -> str:
    return "+".join(f"SUM({c})" for c in columns)


def _further(column: str) -> str:
    """The total of further lists, such as added assessments. The control totals on Start cover the roll only."""
    return f'SUMPRODUCT((BillRuns[Stage]="further")*(BillRuns[Undone On]="")*BillRuns[{column}])'


def proof() -> SheetSpec:
    """Reconciles every total in the workbook."""
    kinds = (*REDUCES, *RAISES, REFUND)
    natives = len(NATIVE)
    by_kind = _FIRST + natives + 3
    row_of = {kind: by_kind + i for i, kind in enumerate(kinds)}
    lien = "Transfer to Lien"
    canceled = [k for k in REDUCES if k != lien]

    def kinds_sum(chosen: list[str] | tuple[str, ...]) -> str:
        return "+".join(f"C{row_of[k]}" for k in chosen)

    duplicate = "Duplicate[{}]".format
    cash = "CashBook[{}]".format
    money_in = [cash(c) for c in ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid")]
    sides = {
        "Bills": ("control_bills", f"{BILLS}-{_further('Bills')}", "count"),
        "Billed": ("control_tax", f"{_sum(duplicate('Net Tax'))}-{_further('Net Tax')}", "money"),
        "Installments": (_sum(duplicate("Net Tax")), _sum(*(duplicate(f"Inst {n}") for n in range(1, 5))), "money"),
        "Open tax": (
            f"{_sum(duplicate('Net Tax'), duplicate('Added'))}-SUM({duplicate('Canceled')})-SUM({duplicate('To Lien')})"
            f"-SUM({cash('Tax')})", _sum(duplicate("Balance")), "money"),
        "Total due": (_sum(*(duplicate(c) for c in ("Balance", "Interest", "Penalty", "Costs"))),
                      _sum(duplicate("Total Due")), "money"),
        "Cash book lines": (f"{_sum(*money_in)}-SUM({cash('Discount')})", _sum(cash("Total")), "money"),
        "Added": (kinds_sum(RAISES), _sum(duplicate("Added")), "money"),
        "Canceled": (kinds_sum(canceled), _sum(duplicate("Canceled")), "money"),
        "To lien": (f"C{row_of[lien]}", _sum(duplicate("To Lien")), "money"),
        "Overpaid": (f"SUM({cash('Overpaid')})-C{row_of[REFUND]}", _sum(duplicate("Overpaid")), "money"),
    }  # fmt: skip
    checks = [(name, text, *sides[name]) for name, text in NATIVE.items()]
    cells = [
        CellAt("A3", "As of"),
        named("B3", "proof_as_of", "value"),
        CellAt("C3", "Last verified on"),
        named("D3", "proof_verified", "value"),
        CellAt("E3", "Checks to review"),
        # Counted in the sheet itself, so that Start can say so with no add-in.
        named("F3", "proof_open", "value", value=_count_open(natives), formula=True),
    ]
    heads = ("Check", "What is compared", "This side", "That side", "Difference", "Result")
    cells += [CellAt(f"{c}{_FIRST - 1}", head, "head") for c, head in zip("ABCDEF", heads, strict=True)]
    for row, (name, text, this, that, kind) in enumerate(checks, _FIRST):
        # A control total nobody entered is held against nothing.
        given = f'IF({this}="","",ROUND({this},2))' if this.startswith("control_") else f"ROUND({this},2)"
        cells += [
            CellAt(f"A{row}", name, "value"),
            CellAt(f"B{row}", text, "value"),
            CellAt(f"C{row}", f"={given}", "value", kind, formula=True),  # type: ignore[arg-type]
            CellAt(f"D{row}", f"=ROUND({that},2)", "value", kind, formula=True),  # type: ignore[arg-type]
            CellAt(f"E{row}", f'=IF(C{row}="",0,ROUND(C{row}-D{row},2))', "value", "money", formula=True),
            CellAt(f"F{row}", f'=IF(C{row}="","{NO_CONTROL}",IF(E{row}=0,"OK","LOOK"))', "result", formula=True),
        ]
    cells += [
        CellAt(f"{c}{by_kind - 1}", t, "head") for c, t in zip("ABC", ("Adjustments", "Direction", "Tax"), strict=True)
    ]
    amount, kind_column, part = "Adjustments[Amount]", "Adjustments[Kind]", "Adjustments[Component]"
    for kind, row in row_of.items():
        direction = "lowers what is owed" if kind in REDUCES else "raises what is owed"
        if kind in ABOUT:
            tax = f'SUMIFS({amount},{kind_column},A{row},{part},"tax")'
        else:
            # All less the other components, so that a blank Component, which here means tax, is counted.
            others = "".join(f'-SUMIFS({amount},{kind_column},A{row},{part},"{other}")' for other in _OTHER)
            tax = f"SUMIFS({amount},{kind_column},A{row}){others}"
        cells += [
            CellAt(f"A{row}", kind, "value"),
            CellAt(f"B{row}", "refunds money to the owner" if kind == REFUND else direction, "value"),
            CellAt(f"C{row}", f"=ROUND({tax},2)", "value", "money", formula=True),
        ]
    table_row = by_kind + len(kinds) + 3
    cells += [CellAt(f"A{table_row - 1}", "Checks from Refresh", "section")]
    cells += [CellAt(f"{c}{table_row - 1}", None, "section") for c in "BCDEF"]
    return SheetSpec(
        "Proof",
        "Each line compares two totals that must be equal.",
        "Run Proof. If a line says LOOK, run Refresh and read the line. Sign when every line says OK.",
        heading="Proof",
        cells=tuple(cells),
        tables=(
            Placed(
                CHECKS,
                f"A{table_row}",
                widths={"Check": 24, "Compares": 74, "Result": 12},
                wrapped=True,
            ),
        ),
        widths={"C": 16, "D": 16, "E": 16},
        protected=True,
    )


def _count_open(natives: int) -> str:
    """Number of checks that say LOOK, in the sheet's formulas and in the checks from Refresh (Bills is in both)."""
    return (
        f'=COUNTIF(F{_FIRST}:F{_FIRST + natives - 1},"LOOK*")+COUNTIFS(Checks[Result],"LOOK*",Checks[Check],"<>Bills")'
    )
