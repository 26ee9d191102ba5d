"""The sheets of a collector's workbook, one function each; what a state does otherwise comes in its `Family`."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.sheets.forms import PUBLISHED, named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables import (
    ADJUSTMENTS,
    CASH_BOOK,
    CLOSED_DAYS,
    DELINQUENT,
    DUPLICATE,
    HISTORY,
    LOG,
    ROLL,
    RULES,
)
from xltax.tables.counter import WAIVER_REQUESTS

BILLS = "COUNTA(Duplicate[Bill])-N(bill_parts)"
"""How many bills there are, in the sheet itself: rows, less those Refresh counted as further parts of a bill."""


@dataclass(frozen=True, slots=True)
class Family:
    """How the workbooks of one state differ: its name, its rules, its installments, the words of its office."""

    template: str
    file: str
    state: str
    profile: str
    installments: int
    parts: bool  # one bill has parts, such as City and State
    year_means: str
    steps: tuple[str, ...]
    sample: str  # the profile ids a town may start from, as an example

    @property
    def unused(self) -> tuple[str, ...]:
        """The installment columns this state does not use."""
        return tuple(f"{word} {n}" for n in range(self.installments + 1, 5) for word in ("Due", "Inst", "Paid"))


def start(family: Family) -> SheetSpec:
    """The first sheet: whose book this is, the control totals, where the office stands, what to do next."""
    inputs = (
        ("Town", "town_name", "The town as it prints on every page.", None),
        ("State", "state_name", "The state this book was built for.", family.state),
        ("Rules", "profile_id", f"The rule set of this book, such as {family.sample}.", family.profile),
        ("Levy year", "levy_year", family.year_means, None),
        ("As of", "as_of", "The day the balances are for. Refresh uses it.", None),
        (
            "Versions kept",
            "kept_versions",
            "How many earlier versions of this book are kept beside it. See: xltax kept.",
            10,
        ),
    )
    controls = (
        (
            "Bills",
            "control_bills",
            "How many bills the certified total is for.",
        ),
        (
            "Net tax billed",
            "control_tax",
            "The certified levy, after deductions. Proof holds the bills to it.",
        ),
    )
    status = (
        ("Bills on the duplicate", BILLS, "count"),
        ("Further parts of these bills", "", "count"),
        ("Net tax billed", "SUM(Duplicate[Net Tax])", "money"),
        ("Tax collected", "SUM(CashBook[Tax])", "money"),
        ("Tax still open", "SUM(Duplicate[Balance])", "money"),
        ("Interest, penalty and costs due",
         "SUM(Duplicate[Interest])+SUM(Duplicate[Penalty])+SUM(Duplicate[Costs])", "money"),
        ("Total due", "SUM(Duplicate[Total Due])", "money"),
        ("Lines in the cash book", "COUNTA(CashBook[Receipt])", "count"),
        ("Proof", 'IF(proof_open=0,"All checks agree",proof_open&" to look at: see Proof")', "text"),
    )  # fmt: skip
    cells = [CellAt("A4", "Your town", "section"), CellAt("B4", None, "section"), CellAt("C4", None, "section")]
    for row, (label, name, text, value) in enumerate(inputs, 5):
        style = "value" if name == "state_name" else "entry"
        cells += [
            CellAt(f"A{row}", label),
            named(f"B{row}", name, style, value=value, help=f"{label}. {text}"),
            CellAt(f"C{row}", text, "hint"),
        ]
    cells += [CellAt(f"{c}12", "Control totals" if c == "A" else None, "section") for c in "ABC"]
    for row, (label, name, text) in enumerate(controls, 13):
        cells += [
            CellAt(f"A{row}", label),
            named(f"B{row}", name, "entry", help=f"{label}. {text}"),
            CellAt(f"C{row}", text, "hint"),
        ]
    cells += [CellAt(f"{c}16", "Where the office stands" if c == "A" else None, "section") for c in "ABC"]
    for row, (label, formula, kind) in enumerate(status, 17):
        shown = CellAt(f"B{row}", f"={formula}", "value", kind, formula=True)  # type: ignore[arg-type]
        cells += [
            CellAt(f"A{row}", label),
            shown if formula else named(f"B{row}", "bill_parts", "value"),
        ]  # type: ignore[arg-type]
    cells.append(CellAt("C17", "These figures are as of the last Refresh.", "hint"))
    cells.append(CellAt("C18", "Rows of a bill beside its first: City and State, or a deduction disallowed.", "hint"))
    cells += [CellAt(f"{c}27", "What to do next" if c == "A" else None, "section") for c in "ABC"]
    cells += [CellAt(f"A{row}", f"{row - 27}.  {step}", "label") for row, step in enumerate(family.steps, 28)]
    return SheetSpec(
        "Start",
        "Whose book this is, and where the office stands. Everything but the yellow cells is worked out.",
        "Fill in the yellow cells once, then follow the steps below; Contents leads to every sheet.",
        heading=f"Tax collector's workbook: {family.state}",
        cells=tuple(cells),
        widths={"A": 32, "B": 32, "C": 66},
        heights=dict.fromkeys(range(4, 35), 18.0),
        one_page=True,
        protected=True,
    )


def rules() -> SheetSpec:
    """The law of the book, a row for each setting of each rule."""
    return SheetSpec(
        "Rules",
        "The law of this book: every rate, date and method with its authority. What stands here is what is charged.",
        "Change a rule by adding a row with its From date and authority; then run Refresh and look at Proof.",
        tables=(
            Placed(
                RULES,
                widths={"Id": 5, "Rule": 16, "Type": 9, "Part": 7, "Key": 20, "Value": 48, "Authority": 36, "Note": 50},
                wrapped=True,
            ),
        ),
    )


def roll(family: Family) -> SheetSpec:
    """The assessor's roll."""
    folded = ("Party", "Block", "Lot", "Qualifier", "List No", "Billed Owner", "Email", "Phone", "Authorized On")
    if family.template == "us-nj":
        folded = ("Party", "List No", "Billed Owner", "Email", "Phone", "Authorized On")
    return SheetSpec(
        "Roll",
        "The assessor's roll: one row for each parcel, vehicle or account.",
        "Import the roll here, then run Bill. A change of owner or address also goes to History, with its date.",
        tables=(
            Placed(
                ROLL,
                widths={"Levy Type": 8, "Owner": 26, "Mail 1": 24, "Mail 2": 24, "Location": 26,
                        "Class": 8},
                folded=folded,
            ),
        ),
        pages_wide=2,
    )  # fmt: skip


def duplicate(family: Family) -> SheetSpec:
    """The tax duplicate."""
    folded = [
        "Party",
        "Secured",
        "Unsecured From",
        "Hold",
        "Mailed",
        "Interest From",
        "Bank Code",
        "Recorded",
        "Completed",
        "Run",
    ]
    if not family.parts:
        folded.append("Part")
    paid = {f"Paid {n}": 22.0 for n in range(1, 5)}
    return SheetSpec(
        "Duplicate",
        "The tax duplicate: one row for each bill. Columns with slanted headings are written by Refresh.",
        "Run Refresh after posting. Change a billed amount only by a row in Adjustments, never here.",
        heading="Tax duplicate",
        tables=(
            Placed(
                DUPLICATE,
                widths={"Levy Type": 7, "Part": 8, "Status": 11, **paid},
                folded=tuple(folded),
                hidden=family.unused,
            ),
        ),
        pages_wide=2,
    )


def cash_book(family: Family) -> SheetSpec:
    """Every receipt, line by line."""
    folded = [
        "Directed",
        "Revenue Code",
        "Misc",
        "Discount",
        "Cashier",
        "Reverses",
        "Same Check",
        "For",
        "For No",
        "Seal",
    ]
    if not family.parts:
        folded.append("Part")
    return SheetSpec(
        "Cash Book",
        "Every receipt, line by line, in the order posted. Nothing here is ever changed or removed.",
        "Run Post to add receipts. A mistake is put right by Reverse, which adds lines of its own.",
        heading="Cash book",
        tables=(
            Placed(
                CASH_BOOK,
                widths={"Line": 6, "Taxpayer": 24, "Property": 24, "Inst": 6, "Levy Type": 7, "Kind": 13, "By": 11,
                        "Tender": 10, "Note": 24, "Same Check": 9, "For": 12, "For No": 12, "Seal": 18, "Part": 8},
                folded=tuple(folded),
            ),
        ),
        pages_wide=2,
    )  # fmt: skip


def adjustments(family: Family) -> SheetSpec:
    """Every change to what was billed."""
    return SheetSpec(
        "Adjustments",
        "Every change to what was billed: abatements, corrections, waivers, costs, transfers to lien, refunds.",
        "Add a row; the kind says whether it lowers or raises, the amount is always positive. Then run Refresh.",
        tables=(
            Placed(
                ADJUSTMENTS,
                widths={"No": 9, "Kind": 20, "Component": 12, "Reason": 54, "Authority": 40, "Approved By": 22,
                        "Inst": 6, "For": 15, "For No": 12, "Seal": 18, "Part": 8},
                folded=("For", "For No", "Seal") if family.parts else ("Part", "For", "For No", "Seal"),
            ),
        ),
    )  # fmt: skip


def waivers() -> SheetSpec:
    """Requests to waive interest or penalty."""
    return SheetSpec(
        "Waivers",
        "Requests to waive interest or penalty: a row for each, with its reason. Review Waivers says what the law allows.",
        "Then fill in the recommendation; somebody else decides by Decide Waiver, which posts it and lays the decision out to sign.",
        tables=(
            Placed(
                WAIVER_REQUESTS,
                widths={"No": 8, "Inst": 6, "Part": 8, "Component": 11, "Reason": 34, "Law": 50, "Allowed": 9, "Recommendation": 16,
                        "Recommended By": 17, "Decision": 11, "Decided By": 16, "Effect": 9, "Note": 24},
                wrapped=True,
            ),
        ),
    )  # fmt: skip


def closed_days() -> SheetSpec:
    """The town's own calendar."""
    return SheetSpec(
        "Closed Days",
        "The days this office is closed although the State is not, or open although the State is closed.",
        "Weekends and State holidays need no row. A due date on a closed day moves to the next open day.",
        tables=(Placed(CLOSED_DAYS, widths={"Date": 14, "Office": 12, "Reason": 60}),),
        landscape=False,
    )


def delinquent(family: Family) -> SheetSpec:
    """What is past due."""
    return SheetSpec(
        "Delinquent",
        "What is past its last free day and unpaid, on the day shown here. Written by Delinquent; type nothing.",
        "Print it, or go on to List and Notices.",
        heading="Delinquent list",
        cells=(
            CellAt("A3", "As of"),
            named("B3", "delinquent_as_of", "value"),
        ),
        tables=(
            Placed(
                DELINQUENT,
                widths={"Owner": 26, "Location": 26, "Class": 7, "Levy Type": 7, "Inst": 6, "Part": 8,
                        "Age": 12, "Days Late": 7.5},
                folded=() if family.parts else ("Part",),
            ),
        ),
    )  # fmt: skip


def published() -> SheetSpec:
    """Figures others published, worked out again."""
    return SheetSpec(
        "Published Figures",
        "Figures the State, a court or a town published, worked out again by this book's rules.",
        "Written by Self-check. Where the source is off, Agrees says why.",
        tables=(
            Placed(PUBLISHED, widths={"Source": 50, "Case": 38, "Figure": 24, "Ours": 24, "Agrees": 50}, wrapped=True),
        ),
    )


def log() -> SheetSpec:
    """Who did what, when."""
    return SheetSpec(
        "Log",
        "Who did what, when. Written by every button; nobody's name is kept here but the user's own.",
        "Read it when a figure changed and you want to know why; type nothing.",
        tables=(
            Placed(
                LOG,
                widths={
                    "When": 20,
                    "Who": 16,
                    "Action": 20,
                    "What": 60,
                    "Adjustments Before": 13,
                    "Adjustments After": 13,
                },
            ),
        ),
    )


def history() -> SheetSpec:
    """Changes of owner, address and value."""
    return SheetSpec(
        "History",
        "Changes of owner, address and value, each with its date. Written by Import Roll.",
        "A reprint of an old bill shows the owner and address of its day.",
        tables=(Placed(HISTORY, widths={"Field": 18, "Before": 44, "After": 44}),),
    )
