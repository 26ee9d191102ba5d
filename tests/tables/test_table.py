"""A table knows its unit: cells are read once, what our code made is in cents, and no verb loses either."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xltax.errors import Problems
from xltax.ledger.facts import Facts
from xltax.tables import CHARGES, CLOSED_DAYS, DUPLICATE, RECEIPTS, ROLL, Bill, Charge, Parcel, Receipt
from xltax.tables.reading import place, read
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table, concat

D = dt.date
SOURCE = Path(__file__).parents[2] / "xltax"


def payments(*rows: tuple[str, str, str]) -> Table[Receipt]:
    """Receipts as somebody types them: number, account and dollars, all on March 3, 2025."""
    return read(
        pd.DataFrame([{"Receipt": n, "Received": D(2025, 3, 3), "Account": a, "Amount": m} for n, a, m in rows]),
        RECEIPTS,
    )


def of(*rows: tuple[str, str, int]) -> Table[Receipt]:
    """Receipts as our own code makes them, in cents."""
    return Table.made(
        RECEIPTS,
        [
            {Receipt.receipt: n, Receipt.received: D(2025, 3, 3), Receipt.account: a, Receipt.amount: c}
            for n, a, c in rows
        ],
    )


def roll_of(*rows: tuple[str, str]) -> Table[Parcel]:
    """Parcels of a roll: account and owner."""
    return Table.made(ROLL, [{Parcel.account: a, Parcel.owner: o} for a, o in rows])


# ---- dollars become cents once ------------------------------------------------------------------------------------------


def test_four_thousand_dollars_are_400000_cents_whatever_is_done_with_the_rows() -> None:
    """In the older form one ordinary merge made 4,000.00 into 400,000.00, because the unit was a note beside the frame."""
    table = payments(("1", "A", "4000.00"), ("2", "B", "25.00"))
    roll = roll_of(("A", "ADAMS"), ("B", "BAKER"))
    for again in (
        table.where(table[Receipt.account] == "A"),
        table.with_columns({Receipt.account: ["A", "C"]}),
        table.with_cells([True, False], {Receipt.by: "officer"}),
        table.and_rows(payments(("3", "A", "1.00"))),
        concat([table, table.head(0)]),
        table.sorted(Receipt.receipt),
        table.renumbered(),
        Table.made(RECEIPTS, table.frame),
        Table.made(RECEIPTS, table.join(roll, [Receipt.account], Parcel.owner)),
    ):
        assert again.spec is RECEIPTS
        assert again[Receipt.amount].iloc[0] == 4_000_00


@pytest.mark.parametrize("amount", ["4000.00", 4000.0, 40.5, True])
def test_what_is_not_whole_cents_is_no_amount_of_ours(amount: object) -> None:
    with pytest.raises(TypeError, match=r"Receipts, Amount: .* are not whole cents; cells are read by `read`"):
        Table.made(RECEIPTS, [{"Receipt": "1", "Amount": amount}])
    with pytest.raises(TypeError, match="not whole cents"):
        of(("1", "A", 5)).with_columns({Receipt.amount: [amount]})


def test_a_table_is_not_read_a_second_time() -> None:
    with pytest.raises(TypeError, match="only cells are read"):
        read(of(("1", "A", 5)), RECEIPTS)  # type: ignore[arg-type]


def test_the_ledger_takes_no_bare_frame_and_no_other_table() -> None:
    bare = pd.DataFrame([{"Bill": "1", "Amount": 400000}])
    with pytest.raises(TypeError, match=r"Facts take Charges as a Table made by read or Table\.made, not DataFrame"):
        Facts(bare)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Facts take Receipts"):
        Facts(Table.empty(CHARGES), Table.empty(CLOSED_DAYS))  # type: ignore[arg-type]


# ---- verbs --------------------------------------------------------------------------------------------------------------


def test_a_join_that_would_double_a_row_is_refused() -> None:
    twice = roll_of(("A", "ADAMS"), ("A", "BAKER"))
    with pytest.raises(Problems, match="Account A appears more than once"):
        payments(("1", "A", "4000.00")).join(twice, [Receipt.account], Parcel.owner)


def test_a_join_leaves_whole_cents_where_there_is_no_row() -> None:
    bills = Table.made(DUPLICATE, [{Bill.bill: "24-1", Bill.account: "A", Bill.net_tax: 7_00}])
    joined = of(("1", "A", 5), ("2", "B", 6)).join(bills, [Receipt.account], Bill.net_tax, Bill.party)
    assert joined[Bill.net_tax].tolist() == [7_00, 0]
    assert joined[Bill.net_tax].dtype == np.int64
    assert joined[Bill.party].tolist() == ["", ""]


def test_rows_of_two_kinds_do_not_follow_one_another() -> None:
    with pytest.raises(TypeError, match="Rows of Charges cannot follow rows of Receipts"):
        concat([Table.empty(RECEIPTS), Table.empty(CHARGES)])  # type: ignore[list-item]


def test_a_column_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError, match='Receipts has no column "Taxpayer"'):
        of(("1", "A", 5)).with_columns({"Taxpayer": "x"})
    with pytest.raises(AttributeError):
        _ = Receipt.taxpayer  # type: ignore[attr-defined]


def test_no_verb_changes_the_table_it_is_asked_of() -> None:
    table = of(("1", "A", 5), ("2", "B", 6))
    table.with_columns({Receipt.amount: [7, 8]})
    table.with_cells([True, True], {Receipt.amount: 9})
    mine = table.frame
    mine.loc[:, Receipt.amount] = 0
    mine[Receipt.amount] += 1
    assert table[Receipt.amount].tolist() == [5, 6]
    with pytest.raises(TypeError):
        table.loc[0, Receipt.amount] = 1  # type: ignore[index]
    (first, _) = table.rows()
    with pytest.raises(AttributeError, match="a row is only read"):
        first.amount = 1  # type: ignore[misc]


def test_a_row_has_its_values_in_their_types() -> None:
    row = payments(("007", "012", "1.05")).row(0)
    assert (row.receipt, row.account, row.amount, row.received, row.effective) == (
        "007",
        "012",
        105,
        D(2025, 3, 3),
        None,
    )
    assert type(row.amount) is int


# ---- every problem, each with its place -----------------------------------------------------------------------------------


def test_cells_are_refused_all_together_with_their_places() -> None:
    cells = pd.DataFrame(
        [["1", "2025-03-03", "A", "5"], ["2", "soon", "A", "1.005"], ["2", "2025-03-04", "", "x"]],
        columns=["Receipt", "Received", "Account", "Amount"],
    )
    cells.attrs = {"sheet": "Cash Book", "header_row": 4, "letters": {"Amount": "D", "Received": "B"}}
    with pytest.raises(Problems) as refused:
        read(cells, RECEIPTS)
    places = [p.where for p in refused.value.problems]
    assert places == ["Cash Book!B6", "Cash Book row 7", "Cash Book!D6", "Cash Book!D7"]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"By": "a bank"},
            'By: "a bank" is not a choice in this column. Use one of these: owner, third party, officer',
        ),
        ({"Kind": "payment order"}, 'Kind: "payment order" is not a choice'),
        ({"Amount": -5}, r"Amount: -\$0.05 is too low"),
        ({"Received": None}, "Received: This field is required"),
    ],
)
def test_entries_of_a_task_are_checked_as_typed_cells_are(cells: dict[str, object], says: str) -> None:
    good = {"Receipt": "1", "Received": D(2025, 3, 3), "Account": "A", "Amount": 5, "By": " Third Party "}
    assert Table.entered(RECEIPTS, [good])[Receipt.by].tolist() == ["third party"], "as the choice is written"
    with pytest.raises(Problems, match=says):
        Table.entered(RECEIPTS, [good | cells])


def test_a_row_keeps_its_place_when_others_go() -> None:
    cells = pd.DataFrame(
        [{"Account": "A", "Net Value": "1"}, {"Account": "", "Net Value": ""}, {"Account": "C", "Net Value": "2"}]
    )
    cells.attrs = {"file": "roll.csv"}
    table = read(cells, ROLL)
    kept = table.where(table[Parcel.account] == "C")
    assert place(kept, int(kept.index[0])) == "roll.csv row 4"
    assert place(Table.made(ROLL, [{"Account": "A"}]), 0, "Owner") == "Roll row 2, Owner", (
        "a table of our own has its name"
    )


# ---- columns have names, not texts ---------------------------------------------------------------------------------------


def test_two_columns_of_one_name_are_one_mistake() -> None:
    class Line(Row):
        """A line."""

        amount = Column("Amount", "money")

    spec = TableSpec("Lines", Line)
    assert spec["amount"] is Line.__columns__[0]
    assert Line.amount == "Amount"
    assert Line(amount=5).amount == 5


def test_the_unit_is_nowhere_a_note_beside_a_frame() -> None:
    """`attrs` keeps where rows stand; `typed` and `in_cents` are gone, and no rule's setting is an ignored mistake."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(SOURCE).as_posix()
        assert not re.search(r"\btyped\(|\bin_cents\(", text), where
        assert "ignore[attr-defined]" not in text, where
        found |= set(re.findall(r"""attrs(?:\.get\(|\[|\.setdefault\()["'](\w+)["']""", text))
    # Where rows are, and how a file that came in was read. None says what an amount means.
    assert found == {
        "sheet",
        "indexed",
        "file",
        "header_row",
        "letters",
        "lines",
        "parcel",
        "hidden",
        "formats",
        "odd",
        "places",
        "joined",
        "joins",
        "made",
        "doubtful",
        "book_decides",
        "unguessed",
        "side",
        "open",
        "skipped",
    }


def test_charges_are_long_and_one_bill_has_one_row_for_each_installment() -> None:
    table = Table.made(
        CHARGES,
        [{Charge.bill: "1", Charge.account: "A", Charge.levy_year: 2025, Charge.inst: n, Charge.due: D(2025, n, 1), Charge.amount: 5} for n in (1, 2)],
    )  # fmt: skip
    assert [(row.inst, row.due, row.amount) for row in table] == [(1, D(2025, 1, 1), 5), (2, D(2025, 2, 1), 5)]
