"""Every published figure of every State, through the ledger and through the slow reference."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.published import state_cases
from tests.published.state_cases import FOLDER, NARROWS, Case, Row
from tests.reference.replay import Replay
from tests.written.ledger import facts_of
from xltax.law.load import shipped
from xltax.law.profile import Profile
from xltax.ledger.replay import replay
from xltax.money import to_cents

CASES = state_cases.every_case()
COLUMNS = ("tax", "interest", "penalty", "costs")
Ledger = tuple[list[Row], int]
"""The installments, each with its columns in small letters, and what is left over of all payments."""


def by_fast(charges: list[Row], receipts: list[Row], adjustments: list[Row], town: Profile, on: dt.date) -> Ledger:
    ledger = replay(facts_of(charges, receipts, adjustments), town, on)
    assert not ledger.problems
    rows = [{k.lower().replace(" ", "_"): v for k, v in row.items()} for row in ledger.balances.to_dict("records")]
    for row in rows:
        row["last_free"] = row["last_free_day"].date()
    return rows, int(ledger.credits[["Credit", "Refund"]].to_numpy().sum())


def by_reference(charges: list[Row], receipts: list[Row], adjustments: list[Row], town: Profile, on: dt.date) -> Ledger:
    slow = Replay(charges, receipts, adjustments, town, on, None, ())
    result = slow.run()
    assert not result.problems
    rows = [{k.lower(): v for k, v in row.items()} for row in result.balances]
    for row, x in zip(rows, slow.installments, strict=True):
        row["last_free"] = x.last_free
    return rows, sum(result.credit.values()) + sum(result.refund.values())


@pytest.fixture(params=[by_fast, by_reference], ids=["ledger", "reference"])
def run(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    return request.param


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_a_published_figure(case: Case, run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    town = case.profile(tmp_path)
    for wanted in case.wanted:
        mine = {k: v for k, v in wanted.items() if k in NARROWS}
        figures = state_cases.cents(wanted)
        rows, _ = run(*case.rows(), town, wanted["on"])
        rows = [row for row in rows if all(row[k] == v for k, v in mine.items())]
        assert rows, f"{case.id}: no installment has {mine}"
        for column in COLUMNS:
            if column in figures:
                assert sum(int(r[column]) for r in rows) == figures[column], (column, wanted["on"])
        if "last_free" in figures:
            assert {r["last_free"] for r in rows} == {figures["last_free"]}
        discount = figures.get("discount", 0)
        owed = sum(int(r[c]) for r in rows for c in COLUMNS)
        if "total" in figures:
            assert not discount or figures["total"] == owed - discount
            discount = owed - figures["total"] - to_cents(case.less)
        assert not discount or settled(run, case, town, mine, wanted["on"], owed - discount), (wanted["on"], discount)


def settled(run, case: Case, town: Profile, mine: Row, on: dt.date, amount: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether exactly this amount, paid on the day, pays these installments: what the discount is for."""
    charges, receipts, adjustments = case.rows()
    columns = {"bill": "Bill", "part": "Part", "inst": "Inst"}
    charges = [row for row in charges if all(row[columns[k]] == v for k, v in mine.items())]
    paid = {"Receipt": "LAST", "Received": on, "Account": charges[0]["Account"], "Amount": amount, "By": "owner"}
    rows, over = run(charges, [*receipts, paid], adjustments, town, on)
    return over == 0 and not any(int(r[c]) for r in rows for c in COLUMNS)


def test_ids_are_unique_and_files_are_states() -> None:
    assert len({c.id for c in CASES}) == len(CASES)
    states = {id_ for id_ in shipped() if id_.count("-") == 1}
    assert {p.stem for p in FOLDER.glob("*.toml")} <= states


CASE = """[[case]]
id = "zz"
kind = "percent"
source = "A page"
charges = [{ due = 2025-07-01, amount = "1000.00" }]
expected = [{ on = 2025-08-02, interest = "30.00" }]
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('source = "A page"\n', 'source = ""\n'), "without its source"),
        (('kind = "percent"', 'kind = "percents"'), "kind is"),
        (("id =", 'surprise = "x"\nid ='), "surprise is not a key"),
        (("interest =", "intrest ="), "is not a column"),
        (("[[case]]", '[[case]]\ntown = "us-nj"'), "another State"),
        (("[[case]]", "[[case]]\nsource_wrong = true"), "ours"),
        (
            ("[[case]]", '[[case]]\nsource_wrong = true\nnote = "x"\nours = [{ on = 2025-08-02, interest = "30.00" }]'),
            "does not differ",
        ),
        (("[[case]]", '[[case]]\nours = [{ on = 2025-08-02, interest = "15.00" }]'), "source_wrong"),
    ],
)
def test_a_case_that_is_not_whole_is_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = tmp_path / "us-ct.toml"
    path.write_text(CASE, encoding="utf-8")
    assert len(state_cases.read(path)[0]) == 1
    path.write_text(CASE.replace(*change, 1), encoding="utf-8")
    with pytest.raises(AssertionError, match=says):
        state_cases.read(path)


@pytest.mark.parametrize("wrong", [{"interest": "30.01"}, {"last_free": dt.date(2025, 8, 2)}, {"total": "1029.99"}])
def test_a_wrong_figure_is_seen(tmp_path: Path, run, wrong: Row) -> None:  # type: ignore[no-untyped-def]
    """1,000.00 due July 1 is $30.00 late on August 2; anything else is not that."""
    case = Case(
        "us-ct", "zz", "percent", "A page", [{"due": dt.date(2025, 7, 1), "amount": "1000.00"}],
        [{"on": dt.date(2025, 8, 2)} | wrong],
    )  # fmt: skip
    with pytest.raises(AssertionError):
        test_a_published_figure(case, run, tmp_path)
