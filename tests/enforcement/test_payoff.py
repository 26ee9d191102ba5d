"""What is quoted pays: the quoted sum, posted on the quoted day with the instruction the quote asks for, leaves nothing open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.enforcement.offices import (
    CT_EVERY_ROLL,
    NJ_EVERY_ROLL,
    PAYOFF_DAY,
    Office,
    change,
    every_connecticut,
    every_new_jersey,
)
from xltax.actions import agreements, bills, certificates, counter, officers, quotes
from xltax.actions.desk import Desk
from xltax.actions.owing import owing
from xltax.errors import BadValue, Problems
from xltax.hosts.files import FilesBook
from xltax.office.quotes.owed import OWNER, THIRD_PARTY, Owed

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date
ACCOUNTS = [("ct", str(r["Account"])) for r in CT_EVERY_ROLL] + [("nj", str(r["Account"])) for r in NJ_EVERY_ROLL]

PASSED_BY = {"R6", "R18"}
"""Accounts with a bill in litigation: it stays open when the owner pays, and the quote says so."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Office]:
    made = {"ct": every_connecticut, "nj": every_new_jersey}
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in made.items()}


class Town(Office):
    """A book that is opened once: what is done on it stays in it, and nothing reaches the file."""

    def __init__(self, path: Path, folder: Path) -> None:
        super().__init__(folder / "town.xlsx")
        self.book = FilesBook.open(path)
        self.book.put_pages = lambda name, pages: name  # type: ignore[method-assign]

    def opened(self) -> FilesBook:
        return self.book

    def do(self, action: Any, *given: Any, **more: Any) -> str:
        return str(action(self.book, *given, **more))


@pytest.fixture
def towns(books: dict[str, Office], tmp_path: Path) -> Callable[[str], Town]:
    return lambda state: Town(books[state].path, tmp_path)


_READ: dict[Path, Desk] = {}
"""The books nothing is posted to, each read once."""


def owed(office: Office, account: str, on: dt.date = PAYOFF_DAY) -> Owed:
    if isinstance(office, Town):
        return owing(Desk.of(office.book), account, on)
    if office.path not in _READ:
        _READ[office.path] = Desk(office.opened())
    return owing(_READ[office.path], account, on)


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
def test_the_total_quoted_leaves_nothing_open(towns: Callable[[str], Town], state: str, account: str) -> None:
    office = towns(state)
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
def test_the_sum_due_leaves_nothing_due(towns: Callable[[str], Town], state: str, account: str) -> None:
    office = towns(state)
    quoted = owed(office, account)
    if quoted.due:
        post(office, quoted, quoted.due)
    again = owed(office, account)
    assert again.due == 0
    assert again.total == quoted.total - quoted.due


HALVES_PAST = 13_50 + 4_50
"""Interest on 100.00 in each half of the 2023 list on March 17, 2025: nine months on the first, three on the second."""
FIGURES = [
    # ADAMS, the house: 4,000.00 of 2022 with 21 and 15 months, 4,200.00 of 2023 with 9 and 3: 630 + 450 + 283.50 + 94.50.
    ("ct", "R1", 820_000 + 63_000 + 45_000 + 28_350 + 9_450, 0, 0),
    # DAVIS: 1,000.00 and the officer's fee of 162.15 on the warrant served February 20.
    ("ct", "R4", 100_000 + 10 * HALVES_PAST // 2, 0, 162_15),
    # CLARK's warrant was not served: no fee.
    ("ct", "R3", 200_000 + 10 * HALVES_PAST, 0, 0),
    # HALE's house and car, each with the whole fee: the warrant is for all the party owes.
    ("ct", "H8", 500_000 + 25 * HALVES_PAST, 0, 900_00),
    ("ct", "M8", 40_000 + 5_400, 0, 900_00),
    # FRANK: 6,000.00 of 2023. The 12,000.00 of 2022 are in litigation.
    ("ct", "R6", 600_000 + 30 * HALVES_PAST, 0, 0),
    # INGRAM: 3,800.00 of 2023. The bill of 2022 is owed to the holder of its lien.
    ("ct", "R9", 380_000 + 19 * HALVES_PAST, 0, 0),
    ("ct", "R10", 0, 0, 0),
    # KENT: 1,000.00 past due, and 1,100.00 due July 1 and January 1.
    ("ct", "R12", 100_000 + 5 * HALVES_PAST, 110_000, 0),
    # LOWE paid 400.00 ahead of 1,300.00.
    ("ct", "R13", 0, 90_000, 0),
    # MOORE's sewer charge of 240.00: six months to December 2, 21.60; 50.00 paid leaves 211.60; three months more are 9.52.
    ("ct", "S14", 211_60 + 9_52, 0, 0),
    # PAGE's warrant was returned on March 10: nothing more is charged under it.
    ("ct", "R17", 260_000 + 13 * HALVES_PAST, 0, 0),
    # QUINN: what is past due is in litigation.
    ("ct", "R18", 0, 200_000, 0),
    ("ct", "R19", 0, 0, 0),
    # HUNT: quarters of 1,000.00; 1,700.00 paid on February 3 leaves 300.00 of May's.
    ("nj", "008", 0, 230_000, 0),
    ("nj", "009", 0, 0, 0),
]


@pytest.mark.parametrize(("state", "account", "due", "later", "fee"), FIGURES)
def test_both_totals_by_hand(
    books: dict[str, Office], state: str, account: str, due: int, later: int, fee: int
) -> None:
    quoted = owed(books[state], account)
    assert (quoted.due, quoted.total, quoted.fee) == (due + fee, due + later + fee, fee)


def test_credit_is_said(towns: Callable[[str], Town]) -> None:
    """JONES paid 1,300.00 on December 2: 500.00 with six months, 545.00, and January's 500.00 ahead; 255.00 is left."""
    assert "The account has a credit of $255.00." in towns("ct").do(quotes.quote, "R11", PAYOFF_DAY, 3)


def test_a_certificate_in_a_town_without_a_rule_for_redemptions_is_named(towns: Callable[[str], Town]) -> None:
    office = towns("ct")
    rules = office.book.read("Rules")
    office.book.replace_rows("Rules", rules[rules["Rule"] != "redemption"])
    office.book.append(
        "Certificates",
        pd.DataFrame(
            [
                {
                    "Certificate": "24-7",
                    "Account": "R12",
                    "Sold": D(2024, 10, 1),
                    "Amount": 90_000,
                    "Rate": "0.18",
                    "Holder": "Fund",
                }
            ]
        ),
    )
    said = office.do(quotes.quote, "R12", PAYOFF_DAY, 3)
    assert "Ask this office for the redemption amount." in said


def test_a_warrant_served_tomorrow_has_no_fee_today(books: dict[str, Office]) -> None:
    assert owed(books["ct"], "R4", D(2025, 2, 19)).fee == 0
    assert owed(books["ct"], "R4", D(2025, 2, 20)).fee == 162_15
    assert owed(books["ct"], "R17", D(2025, 3, 10)).fee == 420_00, "on the day of its return"


def test_the_debtors_share_before_the_petition(books: dict[str, Office], towns: Callable[[str], Town]) -> None:
    """OWENS, petition November 15, 2024: 1,250.00 of July with five months, 93.75; since then 1,306.25 and four months, 75.00."""
    quoted = owed(books["ct"], "R16")
    assert quoted.petition is not None
    assert (quoted.petition.before, quoted.petition.after) == (134_375, 130_625 + 7_500)
    said = towns("ct").do(quotes.quote, "R16", PAYOFF_DAY, 3)
    assert "This quote is information for the case, not a demand for payment." in said
    assert "$1,343.75 was owed on November 15, 2024" in said


def test_an_agreement_stayed_by_a_bankruptcy_is_suspended_and_not_in_default(
    books: dict[str, Office], tmp_path: Path
) -> None:
    """Both agreements have three payments from December on, and none came in; the petition of one was in November."""
    office = books["ct"].copied(tmp_path / "copy.xlsx")
    said = office.do(agreements.agreement_status, PAYOFF_DAY)
    assert "1 In default" in said
    assert "1 Suspended" in said
    assert "agreement 2024-2" not in said, "and no letter is due"
    rows = office.read("Agreements").set_index("Agreement")
    assert rows.loc["2024-2", ["Status", "Missed"]].tolist() == ["Suspended", 0]
    assert "agreement 2024-2: suspended while the bankruptcy" in office.do(quotes.quote, "R16", PAYOFF_DAY, 3).replace(
        "Payment a", "a"
    )
    change(office, "Cases", "1", Closed=D(2025, 3, 1), Outcome="dismissed")
    assert "2 In default" in office.do(agreements.agreement_status, PAYOFF_DAY)


@pytest.mark.parametrize(("typed", "account"), [("R10", "R10"), ("r10", "R10"), ("23-R10", "R10"), ("R19", "R19")])
def test_quote_search_and_card_know_the_same_accounts(towns: Callable[[str], Town], typed: str, account: str) -> None:
    """An account whose bills are 0.00, and one that was never billed."""
    office = towns("ct")
    for said in (
        office.do(quotes.quote, typed, PAYOFF_DAY, 3),
        office.do(counter.card, typed, PAYOFF_DAY),
        office.do(quotes.tax_search, typed, "Smith Title", PAYOFF_DAY, PAYOFF_DAY),
    ):
        assert said.startswith(f"Account {account}: $0.00")
    path = office.path.with_name("one.csv")
    path.write_text(f"Account,Amount,Received\n{account},5.00,{PAYOFF_DAY}\n")
    with pytest.raises(Problems, match=f"Account {account} has no bill"):
        office.do(counter.post, path, today=PAYOFF_DAY)


def test_a_name_of_several_accounts_is_refused_with_the_accounts(books: dict[str, Office]) -> None:
    for task in (
        lambda o: o.do(quotes.quote, "HALE", PAYOFF_DAY, 3),
        lambda o: o.do(quotes.tax_search, "HALE", "X", PAYOFF_DAY),
    ):
        with pytest.raises(BadValue, match=r'"HALE" fits 2 accounts: H8 \(HALE, H8 Elm St\); M8 \(HALE, M8 Elm St\)'):
            task(books["ct"])


def test_the_card_notes_what_the_quote_says(towns: Callable[[str], Town]) -> None:
    office = towns("ct")
    for account, note in (
        ("R4", "warrant 1 served Feb 20, 2025, officer's fee $162.15"),
        ("R6", "$15,240.00 in litigation"),
        ("R16", "bankruptcy since Nov 15, 2024: do not demand payment"),
        ("R16", "agreement 2024-2: suspended"),
    ):
        assert note in office.do(counter.card, account, PAYOFF_DAY)
        assert note in str(office.opened().get("card_flags"))


def test_the_counter_is_told_of_a_served_warrant(books: dict[str, Office], tmp_path: Path) -> None:
    office = books["ct"].copied(tmp_path / "copy.xlsx")
    for account in ("R4", "M8", "R3"):
        office.add("Counter", {"Account": account, "Amount": 5000, "Received": PAYOFF_DAY, "Tender": "Cash"})
    office.do(counter.show)
    warned = office.read("Counter").set_index("Account")["Warning"].fillna("")
    assert (
        "Warrant 1 was served. Use Warrant Money, because the officer's fee of $162.15 is paid first." in warned["R4"]
    )
    assert "Warrant 3 was served" in warned["M8"], "the house's warrant is the party's"
    assert "arrant" not in warned["R3"], "not served"


def test_the_days_ahead_hold_what_the_total_holds(books: dict[str, Office]) -> None:
    """FRANK and DAVIS: the same through March 31; in April 6,000.00 and 1,000.00 bear a month more. In neither the held bill."""
    frank, davis = owed(books["ct"], "R6"), owed(books["ct"], "R4")
    assert frank.through == davis.through == D(2025, 3, 31)
    for quoted, month in ((frank, 90_00), (davis, 15_00)):
        days = quoted.grid(13)
        totals = dict(zip((d.date() for d in days["Date"]), days["Total"].tolist(), strict=True))
        assert totals[PAYOFF_DAY] == totals[D(2025, 3, 31)] == quoted.total
        assert totals[D(2025, 4, 1)] == quoted.total + month


def test_a_file_for_others_counts_payments_after_the_day_on_start(nj: Office) -> None:
    """Start says March 3; EVANS pays 42.40 on March 17, so nobody who paid is in the file for the inquiry site."""
    nj.pay(D(2025, 3, 17), ("005", "42.40", D(2025, 3, 17)))
    book = nj.opened()
    book.set("as_of", D(2025, 3, 3))
    book.save()
    nj.do(bills.inquiry_file)
    listed = nj.beside("inquiry").read_text(encoding="utf-8-sig")
    assert "2024-001" in listed
    assert "2024-005" not in listed


def test_the_instruction_is_asked_for_only_where_it_is_needed(books: dict[str, Office]) -> None:
    needs = {a for s, a in ACCOUNTS if owed(books[s], a).way.directed}
    # The house of each party that owns a vehicle too: the vehicle is unsecured and takes the owner's money first.
    assert needs == {"R1", "R3", "H8"}
    assert {owed(books[s], a).way.by for s, a in ACCOUNTS} == {OWNER}


@pytest.mark.parametrize("account", sorted(PASSED_BY))
def test_a_third_partys_payment_pays_the_bill_in_litigation_too(towns: Callable[[str], Town], account: str) -> None:
    office = towns("ct")
    quoted = owed(office, account)
    post(office, quoted, quoted.with_litigation, by=THIRD_PARTY)
    assert balance(office, account) == 0


@pytest.mark.parametrize("account", ["006", "007"])
def test_the_redemption_on_its_own_line_redeems_the_certificate(towns: Callable[[str], Town], account: str) -> None:
    office = towns("nj")
    quoted = owed(office, account)
    (certificate,) = quoted.certificates
    said = office.do(quotes.quote, account, PAYOFF_DAY, 3)
    assert f"${certificate.amount / 100:,.2f} redeems the certificate on March 17, 2025" in said
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
