"""Letters to the people on a list: pages to print, merge data, email drafts and labels. Nobody who has paid gets a letter."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import numpy as np
import pandas as pd

from xltax import csvtext
from xltax.dates import long_date, short_date
from xltax.errors import BadValue
from xltax.ledger.facts import by_number
from xltax.money import Cents, usd
from xltax.office.billing.bill_pages import NAMES
from xltax.office.collection import letter_sums, town_texts
from xltax.office.collection.letter_sums import Steps
from xltax.office.collection.lists import Made
from xltax.office.quotes.owed import FEE, OfficerFee
from xltax.pages import Block, CellKind, Grid, Labels, Lines, Page
from xltax.tables import Parcel
from xltax.tables.enforcement import NOTICES, LetterText, Listed, Notice
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

MONEY = ("Tax", "Interest", "Penalty", "Costs", "Total")
_ON_A_SHEET = 30
"""Labels on a sheet."""


@dataclass(frozen=True)
class Letter:
    """One letter: the addressee, the subject, and every value that its words may use, as text."""

    account: str
    party: str  # where the letter is for all accounts of a party
    owner: str
    address: tuple[str, ...]
    email: str
    subject: str
    values: Mapping[str, str]
    items: tuple[tuple[Any, ...], ...]  # bill, year, type, installment, due, then the money in cents
    total: int


def letters(
    made: Made,
    texts: Table[LetterText],
    office: str,
    mailed: dt.date,
    respond_by: dt.date | None,
    collector: str,
    ahead: Sequence[Steps] = (),
    fees: Mapping[int, Sequence[OfficerFee]] | None = None,
) -> list[Letter]:
    """A letter for each row of a list, with the row's installments as its items.

    ahead: what each row comes to until the day to respond by. fees: the officers' fees that a payment covers first.

    Raises BadValue where the town has no words for this letter, or its words need a day to respond by and there is none.
    """
    parts = _words(texts, made.params.kind, respond_by)
    subject = next(((text, where) for style, text, where in parts if style == "subject"), (made.params.title, ""))
    common = {
        "town": office,
        "collector": collector,
        "title": made.params.title,
        "date": long_date(mailed),
        "as_of": long_date(made.as_of),
        "respond_by": long_date(respond_by) if respond_by else "",
    }
    by_row = dict(iter(made.items.groupby("row")))
    out = []
    for n, row in enumerate(made.rows.to_dict("records")):
        items = by_row[n]
        own = (fees or {}).get(n, ())
        fee = sum(f.amount for f in own)
        total = int(row[Listed.total])
        until = ahead[n] if n < len(ahead) else [(made.as_of, total)]
        values = common | _row_values(row) | _sums(total, fee, until)
        out.append(
            Letter(
                account=row[Listed.account],
                party=row[Listed.party] if made.params.by == "party" else "",
                owner=row[Listed.owner],
                address=tuple(row[c] for c in (Listed.owner, Listed.mail_1, Listed.mail_2, Listed.mail_3) if row[c]),
                email=next((e for e in items[Parcel.email] if e), ""),
                subject=town_texts.filled(subject[0], values, subject[1]),
                values=values,
                items=_lines(items, own),
                total=total + fee,
            )
        )
    return out


def _words(texts: Table[LetterText], kind: str, respond_by: dt.date | None) -> list[town_texts.Paragraph]:
    """The paragraphs of a letter on the Texts sheet. Refuses a letter without words, or with words that need a deadline."""
    parts = town_texts.paragraphs(texts, kind)
    if not parts:
        known = ", ".join(town_texts.letters(texts)) or "none"
        raise BadValue(f'The Texts sheet has no letter "{kind}".', where="Texts, Letter", do=f"Use one of: {known}.")
    if respond_by is None and any("{respond_by}" in text or "{pay}" in text for _, text, _ in parts):
        raise BadValue(
            "The letter needs a deadline.", where="respond_by", do="Enter the date, or reword the letter on Texts."
        )
    return parts


def _row_values(row: Mapping[Hashable, Any]) -> dict[str, str]:
    """The values of a row of the list: its names, its money, and its oldest due date."""
    names = ("Account", "Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Years", "Types", "Reason")
    values = {name: str(row[name]) for name in names}
    values |= {m: usd(int(row[m])) for m in (*MONEY, "Sale Costs", "To Pay") if m in row}
    by_word = {name.lower().replace(" ", "_"): value for name, value in values.items()}
    return by_word | {"oldest_due": long_date(row[Listed.due].date())}


def _sums(total: Cents, fee: Cents, until: Steps) -> dict[str, str]:
    """The sums of a letter, with the officers' fees, which a payment covers first."""
    return {
        "total": usd(total + fee),
        "pay": letter_sums.pay(until, fee),
        "total_by": usd(until[-1][1] + fee),
        _TOTAL_UNTIL: letter_sums.instead_of_total(until, fee),
    }


def _lines(items: pd.DataFrame, own: Sequence[OfficerFee]) -> tuple[tuple[Any, ...], ...]:
    """The lines of a letter: the installments, then the officers' fees."""
    installments = (
        (
            r[OpenInstallment.bill],
            int(r[OpenInstallment.levy_year]) or None,
            r[OpenInstallment.levy_type],
            int(r[OpenInstallment.inst]),
            r[OpenInstallment.due].date(),
            *(int(r[m]) for m in MONEY),
        )
        for r in items.to_dict("records")
    )
    fees = ((FEE.format(no=f.warrant), None, "", 0, f.served, 0, 0, 0, f.amount, f.amount) for f in own)
    return (*installments, *fees)


def pages(letters: Sequence[Letter], texts: Table[LetterText], kind: str, office: str, contact: str = "") -> list[Page]:
    """The letters as pages for window envelopes. `contact`, where to pay and ask, is at the foot."""
    parts = town_texts.paragraphs(texts, kind)
    out = []
    for letter in letters:
        before, after = town_texts.split(own_day(parts), letter.values)
        blocks: list[Block] = [Lines(_address(letter)), Lines((letter.values["date"],), right=True)]
        blocks += [*before, *_items(letter), *after]
        out.append(Page(letter.subject, tuple(blocks), office=office, key=letter.account, footer=contact))
    return out


_TOTAL_UNTIL = "total_until"


def own_day(parts: Sequence[town_texts.Paragraph]) -> list[town_texts.Paragraph]:
    """The paragraphs with {total} for the day they name: a paragraph with a deadline gives the amount due on that day."""
    return [
        (style, text.replace("{total}", f"{{{_TOTAL_UNTIL}}}"), where)
        if "{respond_by}" in text and "{as_of}" not in text
        else (style, text, where)
        for style, text, where in parts
    ]


def _address(letter: Letter) -> tuple[str, ...]:
    return letter.address if len(letter.address) > 1 else (*letter.address, "")


def _items(letter: Letter) -> list[Block]:
    rows: list[list[Any]] = [[bill, year, _named(kind), *rest] for bill, year, kind, *rest in letter.items]
    for row in rows:
        row[3] = row[3] or None  # a fee is of no installment
    sums = [sum(int(r[i]) for r in rows) for i in range(5, 10)]
    keep = [0, 1, 2, 3, 4, 5, 6, *(i for i in (7, 8) if sums[i - 5]), 9]
    heads: tuple[str, ...] = ("Bill", "Year", "Type", "Inst", "Due", *MONEY)
    kinds: tuple[CellKind, ...] = ("id", "year", "text", "count", "date", "money", "money", "money", "money", "money")
    widths = (19, 8, 20, 6, 12, 13, 12, 11, 10, 14)
    total = ["Total", None, None, None, None, *sums]
    every = [*rows, total]
    return [
        Grid(
            tuple(heads[i] for i in keep),
            tuple(kinds[i] for i in keep),
            [[row[i] for i in keep] for row in every],
            tuple(widths[i] for i in keep),
            True,
        )
    ]


def _named(kind: str) -> str:
    """A levy type in a taxpayer's words; the heading already says that it is a tax."""
    return NAMES[kind].removesuffix(" tax").capitalize() if kind in NAMES else kind


# ---- merge data, email, labels ---------------------------------------------------------------------------------------


def merge_csv(letters: Sequence[Letter]) -> bytes:
    """The letters as merge data: a row for each letter, with money and dates as text, so that nothing is reformatted."""
    names = [n for n in letters[0].values if n != _TOTAL_UNTIL] if letters else ["account"]
    rows = [[*(letter.values[n] for n in names), letter.email, letter.subject] for letter in letters]
    return csvtext.table([*names, "email", "subject"], rows).encode("utf-8-sig")


def email_drafts(
    letters: Sequence[Letter],
    texts: Table[LetterText],
    kind: str,
    contact: str = "",
    pdf: Callable[[int], bytes] | None = None,
) -> tuple[bytes, int]:
    """A zip of email drafts to review and send, and their number; only for people whose email address is on the Roll.

    pdf: gives the letter of a place in `letters` as a PDF file, which its draft carries.
    """
    out = io.BytesIO()
    count = 0
    parts = town_texts.paragraphs(texts, kind)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, letter in enumerate(letters):
            if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", letter.email):
                continue
            mail = EmailMessage(policy=SMTP)
            mail["To"] = letter.email
            mail["Subject"] = " ".join(letter.subject.split())
            mail["X-Unsent"] = "1"  # mail programs open it as a draft
            mail.set_content(_plain(letter, parts, contact))
            account = re.sub(r"[^A-Za-z0-9-]+", "-", letter.account)
            if pdf is not None:
                mail.add_attachment(
                    pdf(place), "application", "pdf", filename=f"{kind.replace('_', ' ')} {account}.pdf"
                )
                mail.set_boundary(f"=_letter_{place}_")  # the same letters give the same file
            count += 1
            name = f"{count:05d} {account}.eml"
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), mail.as_bytes())
    return out.getvalue(), count


def _plain(letter: Letter, parts: list[town_texts.Paragraph], contact: str) -> str:
    """A letter as plain text that ends with the office's name, since an email has no letterhead."""
    lines = [f"Dear {letter.owner},"] if letter.owner else []
    for style, text, where in own_day(parts):
        if style == "items":
            items = [
                f"{bill}: {usd(money[-1])}"
                if not inst
                else f"Bill {bill}: {NAMES.get(kind, kind)} {year or ''}, installment {inst}, due {short_date(due)}: {usd(money[-1])}"
                for bill, year, kind, inst, due, *money in letter.items
            ]
            lines.append("\n".join([*items, f"Total: {usd(letter.total)}"]))
        elif style == "signature":
            signed = (letter.values["collector"], letter.values["town"], contact)
            lines.append("\n".join(line for line in signed if line))
        elif style != "subject":
            lines.append(town_texts.filled(text, letter.values, where))
    return "\n\n".join(lines) + "\n"


def labels(letters: Sequence[Letter]) -> list[Page]:
    """Address labels of 1 by 2 5/8 inches, thirty to a sheet, the most common stock (such as Avery 5160)."""
    out = []
    per = _ON_A_SHEET
    for start in range(0, len(letters), per):
        block = Labels(tuple(x.address for x in letters[start : start + per]))
        out.append(Page("Labels", (block,), key=f"labels {start // per + 1}", labels=True))
    return out


# ---- the log --------------------------------------------------------------------------------------------------------


def logged(
    letters: Sequence[Letter],
    kind: str,
    mailed: dt.date,
    respond_by: dt.date | None,
    how: str,
    by: str,
    held: Table[Notice],
) -> Table[Notice]:
    """A row in Notices for each letter, numbered from the last row on."""
    first = 1 + max((int(n[0][1]) for n in map(by_number, held[Notice.no]) if n and n[0][0] == 0), default=0)
    rows = pd.DataFrame(
        {
            Notice.no: str(first + n),
            Notice.kind: kind.replace("_", " "),
            Notice.mailed: np.datetime64(mailed, "s"),
            Notice.account: letter.account,
            Notice.party: letter.party,
            Notice.owner: letter.owner,
            Notice.amount: letter.total,
            Notice.respond_by: np.datetime64(respond_by or "NaT", "s"),
            Notice.method: how,
            Notice.by: by,
        }
        for n, letter in enumerate(letters)
    )
    return Table.made(NOTICES, rows)
