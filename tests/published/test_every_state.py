"""The same made-up town under the law of every State and town: a year from the roll to the letters, as the command line does it.

Quillhaven has twelve parcels. Each is worth $100,000 and $10,000 more than the one before, except parcel 7, which is worth $100,000. The tax is
1% of the value under every law. Parcel 1 pays all of its tax on the first due date, parcel 2 half of it, parcel 3 pays $50.00 too much,
and parcel 4 pays $100.00 on the day of the figures. Parcel 7 pays what the State's file says, and its total is worked by hand there.
Everything else has to be what the slow reference makes of the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.books.one_book import PrintingBook
from tests.published import state_cases
from tests.published.state_cases import MadeUpTown, Row
from tests.reference.replay import Result, reference
from xltax.actions import bills, control, counter, delinquency, quotes, setup, year
from xltax.actions.desk import Desk
from xltax.declare import Done
from xltax.faces.new import new_book
from xltax.law.calendar import Installments
from xltax.law.enforcement import Listing
from xltax.law.levy import Levy
from xltax.law.load import load, shipped
from xltax.money import dollars, to_cents, usd
from xltax.tables.enforcement import LetterText, Notice
from xltax.tables.table import Table

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


def state_of(id_: str) -> str:
    return "-".join(id_.split("-")[:2])


TOWNS = state_cases.every_town()
VALUES = {n: 100_000 if n == 7 else 90_000 + 10_000 * n for n in range(1, 13)}
SAME = [id_ for id_ in shipped() if id_.count("-") > 1 and load(id_).rules == load(state_of(id_)).rules]
"""The towns whose law is their State's, rule by rule: what the State's year shows holds for them."""
STATES = [id_ for id_ in shipped() if id_.count("-") == 1]


def made_up(id_: str) -> MadeUpTown:
    """What the town's own entry says, or its State's without the figure."""
    if id_ in TOWNS:
        return TOWNS[id_]
    state = TOWNS[state_of(id_)]
    return MadeUpTown(state.on, "", "", state.paid, state.rates, state.law, state.levy_year, state.mailed)


class Quillhaven(PrintingBook):
    """The town's year in one file, opened and saved for every task."""

    def __init__(self, folder: Path, id_: str) -> None:
        super().__init__(folder / "Quillhaven 2025.xlsx")
        self.of = made_up(id_)
        self.law = self._law_file(folder, id_)
        town = load(self.law)
        self.due = min(town.rule(Installments, dt.date(2025, 7, 1)).params.due_dates(self.of.levy_year))
        self.mailed = self.of.mailed or self.due - dt.timedelta(days=30)
        self.rates = self.of.rates or f"RE={town.rule(Levy, self.due).params.per / 100:.2f}"
        new_book(self.path, self.law, name="Quillhaven", year=self.of.levy_year, as_of=self.mailed)

    def _law_file(self, folder: Path, id_: str) -> str:
        """The shipped law. Where it leaves the tax itself to the town, what the State's file adds."""
        day, town = dt.date(2025, 7, 1), load(id_)
        if not self.of.law or (town.find(Installments, day) and town.find(Levy, day)):
            return id_
        path = folder / "quillhaven.toml"
        path.write_text(f'id = "{id_}-quillhaven"\nextends = "{id_}"\n{self.of.law}', encoding="utf-8")
        return str(path)

    def done(self, task: Callable[..., Done], *given: Any, **more: Any) -> Done:
        """One task, as the command line runs it."""
        found = []
        self.do(lambda book: found.append(task(book, *given, **more)))
        return found[0]

    def brought_in(self) -> Done:
        path = self.path.with_name("roll.csv")
        rows = [f'{n},OWNER {n},{n} Main St,"Quillhaven",{n} Main St,{value}' for n, value in VALUES.items()]
        path.write_text("Account,Owner,Mail 1,Mail 2,Location,Net Value\n" + "\n".join(rows) + "\n", encoding="utf-8")
        return self.done(setup.import_roll, path, on=self.mailed)

    def billed(self) -> Done:
        more = {"mailed": self.mailed, "today": self.mailed, "no_prior_tax": True, "no_homes": True}
        return self.done(year.bill, self.of.levy_year, self.rates, **more)

    def paid(self) -> None:
        tax = {n: value // 100 for n, value in VALUES.items()}
        lines = [(1, tax[1], self.due), (2, tax[2] / 2, self.due), (3, tax[3] + 50, self.due), (4, 100, self.of.on)]
        lines += [(7, one["amount"], one["received"]) for one in self.of.paid]
        for day in sorted({day for *_, day in lines}):
            mine = [(str(account), amount, on) for account, amount, on in lines if on == day]
            self.pay(
                day, *mine, again=True
            )  # the office takes a part payment all the same where its law has whole ones only

    def asked_for(self, account: str, kind: str) -> int:
        """What the letters of one list ask of an account, in cents."""
        self.done(delinquency.notices, kind, self.of.on)
        sent = self.read("Notices")
        mine = (sent[Notice.account] == account) & (sent[Notice.kind] == kind)
        return round(100 * sum(sent.loc[mine, Notice.amount]))

    def by_reference(self, on: dt.date) -> Result:
        """The slow reference of everything in the book."""
        desk = Desk.of(self.opened())
        facts = desk.facts
        return reference(*map(rows_of, (facts.charges, facts.receipts, facts.adjustments)), desk.town, on)


def rows_of(table: Table[Any]) -> list[Row]:
    """The rows of a table as the reference takes them: days instead of times, and nothing instead of an empty cell."""
    frame = table.frame.astype(object).where(table.frame.notna(), None)
    return [{k: v.date() if hasattr(v, "date") else v for k, v in row.items()} for row in frame.to_dict("records")]


@pytest.mark.parametrize("id_", [id_ for id_ in shipped() if id_ not in SAME])
def test_the_same_town_from_roll_to_letters(id_: str, tmp_path: Path) -> None:
    it = Quillhaven(tmp_path, id_)
    on = it.of.on
    assert it.brought_in().rows == 12
    billed = it.billed()
    assert "12 bills" in billed.text
    assert billed.total == sum(VALUES.values()), "1% of the value, in cents, is the value in dollars"
    it.paid()
    it.done(counter.refresh, on)

    slow = it.by_reference(on)
    assert not slow.problems
    book = it.read("Duplicate")
    for account in map(str, VALUES):
        mine = sum(row["Total"] for row in slow.balances if row["Account"] == account)
        assert round(100 * sum(book.loc[book["Account"] == account, "Total Due"])) == mine, account
    assert sum(row["Tax"] for row in slow.balances if row["Account"] == "1") == 0
    assert sum(slow.credit.values()) + sum(slow.refund.values()) >= 50_00

    late = it.done(delinquency.delinquent, on)
    listed = it.read("Delinquent")
    owed = sum(row["Total"] for row in slow.balances)
    assert late.total == owed, "every installment is past its last free day by then"
    assert {"5", "6", "7", "8", "9", "10", "11", "12"} <= set(listed["Account"])

    quoted = it.done(quotes.quote, "7", on, today=on)
    mine = sum(row["Total"] for row in slow.balances if row["Account"] == "7")
    assert f"{usd(mine)} due on {on}" in quoted.text
    if it.of.total:
        assert dollars(mine, comma=False) == it.of.total, it.of.worked

    assert it.done(control.proof, on).look == ()
    printed = it.done(bills.bills, it.of.levy_year, on=it.mailed)
    assert printed.text.startswith("12 bills on ")
    pages = next(reversed(it.pages.values()))
    assert {page.key for page in pages} == set(book["Bill"])

    written = set(it.read("Texts")[LetterText.letter])
    kinds = [r.params.kind for r in load(it.law).in_force(Listing, on) if r.params.kind in written]
    assert any(it.asked_for("7", kind) == mine for kind in kinds), f"no list writes for all of it: {kinds}"


@pytest.mark.parametrize("id_", SAME)
def test_a_town_with_its_states_law_has_a_book_of_its_own(id_: str, tmp_path: Path) -> None:
    it = Quillhaven(tmp_path, id_)
    law = set(it.read("Rules")["Rule"])
    assert law - {"profile"} == {rule.name for rule in load(state_of(id_)).rules}
    assert it.opened().get("profile_id") == load(it.law).id


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_an_account_worked_by_hand(state: str) -> None:
    town = TOWNS[state]
    assert to_cents(town.total) > 0
    assert len(town.worked) > 40
