"""The sheets of a collector's workbook, one function each. Differences between states are in `Family`."""

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
from xltax.tables.check import AUTHORITY_LIST
from xltax.tables.counter import WAIVER_REQUESTS
from xltax.tables.issued import ISSUED

BILLS = "COUNTA(Duplicate[Bill])-N(bill_parts)"
"""Number of bills, calculated in the sheet: rows, less rows Refresh counted as further parts of a bill."""


@dataclass(frozen=True, slots=True)
class Family:
    """How the workbook of one state differs: name, rules, installments and office terms."""

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
    """The Start sheet: your town, the control totals, current totals and next steps."""
    inputs = (
        ("Town", "town_name", "The town's name, as printed on every page.", None),
        ("State", "state_name", "The state for this workbook.", family.state),
        ("Rules", "profile_id", f"The rule set for this workbook, such as {family.sample}.", family.profile),
        ("Levy year", "levy_year", family.year_means, None),
        ("As of", "as_of", "The date of the balances. Refresh uses this date.", None),
        (
            "Versions kept",
            "kept_versions",
            "Number of earlier versions to keep. To list them, run: xltax kept.",
            10,
        ),
    )
    controls = (
        (
            "Bills",
            "control_bills",
            "Number of bills in the certified total.",
        ),
        (
            "Net tax billed",
            "control_tax",
            "The certified levy, after deductions. Proof compares the bills with this total.",
        ),
    )
    status = (
        ("Bills on the duplicate", BILLS, "count"),
        ("Additional parts of these bills", "", "count"),
        ("Net tax billed", "SUM(Duplicate[Net Tax])", "money"),
        ("Tax collected", "SUM(CashBook[Tax])", "money"),
        ("Tax still open", "SUM(Duplicate[Balance])", "money"),
        ("Interest, penalty and costs due",
         "SUM(Duplicate[Interest])+SUM(Duplicate[Penalty])+SUM(Duplicate[Costs])", "money"),
        ("Total due", "SUM(Duplicate[Total Due])", "money"),
        ("Lines in the Cash Book", "COUNTA(CashBook[Receipt])", "count"),
        ("Proof", 'IF(proof_open=0,"All checks agree",IF(proof_open=1,"1 check",proof_open&" checks")&" to review: see Proof")', "text"),
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
    cells += [CellAt(f"{c}16", "Current totals" if c == "A" else None, "section") for c in "ABC"]
    for row, (label, formula, kind) in enumerate(status, 17):
        shown = CellAt(f"B{row}", f"={formula}", "value", kind, formula=True)  # type: ignore[arg-type]
        cells += [
            CellAt(f"A{row}", label),
            shown if formula else named(f"B{row}", "bill_parts", "value"),
        ]  # type: ignore[arg-type]
    cells.append(CellAt("C17", "These figures are as of the last Refresh.", "hint"))
    cells.append(
        CellAt("C18", "Extra rows of the same bill, such as State besides City, or a disallowed deduction.", "hint")
    )
    cells += [CellAt(f"{c}27", "What to do next" if c == "A" else None, "section") for c in "ABC"]
    cells += [CellAt(f"A{row}", f"{row - 27}.  {step}", "label") for row, step in enumerate(family.steps, 28)]
    cells += _today()
    return SheetSpec(
        "Start",
        "Your town and its totals. Type only in the yellow cells; everything else is calculated.",
        "Fill in the yellow cells once. Then follow the steps below. Contents links to every sheet.",
        heading=f"Tax Collector's Workbook: {family.state}",
        cells=tuple(cells),
        widths={"A": 32, "B": 32, "C": 66, "D": 3, "E": 30, "F": 14, "G": 22},
        heights=dict.fromkeys(range(4, 35), 18.0),
        one_page=True,
        protected=True,
    )


_TODAY = (
    ("Payments typed, not posted", "Counter", "today_typed", True),
    ("Receipts in open drawers", "Day Close", "today_open", True),
    ("Dates overdue", "Watch", "today_overdue", False),
    ("Dates due today", "Watch", "today_due", False),
    ("Dates due within a week", "Watch", "today_week", False),
    ("Batches held for review", "Batches", "today_held", True),
    ("Receipts in suspense", "Suspense", "today_suspense", True),
)
"""Today's work: what it is, the sheet to go to, its cells, and whether it has an amount."""


def _today() -> list[CellAt]:
    """Today's work, beside the town. Each line leads to its sheet."""
    cells = [CellAt(f"{c}4", "Today's work" if c == "E" else None, "section") for c in "EFG"]
    cells += [CellAt("E5", "As of"), named("F5", "today_on", "value"), CellAt("G5", "Run Today to update.", "hint")]
    for row, (label, sheet, name, amount) in enumerate(_TODAY, 6):
        cells += [CellAt(f"E{row}", label, "link", link=sheet), named(f"F{row}", name, "value")]
        cells += [named(f"G{row}", f"{name}_total", "value")] if amount else []
    row = 6 + len(_TODAY)
    return [
        *cells,
        CellAt(f"E{row}", "Proof", "link", link="Proof"),
        named(f"F{row}", "today_proof", "value", across=f"G{row}"),
    ]


def rules() -> SheetSpec:
    """The rules of the workbook, one row for each setting of each rule."""
    return SheetSpec(
        "Rules",
        "The rules of this workbook: every rate, date and method with its authority. These rules decide what is charged.",
        "To change a rule, add a row with its From date and authority. Then run Refresh and check Proof.",
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
        "The assessor's roll, with one row for each parcel, vehicle or account.",
        "Import the roll here. Then run Bill. A change of owner or address is also recorded on History with its date.",
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
        "Class",
    ]
    if not family.parts:
        folded.append("Part")
    paid = {f"Paid {n}": 22.0 for n in range(1, 5)}
    return SheetSpec(
        "Duplicate",
        "The tax duplicate, with one row for each bill. Refresh fills the columns with slanted headings.",
        "Run Refresh after posting. To change a billed amount, add a row in Adjustments. Never change the amount here.",
        heading="Tax Duplicate",
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
        "Posted By",
        "Seal",
    ]
    if not family.parts:
        folded.append("Part")
    return SheetSpec(
        "Cash Book",
        "Every receipt, line by line, in the order posted. Never change or remove a line.",
        "Run Post to add receipts. To correct a mistake, run Reverse, which adds new lines.",
        heading="Cash Book",
        tables=(
            Placed(
                CASH_BOOK,
                widths={"Line": 6, "Taxpayer": 24, "Property": 24, "Inst": 6, "Levy Type": 7, "Kind": 13, "By": 11,
                        "Tender": 10, "Note": 24, "Same Check": 9, "For": 12, "For No": 12, "Posted By": 16, "Seal": 18, "Part": 8},
                folded=tuple(folded),
            ),
        ),
        pages_wide=2,
    )  # fmt: skip


def adjustments(family: Family) -> SheetSpec:
    """Every change to what was billed."""
    return SheetSpec(
        "Adjustments",
        "Every change to a billed amount: abatements, corrections, waivers, costs, transfers to lien and refunds.",
        "Add a row with a positive amount. The kind decides whether the bill goes up or down. Then run Refresh.",
        tables=(
            Placed(
                ADJUSTMENTS,
                widths={"No": 9, "Kind": 20, "Component": 12, "Reason": 54, "Authority": 40, "Approved By": 22,
                        "Inst": 6, "For": 15, "For No": 12, "Posted By": 16, "Seal": 18, "Part": 8},
                folded=("For", "For No", "Seal") if family.parts else ("Part", "For", "For No", "Seal"),
            ),
        ),
    )  # fmt: skip


def waivers() -> SheetSpec:
    """Requests to waive interest or penalty."""
    return SheetSpec(
        "Waivers",
        "Add a row for each request to waive interest or penalty. Review Waivers shows what the law allows.",
        "Fill in the recommendation. Another person then runs Decide Waiver, which posts the waiver and prints the decision to sign.",
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
    """The days the office is closed or open."""
    return SheetSpec(
        "Closed Days",
        "Days when this office is closed but the State is open, or open but the State is closed.",
        "Do not enter weekends or State holidays. A due date on a closed day moves to the next open day.",
        tables=(Placed(CLOSED_DAYS, widths={"Date": 14, "Office": 12, "Reason": 60}),),
        landscape=False,
    )


def delinquent(family: Family) -> SheetSpec:
    """What is past due."""
    return SheetSpec(
        "Delinquent",
        "Unpaid installments past the last interest-free day, as of this date. Delinquent fills this sheet. Do not type here.",
        "Print this list, or run List and Notices.",
        heading="Delinquent List",
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
    """Published figures, recalculated."""
    return SheetSpec(
        "Published Figures",
        "Figures published by the State, a court or a town, recalculated with this workbook's rules.",
        "Self-check fills this sheet. If a source differs, Agrees says why.",
        tables=(
            Placed(PUBLISHED, widths={"Source": 50, "Case": 38, "Figure": 24, "Ours": 24, "Agrees": 50}, wrapped=True),
        ),
    )


def authority_list() -> SheetSpec:
    """The authority's own list of changes, compared with the adjustments."""
    return SheetSpec(
        "Authority List",
        "The assessor's or the board's own list of changes, compared with the adjustments. Compare Authority List fills this sheet.",
        "What only one side has comes first. Nothing is posted. Somebody outside collection reviews and signs the printed page.",
        tables=(
            Placed(
                AUTHORITY_LIST,
                widths={"Number": 26, "Kind": 20, "Adjustments": 24, "Result": 34},
            ),
        ),
    )


def log() -> SheetSpec:
    """Who ran which task, and when."""
    return SheetSpec(
        "Log",
        "Who ran which task, and when. Every task adds a row. Taxpayer names are never recorded here.",
        "Use this log to find why a figure changed. Do not type here.",
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


def issued() -> SheetSpec:
    """Every paper that was printed."""
    return SheetSpec(
        "Issued",
        "Every paper that was printed, with its number, total and a code of its content. Tasks add the rows.",
        "A reprint keeps its number. A paper whose content changed gets a new number and says what changed. Do not type here.",
        heading="Issued Papers",
        tables=(
            Placed(
                ISSUED,
                widths={"No": 8, "Copy": 6, "Kind": 18, "About": 34, "Printed": 20, "Who": 16, "Documents": 11, "Replaces": 9,
                        "Books": 20, "Fingerprint": 18, "Parts": 12, "Version": 9, "Seal": 18},
                folded=("Books", "Fingerprint", "Parts", "Version", "Seal"),
            ),
        ),
    )  # fmt: skip


def history() -> SheetSpec:
    """Changes of owner, address and value, by date."""
    return SheetSpec(
        "History",
        "Changes of owner, address and value, with their dates. Import Roll adds the rows.",
        "Statements printed again show the owner at the end of their period, as History has it. Do not type here.",
        tables=(Placed(HISTORY, widths={"Field": 18, "Before": 44, "After": 44, "Seal": 18}, folded=("Seal",)),),
    )
