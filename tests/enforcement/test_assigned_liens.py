"""A lien assigned to a third party is owed to its holder: out of every figure of the town, and back where it falls through."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.enforcement.offices import CT_LIENS, PAYOFF_DAY, D, Office, connecticut_book, every_connecticut
from xltax.actions import control, counter, delinquency, liens, quotes, statements
from xltax.actions.desk import Desk
from xltax.errors import BadValue

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
HOLDER = "Harbor Lien Fund LLC"
RECORDED = {k: v for k, v in CT_LIENS[0].items() if k not in ("Assigned", "Assigned To", "Price")} | {
    "Account": "R6",
    "Bill": "22-R6",
}


@pytest.fixture(scope="module")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return connecticut_book(tmp_path_factory.mktemp("liens"), Liens=[RECORDED]).path


@pytest.fixture
def town(_town: Path, tmp_path: Path) -> Office:
    return Office(_town).copied(tmp_path / "ct.xlsx")


def open_on(office: Office, account: str, on: object) -> int:
    rows = Desk(office.opened()).ledger(on).balances  # type: ignore[arg-type]
    return int(rows.loc[rows["Account"] == account, "Total"].sum())


def assign(office: Office, **more: object) -> str:
    given = {"price": 1_400_000, "reference": "991", "today": D(2025, 3, 10)} | more
    return office.do(liens.assign_lien, "1", HOLDER, D(2025, 3, 10), "Town Council resolution 25-14", **given)


def test_the_task_takes_the_bill_off_the_books_and_posts_the_price(town: Office) -> None:
    # FRANK's 12,000.00 with 21 months on one half and 15 on the other: 1,890.00 + 1,350.00.
    assert open_on(town, "R6", D(2025, 3, 10)) == 1_524_000
    said = assign(town)
    assert (
        "The debt of $15,240.00 is now owed to Harbor Lien Fund LLC, not to the town (adjustments A-1 to A-4)." in said
    )
    assert "The price of $14,000.00 was posted as ASSIGNED LIENS, receipt 1." in said
    row = town.read("Liens").iloc[0]
    assert (str(row["Assigned"])[:10], row["Assigned To"], row["Price"]) == ("2025-03-10", HOLDER, 14_000)
    assert open_on(town, "R6", D(2025, 3, 10)) == 0
    assert open_on(town, "R6", D(2027, 3, 10)) == 0, "nor does it bear interest for the town"
    changes = town.read("Adjustments")
    assert set(changes["Kind"]) == {"Transfer to Lien"}
    assert set(changes["Authority"]) == {"Town Council resolution 25-14"}
    assert town.do(control.proof, as_of=D(2025, 3, 17)).endswith(" checks passed.")
    assert "DOES NOT FOOT" not in town.do(statements.month_report, D(2025, 3, 31))


def test_taken_back_it_is_as_if_it_had_never_been_assigned(town: Office) -> None:
    before = open_on(town, "R6", D(2025, 6, 10))
    assign(town)
    said = town.do(liens.take_lien_back, "1", "the purchaser's check came back", today=D(2025, 3, 20))
    assert "Harbor Lien Fund LLC paid $14,000.00 for the lien. Reverse that receipt" in said
    assert open_on(town, "R6", D(2025, 6, 10)) == before
    assert str(town.read("Liens")["Assigned"].iloc[0]) in ("NaT", "None", "nan")
    assert town.do(control.proof, as_of=D(2025, 3, 20)).endswith(" checks passed.")
    with pytest.raises(BadValue, match="is not assigned"):
        town.do(liens.take_lien_back, "1", "again", today=D(2025, 3, 20))
    assert "assigned to" in assign(town, today=D(2025, 3, 21)), "and can be assigned again"


def test_undo_names_the_task_that_takes_it_back(town: Office) -> None:
    assign(town)
    with pytest.raises(BadValue, match="Use Take Lien Back"):
        town.do(control.undo, today=D(2025, 3, 10))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Recorded": None}, "has not been recorded by 2025-03-10"),
        ({"Released": D(2025, 1, 2)}, "was released on 2025-01-02"),
        ({"Bill": "22-R66"}, 'Bill "22-R66" is not on the Duplicate'),
        ({"Assigned": D(2025, 2, 3), "Assigned To": "Other Fund"}, "was assigned to Other Fund on 2025-02-03"),
    ],
)
def test_a_lien_that_cannot_be_assigned_is_refused(tmp_path: Path, change: dict[str, object], says: str) -> None:
    town = connecticut_book(tmp_path, Liens=[RECORDED | change])
    before = town.path.read_bytes()
    with pytest.raises(BadValue, match=says):
        assign(town)
    assert town.path.read_bytes() == before


def test_one_only_typed_into_the_register_counts_at_once_and_proof_asks_for_its_posting(tmp_path: Path) -> None:
    """INGRAM's 22-R9 was assigned in December by hand; 23-R9 is the town's: 3,800.00 with 9 and 3 months, 342.00."""
    town = every_connecticut(tmp_path)
    said = town.do(quotes.quote, "R9", PAYOFF_DAY, 3)
    assert "$4,142.00 due on 2025-03-17" in said
    assert "Lien 1 on bill 22-R9 was assigned to Harbor Lien Fund LLC on December 2, 2024." in said
    assert "lien 1 on bill 22-R9 assigned to Harbor Lien Fund LLC" in town.do(counter.card, "R9", PAYOFF_DAY)
    town.do(quotes.tax_search, "R9", "Smith Title", PAYOFF_DAY, PAYOFF_DAY)
    page = "\n".join(
        str(c)
        for s in openpyxl.load_workbook(town.beside("tax search"))
        for r in s.iter_rows(values_only=True)
        for c in r
    )
    assert "Liens assigned to others, owed to their holders" in page
    for name in ("delinquent", "tax sale", "demand"):
        town.do(delinquency.make_list, name, PAYOFF_DAY)
        rows = town.read("Listed")
        assert 4142.00 in rows.loc[rows["Account"] == "R9", "Total"].tolist() or name != "demand"
        assert "22-R9" not in rows["Bill"].tolist()
        assert "2022" not in " ".join(str(y) for y in rows.loc[rows["Account"] == "R9", "Years"])
    assert "lien 1: run Assign Lien to post the assignment" in town.do(control.proof, as_of=PAYOFF_DAY)
    town.do(liens.assign_lien, "1", HOLDER, D(2024, 12, 2), "Resolution 24-9", today=PAYOFF_DAY)
    assert "Assigned liens       OK" in town.do(control.proof, as_of=PAYOFF_DAY)
    assert "$4,142.00 due on 2025-03-17" in town.do(quotes.quote, "R9", PAYOFF_DAY, 3)
