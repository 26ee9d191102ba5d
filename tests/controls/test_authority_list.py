"""The assessor's or the board's own list of changes beside the adjustments: what only one side has is found, whatever else agrees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.books import sealed
from tests.controls.town import town
from xltax.actions import adjusting, authority, control
from xltax.actions.desk import Desk
from xltax.declare import Done
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.office.adjusting import adjustment_register
from xltax.office.controls import authority_list

D = dt.date
COUNT = 200


@pytest.fixture
def book(tmp_path: Path) -> FilesBook:
    """200 bills of 2023 with one abatement each, ordered by certificates 2024-1 to 2024-200: $10.01, $10.02 and so on."""
    office = FilesBook.open(town(tmp_path))
    bills = [
        {"Bill": f"23-{n}", "Account": f"B{n:03}", "Levy Year": 2023, "Levy Type": "RE", "Net Tax": 500_00, "Inst 1": 250_00, "Inst 2": 250_00,
         "Due 1": D(2023, 5, 1), "Due 2": D(2023, 8, 1), "Recorded": D(2024, 1, 10)}
        for n in range(1, COUNT + 1)
    ]  # fmt: skip
    office.append("Duplicate", sealed.bills(bills))
    desk = Desk.of(office)
    desk.__dict__.pop("duplicate", None)
    enter(desk, [(n, 10_00 + n, 1, f"Certificate 2024-{n:03}") for n in range(1, COUNT + 1)])
    return office


def enter(
    desk: Desk, rows: list[tuple[int, int, int, str]], kind: str = "Abatement", approved_by: str = "Assessor"
) -> None:
    """Adjustments: the bill, the cents, the installment and the authority of each."""
    day = D(2024, 1, 16)
    entries = [
        adjustment_register.Entry(f"23-{n}", kind, cents, day, "error", by, approved_by, inst)
        for n, cents, inst, by in rows
    ]
    desk.append(adjustment_register.rows(entries, desk.adjustments, day))
    desk.log("adjust", "entered for the test", len(entries))


def compared(
    book: FilesBook, rows: list[str], head: str = "Number,Account,Levy Year,Kind,Amount", **how: object
) -> Done:
    path = Path(book.path).with_name("assessor.csv")
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return authority.compare_authority_list(book, path, **how)  # type: ignore[arg-type]


def whole() -> list[str]:
    return [f"2024-{n},B{n:03},2023,Abatement,{(10_00 + n) / 100:.2f}" for n in range(1, COUNT + 1)]


def left(book: FilesBook) -> list[tuple[object, ...]]:
    """What is left over: account, result, listed, entered and the adjustments."""
    rows = book.read("AuthorityList")
    rows = rows[~rows["Result"].isin(authority_list.AGREE)]
    return sorted(
        (r["Account"], r["Result"], r["Listed"], r["Entered"], r["Adjustments"] or "") for r in rows.to_dict("records")
    )


def test_two_sides_that_agree(book: FilesBook) -> None:
    done = compared(book, whole())
    assert "200 listed changes and 200 adjustments compared. 0 rows left over." in done.text
    assert (done.look, left(book), len(book.read("AuthorityList"))) == ((), [], COUNT)


def test_what_is_planted_in_200_rows_is_found(book: FilesBook, tmp_path: Path) -> None:
    """Three leftovers on each side, a changed amount, a double on each side, and one listed change for two adjustments."""
    rows = whole()
    for at in (30, 20, 10):  # B010, B020 and B030 are not on the list
        del rows[at - 1]
    enter(
        Desk.of(book),
        [
            (200, 1_00, 1, "Certificate 2024-300"),
            (200, 2_00, 2, "Certificate 2024-300"),
            (150, 11_50, 1, "Certificate 2024-150"),
        ],
    )
    rows += [
        "2024-901,B040,2023,Abatement,9.00",
        "2024-902,B050,2023,Abatement,8.00",
        "2024-903,B999,2023,Abatement,7.00",
    ]
    rows += ["2024-300,B200,2023,Abatement,3.00"]  # 1.00 and 2.00 for the two installments
    rows += ["2024-60,B060,2023,Abatement,10.60"]  # once more
    rows = [row.replace("2024-70,B070,2023,Abatement,10.70", "2024-70,B070,2023,Abatement,10.07") for row in rows]
    done = compared(book, rows)
    assert left(book) == [
        ("B010", authority_list.ONLY_ENTERED, 0, 10.10, "A-10"),
        ("B020", authority_list.ONLY_ENTERED, 0, 10.20, "A-20"),
        ("B030", authority_list.ONLY_ENTERED, 0, 10.30, "A-30"),
        ("B040", authority_list.ONLY_LISTED, 9.00, 0, ""),
        ("B050", authority_list.ONLY_LISTED, 8.00, 0, ""),
        ("B060", authority_list.TWICE_LISTED, 10.60, 0, ""),
        ("B070", authority_list.APART, 10.07, 10.70, "A-70"),
        ("B150", authority_list.TWICE_ENTERED, 0, 11.50, "A-203"),
        ("B999", authority_list.ONLY_LISTED, 7.00, 0, ""),
    ]
    assert len(done.look) == 9
    both = book.read("AuthorityList")
    mine = both[both["Result"] == authority_list.SEVERAL]
    assert mine[["Account", "Listed", "Entered", "Adjustments"]].to_numpy().tolist() == [
        ["B200", 3.00, 3.00, "A-201, A-202"]
    ]
    # Listed 202 of 9.00 and so on; both sides foot with what is left over.
    assert both["Listed"].sum() == pytest.approx(sum(float(row.split(",")[-1]) for row in rows))
    assert both["Entered"].sum() == pytest.approx(book.read("Adjustments")["Amount"].sum())
    part = next(
        p for p in control._exceptions(Desk.of(book), D(2024, 12, 31)) if p.title == "Changes that only one side has"
    )
    assert len(part.rows) == 9
    assert "was last compared, on" in part.says


def test_a_list_without_numbers_is_matched_by_account_and_amount(book: FilesBook) -> None:
    rows = [f"{row.split(',')[1]},{row.split(',')[-1]}" for row in whole()]
    rows[4] = "B005,10.50"  # 10.05 was entered
    done = compared(book, rows, head="Account,Amount")
    assert left(book) == [("B005", authority_list.APART, 10.50, 10.05, "A-5")]
    assert set(book.read("AuthorityList")["Result"]) == {authority_list.NO_NUMBER, authority_list.APART}
    assert done.total == 45


def test_another_number_year_or_direction_is_another_change(book: FilesBook) -> None:
    rows = whole()
    rows[0] = "2024-2,B001,2023,Abatement,10.01"  # the number of another account's certificate
    rows[1] = "2024-2,B002,2022,Abatement,10.02"
    rows[2] = "2024-3,B003,2023,Correction Up,10.03"
    rows[3] = "24-4,B004,2023,Abatement,10.04"  # no such number: 2024-4 is not 24-4
    compared(book, rows)
    assert {row[0] for row in left(book)} == {"B001", "B002", "B003", "B004"}
    assert {row[1] for row in left(book)} == {authority_list.ONLY_LISTED, authority_list.ONLY_ENTERED}


def test_other_words_signs_and_spellings(book: FilesBook) -> None:
    enter(Desk.of(book), [(7, 4_00, 1, "Certificate 2024-7")], kind="Correction Up")
    rows = whole()
    rows[0] = "Certificate of Correction 2024-0001,b1,2023,Reduction,-10.01"
    rows[1] = "2024-2,B002,,,10.02"
    rows.append("2024-7,B007,2023,Increase,4.00")
    compared(book, rows)
    assert left(book) == []


def test_what_was_taken_back_and_what_the_law_does_is_not_compared(book: FilesBook) -> None:
    done = adjusting.adjust(
        book, "23-9", "Abatement", 1_00, "error", "Certificate 2024-9", "Assessor", today=D(2024, 1, 16)
    )
    assert done.rows == 1
    control.undo(book, today=D(2024, 1, 16))
    enter(Desk.of(book), [(9, 20_00, 1, "N.J.S.A. 54:4-67")], kind="Fee", approved_by="by statute")
    compared(book, whole())
    assert left(book) == []


def test_a_period_and_kinds_limit_the_adjustments(book: FilesBook) -> None:
    adjusting.adjust(
        book, "23-9", "Correction Up", 1_00, "error", "Certificate 2024-400", "Assessor", today=D(2024, 2, 16)
    )
    compared(book, whole(), end=D(2024, 1, 31))
    assert left(book) == []
    compared(book, whole(), kinds="abatement")
    assert left(book) == []
    compared(book, whole(), start=D(2024, 2, 1))
    assert [row[1] for row in left(book) if row[4]] == [authority_list.ONLY_ENTERED]
    with pytest.raises(TaxError, match='"Abatment" is not a kind of adjustment'):
        compared(book, whole(), kinds="Abatment")


def test_a_list_as_a_workbook_and_one_without_amounts(book: FilesBook, tmp_path: Path) -> None:
    path = tmp_path / "board.xlsx"
    frame = pd.DataFrame(
        [row.split(",") for row in whole()], columns=["Certificate No", "Parcel", "Tax Year", "Type", "Tax Change"]
    )
    frame["Tax Change"] = frame["Tax Change"].astype(float)
    frame.to_excel(path, index=False)
    authority.compare_authority_list(book, path)
    assert left(book) == []
    with pytest.raises(TaxError, match='The column "Amount" is missing'):
        compared(book, ["2024-1,B001"], head="Number,Account")


def test_nothing_is_posted(book: FilesBook) -> None:
    before = {t: book.read(t).to_csv() for t in ("CashBook", "Adjustments", "Duplicate")}
    compared(book, ["2024-901,B040,2023,Abatement,9.00"])
    assert {t: book.read(t).to_csv() for t in before} == before
