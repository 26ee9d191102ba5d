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
        "One row for each check: type it, run Show to see what it pays and what to know, then Post. Posting empties the rows.",
        "A check for several bills: its Check Total on the first row, a row for each bill, the same Reference on all.",
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
        named("B3", "card_find", "entry", help="Find. A name, an address, a block and lot such as 12/4, a plate, an account or a bill.", across="D3"),
        CellAt("F3", "The first account found is shown; all that fit are listed on the right.", "note"),
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
        "Everything of one account: all years, payments, reversals, adjustments. Print it for whoever is at the counter.",
        "Type a name, an address, a block and lot, a plate or a number after Find; then run Card.",
        heading="Account card",
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
        named("B4", "close_on", "entry", help="Close on. The day that is closed; empty: today."),
        CellAt("D4", "Drawer"),
        named("E4", "close_cashier", "entry", help="Drawer. Its name, where there are several; else empty."),
        CellAt("G4", "Last closed"),
        named("H4", "close_deposit", "value"),
        named("I4", "close_total", "value", across="J4"),
        CellAt("K4", "Over (short)"),
        named("L4", "close_over", "value", across="M4"),
        CellAt("N4", "Head"),
        named("O4", "close_head", "value", across="P4"),
        CellAt("D5", "Counted", "label"),
        CellAt("E5", "=SUMPRODUCT(DrawerCount[Denomination],DrawerCount[Pieces])", "value", "money", formula=True),
    ]
    return SheetSpec(
        "Day Close",
        "The count of the drawer, the drawers with their change funds, and every day closed with its deposit.",
        "Count the pieces into the table on the left, then run Close Day. A closed day is never changed.",
        cells=tuple(cells),
        tables=(
            Placed(DRAWER_COUNT, "A7", widths={"Denomination": 14, "Pieces": 10}),
            Placed(DRAWERS, "D7", widths={"Note": 20, "Cashier": 10}),
            Placed(DAY_CLOSES, "H7", widths={"Cashier": 9, "Head": 20, "Seal": 20, "Closed By": 14}),
        ),
        widths={"G": 12},
    )  # fmt: skip


def denominations() -> pd.DataFrame:
    """The notes and coins, none counted yet."""
    return pd.DataFrame({"Denomination": list(DENOMINATIONS), "Pieces": 0})


def revenue_codes() -> pd.DataFrame:
    """The codes every book starts with."""
    rows = (("SUSPENSE", "Money whose account is not known", "suspense"), ("TRUST", "Money held for others", "trust"),
            ("COPIES", "Copies, searches and certificates", "current"),
            ("PREMIUM", "Premiums paid at tax sales", "trust"), ("REDEMPTION", "Redemptions, for certificate holders", "trust"),
            ("TAX TITLE LIEN", "Redemptions of the municipality's liens", "current"),
            ("ASSIGNED LIENS", "Liens assigned to a third party", "current"))  # fmt: skip
    return pd.DataFrame([{"Code": c, "Name": n, "Fund": f, "GL Account": ""} for c, n, f in rows])


def bank() -> SheetSpec:
    """The bank statement beside the revenue codes."""
    return SheetSpec(
        "Bank",
        "Type or paste the bank statement's lines, each with its deposit number; a returned check is negative, with its receipt.",
        "Proof holds receipts, deposits and this statement together. On the right: what money other than tax is booked to.",
        tables=(
            Placed(BANK, widths={"Note": 30}),
            Placed(REVENUE_CODES, "G4", widths={"Name": 34, "Fund": 11, "Code": 17}),
        ),
        widths={"F": 3},
    )


def batches() -> SheetSpec:
    """Batches and how each sender's file is read."""
    return SheetSpec(
        "Batches",
        "Files of payments: each is brought in by Import Batch, held, proved against its deposit, and posted by Post Batch.",
        "On the right: how each sender's file is read, saved once. For fixed width the Header is the place, such as 12-20.",
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
        "The rows of every batch, matched to their accounts or not. Written by Import Batch.",
        "Correct the account or bill of an unmatched row here, then run Post Batch.",
        tables=(Placed(BATCH_LINES, widths={"Why": 36, "Payer": 24, "Batch": 8, "By": 12, "Tender": 12}),),
    )


def suspense() -> SheetSpec:
    """Money whose account is not known."""
    return SheetSpec(
        "Suspense",
        "Money that came in without an account, as the Cash Book has it. Written by Post Batch; type nothing.",
        "It has to be cleared: find whose it is, then run Clear Suspense with the receipt and the account.",
        tables=(Placed(SUSPENSE, widths={"Note": 50}),),
    )


def parallel() -> SheetSpec:
    """Another system's balances against ours."""
    return SheetSpec(
        "Parallel Run",
        "The present system's balances against ours, bill by bill, each difference with its cause. Written by Parallel.",
        "What is not explained stands first. A cause is named only where it gives their figure to the cent.",
        tables=(Placed(PARALLEL, widths={"Cause": 70}),),
    )
