"""What is quoted pays: the quoted sum, posted on the quoted day with the instruction the quote asks for, leaves nothing open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from offices import (
    CT_EVERY_ROLL,
    NJ_EVERY_ROLL,
    PAYOFF_DAY,
    Office,
    every_connecticut,
    every_new_jersey,
)

from xltax.actions import certificates, counter, officers, quotes
from xltax.actions.desk import Desk
from xltax.actions.owing import owing
from xltax.office.owed import OWNER, THIRD_PARTY, Owed

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date
ACCOUNTS = [("ct", str(r["Account"])) for r in CT_EVERY_ROLL] + [("nj", str(r["Account"])) for r in NJ_EVERY_ROLL]

PASSED_BY = {"R6", "R18"}
"""Accounts with a bill in litigation: it stays open when the owner pays, and the quote says so."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Office]:
    made = {"ct": every_connecticut, "nj": every_new_jersey}
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in made.items()}


def owed(office: Office, account: str, on: dt.date = PAYOFF_DAY) -> Owed:
    return owing(Desk(office.opened()), account, on)


def dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def post(office: Office, quoted: Owed, sum_: int, by: str = "") -> None:
    """The sum as the quote says it comes in: on the warrant where one was served, with the instruction where one is asked for."""
    way = quoted.way
    directed = quoted.account if way.directed and not by else ""
    for fee in quoted.fees[:-1]:
        office.do(officers.warrant_money, fee.warrant, fee.amount, quoted.on, "town", today=quoted.on)
        sum_ -= fee.amount
    if quoted.fees:
        office.do(
            officers.warrant_money, quoted.fees[-1].warrant, sum_, quoted.on, "town", today=quoted.on, directed=directed
        )
        return
    path = office.path.with_name("one.csv")
    path.write_text(
        f"Account,Amount,Received,By,Directed\n{quoted.account},{dollars(sum_)},{quoted.on},{by or way.by},{directed}\n"
    )
    office.do(counter.post, path, today=quoted.on)


def balance(office: Office, account: str, on: dt.date = PAYOFF_DAY) -> int:
    """The town's balance on the account, from the ledger itself."""
    rows = Desk(office.opened()).ledger(on).balances
    return int(rows.loc[rows["Account"] == account, "Total"].sum())


@pytest.mark.parametrize(("state", "account"), ACCOUNTS)
def test_the_total_quoted_leaves_nothing_open(
    books: dict[str, Office], state: str, account: str, tmp_path: Path
) -> None:
    office = books[state].copied(tmp_path / "town.xlsx")
    quoted = owed(office, account)
    said = office.do(quotes.quote, account, PAYOFF_DAY, 3, "Smith Title", PAYOFF_DAY)
    assert f"${quoted.due / 100:,.2f} due on" in said
    assert f"${quoted.total / 100:,.2f} pays everything billed" in said or quoted.total == quoted.due
    log = office.read("Quotes").iloc[-1]
    assert (round(log["Due"] * 100), round(log["Total"] * 100)) == (quoted.due, quoted.total)
    assert quoted.way.pays_due, "nothing in these books can be quoted without a way to pay it"
    assert quoted.way.pays_later
    if quoted.total:
        post(office, quoted, quoted.total)
    left = balance(office, account)
    assert left == quoted.litigation, "only what the quote says stays open"
    assert (left > 0) == (account in PASSED_BY)
    assert (left > 0) == ("litigation" in said)
    again = owed(office, account)
    assert (again.due, again.total) == (0, 0)


@pytest.mark.parametrize(("state", "account"), ACCOUNTS)
def test_the_sum_due_leaves_nothing_due(books: dict[str, Office], state: str, account: str, tmp_path: Path) -> None:
    office = books[state].copied(tmp_path / "town.xlsx")
    quoted = owed(office, account)
    if quoted.due:
        post(office, quoted, quoted.due)
    again = owed(office, account)
    assert again.due == 0
    assert again.total == quoted.total - quoted.due


def test_the_instruction_is_asked_for_only_where_it_is_needed(books: dict[str, Office]) -> None:
    needs = {a for s, a in ACCOUNTS if owed(books[s], a).way.directed}
    # The house of each party that owns a vehicle too: the vehicle is unsecured and takes the owner's money first.
    assert needs == {"R1", "R3", "H8"}
    assert {owed(books[s], a).way.by for s, a in ACCOUNTS} == {OWNER}


@pytest.mark.parametrize("account", sorted(PASSED_BY))
def test_a_third_partys_payment_pays_the_bill_in_litigation_too(
    books: dict[str, Office], account: str, tmp_path: Path
) -> None:
    office = books["ct"].copied(tmp_path / "town.xlsx")
    quoted = owed(office, account)
    post(office, quoted, quoted.with_litigation, by=THIRD_PARTY)
    assert balance(office, account) == 0


@pytest.mark.parametrize("account", ["006", "007"])
def test_the_redemption_on_its_own_line_redeems_the_certificate(
    books: dict[str, Office], account: str, tmp_path: Path
) -> None:
    office = books["nj"].copied(tmp_path / "town.xlsx")
    quoted = owed(office, account)
    (certificate,) = quoted.certificates
    said = office.do(quotes.quote, account, PAYOFF_DAY, 3)
    assert f"${certificate.amount / 100:,.2f} redeems it on March 17, 2025" in said
    late = owed(office, account).free
    since = int(late.loc[late["Late"], "Total"].sum()) if not certificate.holder else 0
    # What the township holds itself is redeemed together with the taxes that are delinquent since.
    office.do(certificates.redeem, f"25-{account}", PAYOFF_DAY, certificate.amount + since, today=PAYOFF_DAY)
    rest = owed(office, account)
    assert rest.total == quoted.total - since
    assert not rest.certificates
    if rest.total:
        post(office, rest, rest.total)
    assert balance(office, account) == 0
