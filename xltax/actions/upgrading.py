"""Upgrades an older workbook to this version of xltax: adds what is missing and fills in the new columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.dates import short_date
from xltax.declare import REGISTRY, Done, Input, action
from xltax.errors import BadBook, Problem, Problems
from xltax.hosts.port import Book
from xltax.hosts.tablefile import read_table
from xltax.ledger import seals
from xltax.ledger.ties import UNTIED, Tie
from xltax.money import usd
from xltax.office.controls import schema_1_notes
from xltax.office.controls.persons import POSTED_BY
from xltax.tables import ADJUSTMENTS, CASH_BOOK, DUPLICATE, HISTORY, LOG, Adjustment, Bill, CashLine, LogLine
from xltax.tables.agreements import CERTIFICATES, SaleCertificate
from xltax.tables.counter import BANK, DAY_CLOSES, BankLine, DayClose
from xltax.tables.enforcement import LIENS, RENTS, TEXTS, WARRANT_MONEY, WARRANTS, LetterText, Warrant
from xltax.tables.kinds import ADJUSTMENT_TIES, CASH_TIES, OFFICER_FEE, REDEMPTION, SALE, WARRANT
from xltax.tables.reading import as_id, is_blank, place, read
from xltax.tables.replayed import OpenInstallment
from xltax.tables.schema import SCHEMA, Column, Row, TableSpec
from xltax.tables.statements import TURNOVERS, Turnover
from xltax.tables.table import Table
from xltax.tables.user_fees import RETURNS
from xltax.wording import some
from xltax.workbooks import spec_of
from xltax.workbooks.texts import texts


class Answer(Row):
    """One row of the file of answers: what an old note was about."""

    receipt = CASH_BOOK["Receipt"]
    adjustment = Column("Adjustment", "id", ADJUSTMENTS["No"].help)
    for_ = Column("For", "text", "The kind of record. Blank: the note is only a note.")
    for_no = CASH_BOOK["For No"]
    same_check = CASH_BOOK["Same Check"]


COLUMNS = (Answer.receipt, Answer.adjustment, Answer.for_, Answer.for_no, Answer.same_check)
"""The columns of the file of answers; a row names a receipt or an adjustment."""

Answers = Mapping[tuple[str, str], Tie]
Step = Callable[[Desk, Answers], str]


@action(
    "Upgrade an older book to this version of xltax. All balances must stay the same. The old file is kept.",
    desk="Controls",
    keeps_old=True,
)
def upgrade(
    book: Book,
    ties: Annotated[
        Path | None,
        Input(
            "Needed only if an old note is not clear: a CSV file with the columns Receipt, Adjustment, "
            "For, For No and Same Check."
        ),
    ] = None,
) -> Done:
    made = book.meta
    if not made.template:
        raise BadBook(
            "This workbook was not made by xltax.", do="Make a workbook with xltax new, then import the rows."
        )
    if made.schema > SCHEMA:
        raise BadBook(
            f"This workbook has version {made.schema}. This xltax knows versions up to {SCHEMA}.", do="Update xltax."
        )
    if made.schema == SCHEMA:
        return Done(f"This workbook already has version {SCHEMA}. Nothing was changed.")
    if not hasattr(book, "extend"):
        raise BadBook(
            "An open workbook cannot be upgraded.",
            do="Save and close the workbook. At the command line, run: xltax upgrade BOOK. Then open the workbook again.",
        )
    answers = _answers(ties) if ties else {}
    before = Desk(book)
    _refuse_own_columns(book, made.schema)
    was, broken = _figures(before), _broken(before, upgraded=False)
    added = book.extend(spec_of(made.template, str(book.get("state_name") or ""), REGISTRY.actions.values()))
    desk = Desk(book)
    said = [step(desk, answers) for step in STEPS[max(made.schema, 1) - 1 :]]
    book.set_meta(schema=SCHEMA)
    after = Desk(book)
    if _figures(after) != was:
        raise BadBook(
            "The upgrade would change the balances. Nothing was written.",
            do="Report this with the version of the book.",
        )
    if _broken(after, upgraded=True) != broken:
        raise BadBook(
            "The upgrade would break a seal. Nothing was written.", do="Report this with the version of the book."
        )
    told = _told_apart(after)
    today = dt.date.today()
    moved = after.reallocate(today, f"upgrade to version {SCHEMA}")
    if moved:
        told.append(
            f"{some(moved, 'Reallocation line')} dated {short_date(today)} {'shows' if moved == 1 else 'show'} how this version applies earlier payments."
        )
    count = sum(len(frame) for frame, _ in was)
    after.read_all_codes()
    after.log("upgrade", f"version {made.schema} to {SCHEMA}", len(added))
    return Done(
        "\n".join(
            [
                f"Upgraded from version {made.schema} to {SCHEMA}. {some(count, 'balance')} on {some(len(was), 'day')} match to the cent, "
                "and every seal is intact.",
                *filter(None, said),
                *told,
                *([f"Added: {', '.join(added)}."] if added else []),
            ]
        ),
        rows=len(added),
    )


def _figures(desk: Desk) -> list[tuple[list[Any], list[Any]]]:
    """Every balance and credit on the book's As of date, on the day of the last payment, and a year later."""
    as_of = desk.as_of()
    last = desk.cash_book[CashLine.received].max().date() if len(desk.cash_book) else as_of
    days = sorted({as_of, last, max(as_of, last) + dt.timedelta(days=365)})
    ledgers = [desk.ledger(day) for day in days]
    return [(one.balances.to_numpy().tolist(), one.credits.to_numpy().tolist()) for one in ledgers]


def _told_apart(desk: Desk) -> list[str]:
    """A sentence for each bill whose last shown total differs from this version's total for the same day."""
    shown_columns = tuple(replace(DUPLICATE[name], derived=False) for name in ("Bill", "Part", "Total Due", "As Of"))
    rows = read(desk.book.read("Duplicate"), TableSpec(DUPLICATE.name, Bill, columns=shown_columns))
    if not len(rows) or rows[Bill.as_of].isna().all():
        return []
    day = rows[Bill.as_of].max().date()
    now = desk.ledger(day).balances.groupby([OpenInstallment.bill, OpenInstallment.part])[OpenInstallment.total].sum()
    shown = rows.set_index([Bill.bill, Bill.part])[Bill.total_due]
    both = pd.DataFrame({"was": shown, "now": now.reindex(shown.index, fill_value=0)})
    apart = both[both["was"] != both["now"]]
    return [
        f"Bill {f'{bill} {part}'.strip()}: the older version showed {usd(int(was))} due on {short_date(day)}; this version "
        f"figures {usd(int(figured))}. Compare both before you send a bill or a letter."
        for (bill, part), was, figured in zip(apart.index, apart["was"], apart["now"], strict=True)
    ]


def _broken(desk: Desk, *, upgraded: bool) -> list[str]:
    """The rows whose seal is broken or missing, by table and number."""
    found = []
    for spec, rows in ((CASH_BOOK, desk.cash_book), (ADJUSTMENTS, desk.adjustments)):
        wrong = seals.broken(rows, spec, upgraded=upgraded)
        found += [f"{spec.name} {p.what.partition(' is ')[0].partition(' has ')[0]}" for p in wrong]
    return found


_ADDED: tuple[Mapping[TableSpec[Any], tuple[str, ...]], ...] = (
    {spec: tuple(c.name for c in spec.columns if c.since == 2) for spec in (CASH_BOOK, ADJUSTMENTS)},
    {LOG: (LogLine.heads, LogLine.seal), TURNOVERS: (Turnover.seal,), DUPLICATE: (Bill.seal,)},
    {
        **dict.fromkeys((HISTORY, LIENS, WARRANT_MONEY), (seals.SEAL,)),
        **dict.fromkeys((CASH_BOOK, ADJUSTMENTS, TURNOVERS), (POSTED_BY,)),
        CERTIFICATES: (seals.SEAL, POSTED_BY),
        BANK: (BankLine.bank_id,),
    },
    {DUPLICATE: (Bill.class_,)},
    {DAY_CLOSES: (DayClose.close_no,)},
)
"""The columns that came with version 2, with version 3, and so on."""


def _refuse_own_columns(book: Book, schema: int) -> None:
    """Refuses a book where the user's own column has the name of a new column."""
    problems = []
    new = [pair for version in _ADDED[max(schema, 1) - 1 :] for pair in version.items()]
    for spec, added in new:
        rows = book.read(spec.name)
        letters = rows.attrs["letters"]
        problems += [
            Problem(
                f"{rows.attrs['sheet']}!{letters[h]}{rows.attrs['header_row']}",
                f'The column "{found.name}" is your own, but xltax now has a column with this name.',
                "Rename your column, then upgrade again. Nothing was written.",
            )
            for h in rows.columns
            if (found := spec.find(h)) is not None and found.name in added
        ]
    if problems:
        raise Problems(problems)


# ---- the steps -------------------------------------------------------------------------------------------------------


def ties_become_columns(desk: Desk, answers: Answers) -> str:
    """From version 1: moves the notes of tasks into the columns For, For No and Same Check."""
    registers = schema_1_notes.Registers(
        *(desk.register(spec) for spec in (CERTIFICATES, WARRANTS, WARRANT_MONEY, RENTS, RETURNS))
    )
    money = schema_1_notes.receipts(desk.cash_book, desk.adjustments, registers)
    changes = schema_1_notes.entries(desk.adjustments, desk.cash_book, registers)
    _refuse_wrong_answers(desk, registers, answers)
    unclear = [
        *_questions(desk.cash_book, "Receipt", "Note", money, answers),
        *_questions(desk.adjustments, "No", "Reason", changes, answers),
    ]
    if unclear:
        raise Problems(
            [
                *unclear,
                Problem(
                    "",
                    f"{some(len(unclear), 'old note')} {'is' if len(unclear) == 1 else 'are'} not clear. Nothing was written.",
                    f"Write a CSV file with the columns {', '.join(COLUMNS)}, one row for each note. Fill in For and For No if the money "
                    "belongs to that item. Leave both empty if the note is only a note. Then upgrade again with this file as ties.",
                ),
            ]
        )
    receipts = money.ties | {key: tie for (kind, key), tie in answers.items() if kind == "Receipt"}
    numbers = changes.ties | {key: tie for (kind, key), tie in answers.items() if kind == "Adjustment"}
    _fill(desk, CASH_BOOK, "Receipt", receipts, desk.cash_book[CashLine.kind] == "Reversal")
    _fill(desk, ADJUSTMENTS, "No", numbers, desk.adjustments[Adjustment.kind] == "")
    tied = sum(bool(t.kind) for t in receipts.values()), sum(bool(t.kind) for t in numbers.values())
    return f"Linked by their old notes: {some(tied[0], 'receipt')} and {some(tied[1], 'adjustment')}."


def _questions(rows: Table[Any], key: str, text: str, found: schema_1_notes.Found, answers: Answers) -> list[Problem]:
    """The notes that are not clear, each with its cell and the reason."""
    kind = "Receipt" if key == "Receipt" else "Adjustment"
    first = rows.drop_duplicates(key)
    asked = first.where(first[key].isin(set(found.unclear)))
    return [
        Problem(
            place(rows, int(position), text),
            f'{kind} {row[key]}, "{row[text]}": {found.unclear[row[key]]}',
        )
        for position, row in zip(asked.index, asked.records(), strict=True)
        if (kind, row[key]) not in answers
    ]


def _fill(desk: Desk, spec: TableSpec[Any], key: str, ties: Mapping[str, Tie], never: Any) -> None:
    """Writes the ties of a table's rows into their columns, which both tables name alike, and seals the rows again."""
    rows = desk.table_now(spec)
    of = [UNTIED if no else ties.get(k, UNTIED) for k, no in zip(rows[key], never, strict=True)]
    columns = {CashLine.for_: [t.kind for t in of], CashLine.for_no: [t.number for t in of]}
    if spec is CASH_BOOK:
        columns[CashLine.same_check] = [t.check for t in of]
    if len(rows):
        rows = rows.with_columns(columns)
        rows = rows.with_columns({seals.SEAL: seals.resealed(rows, spec)})
        desk.book.replace_columns(spec.name, rows[[*columns, seals.SEAL]])


# ---- answers ---------------------------------------------------------------------------------------------------------


def _answers(path: Path) -> dict[tuple[str, str], Tie]:
    """The file of answers: for each receipt or adjustment its tie, or none."""
    rows = read_table(path)
    lacking = [c for c in COLUMNS[2:4] if c not in rows] + (
        [] if {"Receipt", "Adjustment"} & set(rows) else ["Receipt"]
    )
    if lacking:
        raise Problems(
            [Problem(path.name, f'The file has no column "{c}".', f"Use {', '.join(COLUMNS)}.") for c in lacking]
        )
    out, problems = {}, []
    for n, row in enumerate(rows.to_dict("records")):
        given = {c: "" if is_blank(row.get(c)) else as_id(row.get(c)) for c in COLUMNS}
        kind = "Receipt" if given[Answer.receipt] else "Adjustment"
        known = {t.lower(): t for t in (CASH_TIES if kind == "Receipt" else ADJUSTMENT_TIES)}
        what = given[Answer.for_].lower()
        if bool(given[Answer.receipt]) == bool(given[Answer.adjustment]):
            problems.append(
                Problem(place(rows, n), "The row must name a receipt or an adjustment.", "Fill in one of the two.")
            )
        elif what and what not in known:
            problems.append(
                Problem(
                    place(rows, n, Answer.for_),
                    f'"{given[Answer.for_]}" is not a choice for For.',
                    f"Use {', '.join(known.values())}, or leave it empty.",
                )
            )
        elif bool(what) != bool(given[Answer.for_no]):
            problems.append(
                Problem(place(rows, n, Answer.for_no), "For and For No go together.", "Fill both, or neither.")
            )
        else:
            out[kind, given[kind]] = Tie(known.get(what, ""), given[Answer.for_no], given[Answer.same_check])
    if problems:
        raise Problems(problems)
    return out


def _refuse_wrong_answers(desk: Desk, registers: schema_1_notes.Registers, answers: Answers) -> None:
    """Refuses answers that name something the book does not have."""
    receipts, numbers = set(desk.cash_book[CashLine.receipt]), set(desk.adjustments[Adjustment.no])
    certificates, warrants = (
        set(registers.certificates[SaleCertificate.certificate]),
        set(registers.warrants[Warrant.no]),
    )
    there = {SALE: certificates, REDEMPTION: certificates, WARRANT: warrants, OFFICER_FEE: warrants}
    problems = []
    for (kind, key), tie in answers.items():
        if key not in (receipts if kind == "Receipt" else numbers):
            problems.append(Problem("ties", f"There is no {kind.lower()} {key} in this book.", "Correct the number."))
        if tie.kind in there and tie.number not in there[tie.kind]:
            problems.append(
                Problem("ties", f"{kind} {key}: there is no {tie.number} for {tie.kind}.", "Correct For No.")
            )
        if tie.check and tie.check not in receipts:
            problems.append(Problem("ties", f"{kind} {key}: there is no receipt {tie.check}.", "Correct Same Check."))
    if problems:
        raise Problems(problems)


# ---- from version 2 to 3 ---------------------------------------------------------------------------------------------


def registers_are_sealed(desk: Desk, answers: Answers) -> str:
    """Seals the Log, the turnover slips and the bills as they stand: version 3 is the first that seals them."""
    counts = []
    log, turnovers, bills = desk.register(LOG), desk.register(TURNOVERS), desk.duplicate
    for table in (log, turnovers):
        if len(table):
            desk.book.replace_columns(table.spec.name, _with_seals(table, seals.sealed(table, table.spec)))
            counts.append(f"{some(len(table), 'row')} of {table.spec.name}")
    if len(bills):
        desk.book.replace_columns(bills.spec.name, _with_seals(bills, seals.alone(bills, bills.spec)))
        counts.append(some(len(bills), "bill"))
    return f"Sealed as they stand: {', '.join(counts)}." if counts else ""


def _with_seals(table: Table[Any], codes: list[str]) -> Any:
    return table.with_columns({seals.SEAL: codes})[[seals.SEAL]]


# ---- from version 3 to 4 ---------------------------------------------------------------------------------------------


def controls_of_version_4(desk: Desk, answers: Answers) -> str:
    """Seals History, the certificates, the liens and the warrant money as they stand, and adds the letter about unclaimed money.

    Posted By stays empty for the rows posted before: nobody can say now who typed them, and their seals stay as they are.
    """
    counts = []
    for spec in (HISTORY, CERTIFICATES, LIENS, WARRANT_MONEY):
        table: Table[Any] = desk.register(spec)
        if len(table):
            codes = seals.alone(table, spec) if spec.sealed == "rows" else seals.sealed(table, spec)
            desk.book.replace_columns(spec.name, _with_seals(table, codes))
            counts.append(f"{some(len(table), 'row')} of {spec.name}")
    older = len(desk.cash_book) + len(desk.adjustments)
    said = f"Sealed as they stand: {', '.join(counts)}. " if counts else ""
    said += f"Posted By stays empty in {some(older, 'older row')}. Enter the persons of the office on the sheet Users."
    return said + _letter_about_credits(desk)


def _letter_about_credits(desk: Desk) -> str:
    """Adds the letter about unclaimed money to Texts, unless the town has one of its own."""
    held = desk.register(TEXTS)
    if "unclaimed" in {name.lower() for name in held[LetterText.letter]}:
        return ""
    standard = texts(desk.book.meta.template or "")
    new = standard[standard[LetterText.letter] == "unclaimed"]
    desk.book.append(TEXTS.name, new)
    return " Added to Texts: the letter unclaimed."


def classes_of_bills(desk: Desk, answers: Answers) -> str:
    """Class stays empty for the bills made before: their seals stay as they are, and the law of their town asked for no class."""
    return f"Class stays empty in {some(len(desk.duplicate), 'older bill')}." if len(desk.duplicate) else ""


def of_version_6(desk: Desk, answers: Answers) -> str:
    """Day closes can be taken back, and printed pages can be PDF files."""
    return " ".join(filter(None, (closes_can_be_taken_back(desk), pages_stay_workbooks())))


def closes_can_be_taken_back(desk: Desk) -> str:
    """Close No stays empty for the days closed before: each is the first close of its deposit, and the seals stay as they are."""
    closed = len(desk.day_closes)
    return f"Close No stays empty in {some(closed, 'older day close')}." if closed else ""


def pages_stay_workbooks() -> str:
    """Printed pages stay workbooks until the office chooses something else: the cell that the upgrade adds says so."""
    return "Printed pages stay workbooks. To get PDF files, choose PDF on the sheet Rates, Printed pages."


STEPS: tuple[Step, ...] = (
    ties_become_columns,
    registers_are_sealed,
    controls_of_version_4,
    classes_of_bills,
    of_version_6,
)
"""From version 1 to 2, and so on: one step for each version."""
