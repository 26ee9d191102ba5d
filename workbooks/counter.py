"""The counter's sheets: checks to post, the account card, the day close, the bank, batches, suspense, the parallel run."""

from __future__ import annotations

import pandas as pd
from xltax.workbooks.sheets import Family

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.counter import (
    BANK,
    BATCH_LINES,
    BATCHES,
    CARD_BILLS,
    CARD_LINES,
    COUNTER,
    DAY_CLOSES,
    DENOMINATIONS,
    DRAWER_COUNT,
    DRAWERS,
    FOUND,
    MAPPINGS,
    PARALLEL,
    REVENUE_CODES,
    SUSPENSE,
)


def counter() -> SheetSpec:
    """One row for each check."""
    return SheetSpec(
        "Counter",
        "Type one row for each check. Run Show to preview, then Post. Posting clears the rows.",
        "For a check that pays several bills, type a row for each bill. Put Check Total on the first row and the same Reference on all.",
        tables=(
            Placed(
                COUNTER,
                widths={"Tender": 12, "By": 11, "Kind": 12, "Note": 12, "Owner": 20, "Pays": 40, "Warning": 44, "Revenue Code": 10},
                folded=("Directed", "Revenue Code", "Receipt", "Cashier"),
                wrapped=True,
            ),
        ),
    )  # fmt: skip


def card(family: Family) -> SheetSpec:
    """The account card."""
    cells = [
        CellAt("A3", "Find"),
        named("B3", "card_find", "entry", help="Find. A name, address, block and lot (such as 12/4), plate, account number or bill number.", across="D3"),
        CellAt("F3", "This sheet shows the first account found. All matches are listed on the right.", "note"),
        CellAt("A5", "Account"),
        named("B5", "card_account", "value", across="E5"),
        CellAt("F5", "Owner"),
        named("G5", "card_owner", "value", across="I5"),
        CellAt("J5", "As of"),
        named("K5", "card_as_of", "value"),
        CellAt("A6", "Flags"),
        named("B6", "card_flags", "value", across="E6"),
        CellAt("F6", "Location"),
        named("G6", "card_location", "value", across="I6"),
        CellAt("J6", "Total due"),
        named("K6", "card_total", "big", across="L6"),
        CellAt("A8", "Bills", "section"),
        *(CellAt(f"{c}8", None, "section") for c in "BCDEFGHIJKL"),
        CellAt("N8", "Payments, reversals and adjustments", "section"),
        *(CellAt(f"{c}8", None, "section") for c in "OPQRST"),
        CellAt("V8", "Accounts found", "section"),
        *(CellAt(f"{c}8", None, "section") for c in ("W", "X", "Y", "Z", "AA")),
    ]  # fmt: skip
    return SheetSpec(
        "Account Card",
        "The full history of one account: all years, payments, reversals and adjustments. You can print this sheet for a taxpayer.",
        "Type a name, address, block and lot, plate or number next to Find. Then run Card.",
        heading="Account Card",
        cells=tuple(cells),
        tables=(
            Placed(
                CARD_BILLS,
                "A9",
                widths={"Levy Type": 7, "Part": 8, "Inst": 6},
                hidden=() if family.parts else ("Part",),
            ),
            Placed(CARD_LINES, "N9", widths={"What": 24, "Note": 40, "Inst": 6}),
            Placed(FOUND, "V9", widths={"Owner": 26, "Location": 28}),
        ),
        widths={"M": 3, "U": 3},
        protected=True,
        print_columns="A:T",
    )


def day_close() -> SheetSpec:
    """The drawer's count and the days closed."""
    cells = [
        CellAt("A4", "Close on"),
        named("B4", "close_on", "entry", help="Close on. The day to close (default: today)."),
        CellAt("D4", "Drawer"),
        named("E4", "close_cashier", "entry", help="Drawer. The drawer's name, if the office has more than one."),
        CellAt("G4", "Last closed"),
        named("H4", "close_deposit", "value"),
        named("I4", "close_total", "value", across="J4"),
        CellAt("K4", "Over (short)"),
        named("L4", "close_over", "value", across="M4"),
        CellAt("N4", "Seal"),
        named("O4", "close_head", "value", across="P4"),
        CellAt("D5", "Counted", "label"),
        CellAt("E5", "=SUMPRODUCT(DrawerCount[Denomination],DrawerCount[Pieces])", "value", "money", formula=True),
    ]
    return SheetSpec(
        "Day Close",
        "The drawer count, the drawers with their change funds, and every closed day with its deposit.",
        "Enter the count of each bill and coin on the left. Then run Close Day. Another person can take a close back on the same day.",
        cells=tuple(cells),
        tables=(
            Placed(DRAWER_COUNT, "A7", widths={"Denomination": 14, "Pieces": 10}),
            Placed(DRAWERS, "D7", widths={"Note": 20, "Cashier": 10}),
            Placed(DAY_CLOSES, "H7", widths={"Cashier": 9, "Head": 20, "Seal": 20, "Closed By": 14}),
        ),
        widths={"G": 12},
    )  # fmt: skip


def denominations() -> pd.DataFrame:
    """The bills and coins, none counted yet."""
    return pd.DataFrame({"Denomination": list(DENOMINATIONS), "Pieces": 0})


def revenue_codes() -> pd.DataFrame:
    """The revenue codes every workbook starts with."""
    rows = (("SUSPENSE", "Money for an unknown account", "suspense"), ("TRUST", "Money held for others", "trust"),
            ("COPIES", "Copies, searches and certificates", "current"),
            ("PREMIUM", "Premiums paid at tax sales", "trust"), ("REDEMPTION", "Redemptions, for certificate holders", "trust"),
            ("TAX TITLE LIEN", "Redemptions of municipal liens", "current"),
            ("ASSIGNED LIENS", "Liens assigned to a third party", "current"))  # fmt: skip
    return pd.DataFrame([{"Code": c, "Name": n, "Fund": f, "GL Account": ""} for c, n, f in rows])


def bank() -> SheetSpec:
    """The bank statement and the revenue codes."""
    return SheetSpec(
        "Bank",
        "Run Import Bank, or type the statement. Enter a returned check as a negative amount with its receipt.",
        "Reconcile Bank fills in the deposits that are plain. The codes for money other than tax are on the right.",
        tables=(
            Placed(BANK, widths={"Note": 30}),
            Placed(REVENUE_CODES, "H4", widths={"Name": 34, "Fund": 11, "Code": 17}),
        ),
        widths={"G": 3},
    )


def batches() -> SheetSpec:
    """Payment files and how to read each sender's file."""
    return SheetSpec(
        "Batches",
        "Payment files. Import Batch reads a file and holds the rows for review. Post Batch reconciles the file to its deposit and posts it.",
        "On the right, set up how to read each sender's file. For a fixed-width file, type positions in Header, such as 12-20.",
        tables=(
            Placed(BATCHES, widths={"From": 16, "File": 24, "Fingerprint": 19, "Batch": 8}),
            Placed(MAPPINGS, "L4", widths={"Mapping": 16, "Header": 24}),
        ),
        widths={"K": 3},
    )


def batch_lines() -> SheetSpec:
    """Every row of every batch."""
    return SheetSpec(
        "Batch Lines",
        "The rows of every payment file and the accounts they match. Import Batch adds the rows.",
        "Correct the account or bill of an unmatched row here, then run Post Batch.",
        tables=(Placed(BATCH_LINES, widths={"Why": 36, "Payer": 24, "Batch": 8, "By": 12, "Tender": 12}),),
    )


def suspense() -> SheetSpec:
    """Money for an unknown account."""
    return SheetSpec(
        "Suspense",
        "Money received for an unknown account, as in the Cash Book. Post Batch adds the rows. Do not type here.",
        "Look up the right account. Then run Clear Suspense with the receipt and the account.",
        tables=(Placed(SUSPENSE, widths={"Note": 50}),),
    )


def parallel() -> SheetSpec:
    """Another system's balances compared with these."""
    return SheetSpec(
        "Parallel Run",
        "Your current system's balances compared with this workbook, bill by bill. Parallel fills this sheet.",
        "Unexplained differences come first. A cause is shown only if the cause explains the difference to the cent.",
        tables=(Placed(PARALLEL, widths={"Cause": 70}),),
    )
