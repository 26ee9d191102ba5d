"""Decides, in one place, what is withheld from every file that leaves the office.

A protected person is a person (`xltax.office.sharing.protected`), not a row. Rows of protected accounts are left out or withheld, by
the rule of the file; every other cell in which anything of the person stands is withheld whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.office.sharing.addresses import Address, addresses
from xltax.office.sharing.mentions import Telling
from xltax.office.sharing.names import plain, words
from xltax.office.sharing.pointer_columns import Sheet
from xltax.office.sharing.protected import FLAGGED, OWNERS, PLACES, Protected, decide
from xltax.tables import ALL, ROLL, Parcel
from xltax.tables.reading import as_id, is_blank
from xltax.tables.schema import Column, TableSpec
from xltax.tables.table import Table
from xltax.wording import some

WITHHELD = "withheld"
FLAG, CLEARED = "confidential", "not confidential"

# ---- the rules: what each file given to others shows -------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """One kind of file for others: what happens to the rows of protected accounts, and what the file never has."""

    rows: Literal["left out", "withheld"]
    kept: tuple[str, ...] = ()  # of a withheld row, beside amounts, dates and counts
    emptied: tuple[str, ...] = ()  # of every row
    without: tuple[str, ...] = ()  # tables that are never in it


_OF_MONEY = ("Kind", "Levy Type", "Part", "By", "Tender", "Revenue Code", "Deposit", "Batch")
SHARE, CASH_BOOK, LIST, INQUIRY, STATEMENT, LEDGER, BUDGET = (
    "share", "public cash book", "public list", "inquiry file", "statement", "ledger export", "budget",
)  # fmt: skip
RULES: dict[str, Given] = {
    # A seal holds for the whole book only; Paste is somebody's own sheet as it came; Issued is the office's own list.
    SHARE: Given("left out", emptied=("Party", "Email", "Phone", "Seal"), without=("Paste", "Issued")),
    CASH_BOOK: Given("withheld", kept=_OF_MONEY),
    LIST: Given("left out"),
    INQUIRY: Given("left out"),
    STATEMENT: Given("withheld", kept=_OF_MONEY),
    LEDGER: Given("withheld"),
    BUDGET: Given("withheld"),
}
_OWN_NUMBERS = frozenset(
    ("Block", "Lot", "Qualifier", "Deposit", "Batch", "Cashier", "Code", "Revenue Code", "Bank Code", "GL Account", "Book", "Page", "Run",
     "Release Book", "Release Page", "Age", "Status", "Types", "Years", "Style", "Id", "No", "Letter", "Mapping", "Location Code", "Bank Account", "Program")
)  # fmt: skip
"""Columns of numbers that are not accounts, bills or receipts: a number in these columns identifies nobody."""
_NO_ACCOUNTS = frozenset(
    ("Rules", "ClosedDays", "Rates", "RevenueCodes", "RevenueAccounts", "Published", "Checks", "Calendar", "Texts", "Mappings", "Statement",
     "Collected", "CollectionRate", "CollectionsByMonth", "DelinquencyByAge", "Budget", "Drawers", "DrawerCount", "Training", "Users",
     "BillRuns", "RollImports", "OpeningLevies")
)  # fmt: skip
"""Tables that are not about accounts: a plain number counts there only after its word, as in "account 7"."""
_OFFICE_WORDS = frozenset({("Rules", n) for n in ("Rule", "Type", "Part", "Key", "Value")})
"""Cells with the office's own words: only a whole name or address is hers."""


@dataclass
class Confidential:
    """Who is protected in one book, and what of any table or text may be shown."""

    protected: Protected | None = None
    links: dict[str, set[str]] = field(default_factory=dict)  # accounts, bills, receipts and register numbers of hers
    telling: Telling = field(default_factory=Telling)
    _known: dict[tuple[str, str], bool] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return self.protected is not None

    @property
    def accounts(self) -> Mapping[str, str]:
        """The protected accounts, each with the reason."""
        return self.protected.accounts if self.protected else {}

    # ---- what is asked -----------------------------------------------------------------------------------------------

    def settle(self, accounts: Iterable[str] | None = None) -> None:
        """Raises Problems until somebody decides whether some accounts are hers. accounts: those in the file (default: all)."""
        if self.protected is None:
            return
        mine = None if accounts is None else set(accounts)
        asked = {a: why for a, why in self.protected.asked.items() if mine is None or a in mine}
        if not asked:
            return
        first = next(iter(asked))
        problems = [Problem(f"Account {a} ({self.protected.about[a]})", f"{why}.") for a, why in asked.items()]
        shown = problems[: Problems.SHOWN - 2]
        if len(shown) < len(problems):
            shown.append(Problem("", f"... and {some(len(problems) - len(shown), 'more account')}."))
        raise Problems(
            [*shown, Problem("", "No file was made.",
                f'Decide each account: enter its number in also_withhold or in not_her, such as not_her "{first}". In not_her, you may also '
                f'enter a last name or an address that others share. To keep an answer, add "{CLEARED}" to Flags on the Roll.')]
        )  # fmt: skip

    def said(self) -> str:
        """The accounts withheld with the flagged ones, and why: for the collector, never for the file."""
        more = {a: why for a, why in self.accounts.items() if why != FLAGGED}
        if not more:
            return ""
        named = [f"{a} ({why})" for a, why in list(more.items())[:20]]
        rest = f" and {len(more) - 20:,} more" if len(more) > 20 else ""
        return f" Withheld with the flagged accounts: {', '.join(named)}{rest}."

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def shown(self, frame: Table[Any] | pd.DataFrame, spec: TableSpec[Any], given: str) -> pd.DataFrame:
        """A table as it may leave the office in one kind of file, without protected rows and identifying cells."""
        rule = RULES[given]
        out = frame.frame if isinstance(frame, Table) else frame.copy()
        out.attrs = dict(frame.attrs)
        if self.protected is not None:
            sheet = Sheet(spec, frame)
            hers = self.rows(sheet)
            for i, header in enumerate(frame.columns):
                column = spec.find(header)
                old = frame.iloc[:, i].tolist()
                new = self._column(old, column, sheet, hers, rule)
                if any(a is not b for a, b in zip(new, old, strict=True)):
                    # Any: pandas-stubs know no Series in isetitem
                    cells: Any = pd.Series(new, index=frame.index, dtype=object)
                    out.isetitem(i, cells)
            if rule.rows == "left out":
                out = out[[not mine for mine in hers]]
        if spec.name in rule.without:
            out = out[:0]
        for header in out.columns:
            column = spec.find(header)
            if column and column.name in rule.emptied:
                out[header] = None
        return out

    def text(self, value: object) -> object:
        """A text outside the tables as it may leave the office."""
        return WITHHELD if isinstance(value, str) and self._tells(value, "anything") else value

    def words(self, value: object) -> object:
        """As `text`, for the office's own words, such as the town's name: only a whole name or address is withheld."""
        return WITHHELD if isinstance(value, str) and self._tells(value, "all_of") else value

    def tells(self, values: Iterable[object]) -> bool:
        """True if one of these cells names a protected account or person."""
        return any(
            self._tells(as_id(v), "anything") for v in values if isinstance(v, str | int | float) and not is_blank(v)
        )

    def rows(self, sheet: Sheet) -> list[bool]:
        """Whether each row of a table is about a protected person, by its numbers or by its name or place."""
        assert self.protected is not None
        person, hers = self.protected, [False] * len(sheet)
        accounts = sheet.texts("Account")
        for name, kind in sheet.links.items():
            values = self.links.get(kind, set())
            # Several accounts may be paid by one receipt: it decides only where no account is named.
            weak = kind == "Receipt"
            for i, text in enumerate(sheet.texts(name)):
                if text and text in values and not (weak and accounts[i]):
                    hers[i] = True
        known: dict[tuple[bool, str], bool] = {}
        history = ("Before", "After") if sheet.spec.name == "History" else ()
        for name in (*OWNERS, *PLACES, *history):
            if not sheet.has(name) or not sheet.has("Account"):
                continue
            for i, text in enumerate(sheet.texts(name)):
                if not text or hers[i] or person.is_released(accounts[i], text):
                    continue
                key = (name in PLACES, text)
                if key not in known:
                    known[key] = (name not in PLACES and person.is_her_name(text)) or (
                        name not in OWNERS and person.is_her_place(text)
                    )
                hers[i] = known[key]
        return hers

    def _column(
        self, values: list[object], column: Column[Any] | None, sheet: Sheet, hers: list[bool], rule: Given
    ) -> list[object]:
        """A column's cells as they may be given away."""
        name = column.name if column else ""
        amount = column is not None and column.kind in ("money", "date", "count", "year")
        written = column is None or column.kind in ("text", "id")
        whose = sheet.texts("Account") if name in OWNERS or name in PLACES else [""] * len(values)
        out: list[object] = []
        for value, account, mine in zip(values, whose, hers, strict=True):
            if mine and rule.rows == "left out":
                out.append(value)
            elif mine and name not in rule.kept:
                out.append(value if amount and not isinstance(value, str) else WITHHELD)
            elif not isinstance(value, str) and not (written and column and isinstance(value, int | float)):
                out.append(value)  # an amount, a date, nothing
            elif is_blank(value) or self._passes(as_id(value), column, sheet, account):
                out.append(value)
            else:
                out.append(WITHHELD if written else None)
        return out

    def _passes(self, text: str, column: Column[Any] | None, sheet: Sheet, account: str) -> bool:
        """Whether a cell of somebody else's row may be shown. account: the owner of a name or a place."""
        if self.protected is None or column is None:
            return not self._tells(text, "anything")
        name, table, about = column.name, sheet.spec.name, self.protected.about.get(account)
        if any(text.lower() == c.lower() for c in column.choices):
            return True
        if about and account not in self.protected.accounts and about.says(text):
            # It is somebody else's, or it would have been asked.
            return self.protected.is_released(account, text) or not self._tells(text, "named_or_numbered")
        if kind := sheet.links.get(name):
            return text not in self.links.get(kind, set()) and not self._tells(text, "person")
        if (table, name) in _OFFICE_WORDS:
            return not self._tells(text, "all_of")
        if name in _OWN_NUMBERS and column.kind == "id" and not any(c.isalpha() for c in text):
            return True
        how = "but_plain_numbers" if name in _OWN_NUMBERS or table in _NO_ACCOUNTS else "anything"
        return not self._tells(text, how)

    def _tells(self, text: str, how: str) -> bool:
        if self.protected is None:
            return False
        if (how, text) not in self._known:
            self._known[how, text] = getattr(self.telling, how)(text)
        return self._known[how, text]


NOBODY = Confidential()
"""For a book where nobody is protected: everything is shown."""


# ---- who is protected in a book ----------------------------------------------------------------------------------------


def of(tables: Mapping[str, Table[Any] | pd.DataFrame], also_withhold: str = "", not_her: str = "") -> Confidential:
    """Who is protected in a book with these tables, as read or typed, by name.

    also_withhold, not_her: the collector's answers, with commas: accounts; in not_her also last names and addresses.
    Raises BadValue for an answer that is neither, or that would give away a flagged account.
    """
    sheets = {n: Sheet(ALL[n], f) for n, f in tables.items() if n in ALL and len(f)}
    flagged, cleared = _flags(sheets.get("Roll"))
    also, answers = _listed(also_withhold), _listed(not_her)
    if not flagged and not also:
        return NOBODY
    known = {a for s in sheets.values() if s.has("Account") for a in s.texts("Account")} - {""}
    _refuse_unknown(also - known, "also_withhold", "Enter account numbers as on the Roll, separated by commas.")
    if wrong := sorted((also | answers) & flagged & answers):
        raise BadValue(
            f"Account {wrong[0]} is flagged confidential.",
            where="not_her",
            do="Correct the flag on the Roll, or remove the account from not_her.",
        )
    not_hers, more = answers & known, sorted(answers - known)

    def others(houses: set[Address], surnames: set[str]) -> tuple[set[Address], set[str]]:
        places = {h for h in houses for line in more if any(a.house == h.house for a in addresses(line, bare=True))}
        lines = {line: set(words(plain(line))) for line in more}
        shared = {s for found in lines.values() for s in surnames if found == {s}}
        used = {
            line
            for line in more
            if lines[line] & shared or any(a.house == h.house for a in addresses(line, bare=True) for h in places)
        }
        _refuse_unknown(
            set(more) - used, "not_her", "Enter account numbers, or a last name or an address from the questions."
        )
        return places, shared

    person = decide(sheets, flagged, cleared - flagged, also, not_hers - also, others)
    out = Confidential(person, {Parcel.account: set(person.accounts), Parcel.party: set(person.parties)})
    _numbers(out, sheets)
    return out


def flagged(roll: Table[Parcel]) -> set[str]:
    """The accounts of the Roll that are flagged confidential."""
    return _flags(Sheet(ROLL, roll))[0]


def anybody(roll: Table[Parcel]) -> bool:
    """True where an account of the Roll is flagged confidential."""
    return bool(flagged(roll))


def _flags(roll: Sheet | None) -> tuple[set[str], set[str]]:
    """The accounts flagged confidential, and those flagged not confidential."""
    flagged, cleared = set(), set()
    for account, text in zip(*(roll.texts(c) for c in ("Account", "Flags")), strict=True) if roll else ():
        each = {" ".join(f.lower().split()) for f in re.split(r"[,;]", text)}
        if any(FLAG in f and f != CLEARED for f in each):
            flagged.add(account)
        elif CLEARED in each:
            cleared.add(account)
    return flagged - {""}, cleared - {""}


def _listed(text: str) -> set[str]:
    return {" ".join(t.split()) for t in re.split(r"[,;]", text or "")} - {""}


def _refuse_unknown(unknown: set[str], where: str, do: str) -> None:
    if unknown:
        raise BadValue(f'"{sorted(unknown)[0]}" does not match this workbook.', where=where, do=do)


def _numbers(out: Confidential, sheets: Mapping[str, Sheet]) -> None:
    """Collects the bills, receipts and register numbers of the protected accounts, and the words to search for in texts."""
    person = out.protected
    assert person is not None
    size = -1
    while size != sum(map(len, out.links.values())):  # a certificate's number leads to its later taxes
        size = sum(map(len, out.links.values()))
        for sheet in sheets.values():
            hers = out.rows(sheet)
            for name, kind in sheet.links.items():
                if kind in ("Account", "Party"):
                    continue
                found = {t for t, mine in zip(sheet.texts(name), hers, strict=True) if mine} - {""}
                out.links.setdefault(kind, set()).update(found)
    telling = out.telling
    telling.add_names(person.names)
    telling.add_names(person.only_whole, parts=False)
    for house in person.houses:
        telling.add_address(house)
    for account in person.accounts:
        if account in person.about:
            for number in person.about[account].numbers:
                telling.add_number(number, register=number.isdigit())
    for kind, values in out.links.items():
        for value in values:
            telling.add_number(value, register=kind not in ("Account", "Bill", "Receipt", "Party"))
    for sheet in sheets.values():
        _reached(telling, sheet, out.rows(sheet))
    for account in person.accounts:
        if account in person.about:
            for phone in person.about[account].phones:
                telling.add_reached("", phone)


def _reached(telling: Telling, sheet: Sheet, hers: list[bool]) -> None:
    """The other facts on her rows: email, phone, the numbers of dockets, filings and checks, and her license plate."""
    links = sheet.links
    for column in sheet.spec.columns:
        name = column.name
        if not sheet.has(name) or name in links or name in _OWN_NUMBERS:
            continue
        if not (column.kind == "id" or name in ("Email", "Phone", "Location")):
            continue
        for text in {t for t, mine in zip(sheet.texts(name), hers, strict=True) if mine} - {""}:
            if name in ("Email", "Phone"):
                telling.add_reached(text, text)
            elif name == "Location":
                for word in words(plain(text)):
                    if len(word) > 4 and any(c.isdigit() for c in word) and any(c.isalpha() for c in word):
                        telling.add_number(word)  # a plate or a vehicle's number
            else:
                telling.add_number(text, register=True)
