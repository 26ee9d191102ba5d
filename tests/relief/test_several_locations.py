"""One vendor's return with several locations, and the year's filing dates; worked by hand, line by line as the form has them.

The form (City of Baton Rouge and Parish of East Baton Rouge, sales and use tax report) has a column for each location: adjusted gross
sales, use tax, tax, vendor's compensation, penalty and interest, each rounded to the dollar in its column; the columns of line 13 have to
equal line 12.
"""

from __future__ import annotations

import datetime as dt

import pytest

from xltax.actions import delinquency, user_fees
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.pages import Grid, Page
from xltax.tables.reading import read
from xltax.tables.user_fees import RETURNS

D = dt.date
JAN = D(2025, 1, 31)
COLUMNS = "1701=50000, 1702=30000 use 1200"


def post(book: FilesBook, filed: dt.date, location: str = COLUMNS, **more: object) -> tuple[str, Page]:
    """A return of 100,000 less 20,000, and the page that was laid out."""
    laid: list[Page] = []
    book.put_pages = lambda name, pages: laid.extend(pages) or name  # type: ignore[method-assign,func-returns-value]
    given = {"gross": 100_000_00, "deductions": 20_000_00} | more
    said = user_fees.post_return(book, "S1", JAN, filed=filed, location=location, today=D(2025, 2, 27), **given).text  # type: ignore[arg-type]
    return said, laid[0]


def lines(page: Page) -> list[list[object]]:
    return [list(r) for b in page.blocks if isinstance(b, Grid) for r in b.rows]


def test_each_location_is_figured_in_its_column_and_the_page_foots(parish: FilesBook) -> None:
    """In time. 1701: 2,750 less 27.50, which is 28. 1702: 6% of 31,200 is 1,872, less 18.72, which is 19. Together 4,575."""
    said, page = post(parish, D(2025, 2, 20))
    assert said.startswith(
        "Return S1-202501: tax $4,622.00, compensation $47.00, penalty $0.00, interest $0.00. Total due $4,575.00, paid $4,575.00"
    )
    rows = lines(page)
    assert rows == [
        ["1701", "5.5%", 50_000_00, 0, 2_750_00, 0, -28_00, 2_722_00, 0, 0, 2_722_00],
        ["1702", "6%", 30_000_00, 1_200_00, 1_872_00, 0, -19_00, 1_853_00, 0, 0, 1_853_00],
        ["Total", "", 80_000_00, 1_200_00, 4_622_00, 0, -47_00, 4_575_00, 0, 0, 4_575_00],
    ]  # fmt: skip
    for place in range(2, 11):
        assert rows[-1][place] == sum(int(str(r[place])) for r in rows[:-1])
    for row in rows:
        assert row[4] + row[5] + row[6] == row[7]  # type: ignore[operator]
        assert row[7] + row[8] + row[9] == row[10]  # type: ignore[operator]


def test_the_register_has_a_row_for_each_location_and_adds_up_to_the_form(parish: FilesBook) -> None:
    post(parish, D(2025, 2, 20))
    done = read(parish.read("Returns"), RETURNS)
    assert list(done["Bill"]) == ["S1-202501", "S1-202501-1702"]
    assert list(done["Paid"]) == [2_722_00, 1_853_00]
    assert (done["Gross"].sum(), done["Deductions"].sum(), done["Use Purchases"].sum()) == (
        100_000_00,
        20_000_00,
        1_200_00,
    )
    assert parish.read("Duplicate")["Balance"].sum() == 0


def test_late_every_column_bears_its_own_penalty_and_interest(parish: FilesBook) -> None:
    """Filed February 25: 5% of 2,750 is 137.50, 138; 1% is 27.50, 28. Of 1,872: 93.60, 94; 18.72, 19. Together 4,901."""
    said, page = post(parish, D(2025, 2, 25))
    assert [r[7:] for r in lines(page)] == [
        [2_750_00, 138_00, 28_00, 2_916_00], [1_872_00, 94_00, 19_00, 1_985_00], [4_622_00, 232_00, 47_00, 4_901_00],
    ]  # fmt: skip
    assert "due $4,901.00, paid $4,901.00 by receipts" in said
    assert parish.read("Duplicate")["Balance"].sum() == 0


def test_what_is_paid_short_is_open_and_keeps_no_compensation(parish: FilesBook) -> None:
    """4,000 in time of 4,622: the first column in full, 1,250 of the second, 622 open."""
    said, _ = post(parish, D(2025, 2, 20), paid=4_000_00)
    assert "compensation $0.00" in said
    assert list(read(parish.read("Returns"), RETURNS)["Paid"]) == [2_750_00, 1_250_00]
    assert parish.read("Duplicate")["Balance"].sum() == 622


def test_a_return_of_one_location_prints_one_line(parish: FilesBook) -> None:
    _, page = post(parish, D(2025, 2, 20), location="")
    assert [r[:5] for r in lines(page)] == [["1701", "5.5%", 80_000_00, 0, 4_400_00]]


@pytest.mark.parametrize(
    ("location", "more", "why"),
    [
        ("1701=50000, 1702=29999", {}, r"\$1.00 below the adjusted gross sales, \$80,000.00"),
        ("1701=50000, 1702=30001", {}, "1.00 above"),
        ("1701=50000, 1701=30000", {}, "1701 is entered twice"),
        ("1701=50000, 9999=30000", {}, '"9999" is not a location code'),
        ("1701=50000, 1702", {}, "is not a column"),
        ("1701=50000, 1702=30000 abuse 3", {}, "is not a column"),
        ("1701=fifty, 1702=30000", {}, "location, 1701"),
        (COLUMNS, {"use_purchases": 100_00}, "each location has its own"),
        (COLUMNS, {"excess": 1_00}, "each location has its own"),
    ],
)
def test_columns_that_do_not_add_up_are_refused_and_nothing_is_posted(
    parish: FilesBook, location: str, more: dict[str, object], why: str
) -> None:
    with pytest.raises(BadValue, match=why):
        post(parish, D(2025, 2, 20), location, **more)
    assert not len(parish.read("Returns"))
    assert not len(parish.read("Duplicate"))


def test_a_location_posted_twice_is_refused(parish: FilesBook) -> None:
    post(parish, D(2025, 2, 20))
    with pytest.raises(BadValue, match="already posted as bill S1-202501-1702"):
        post(parish, D(2025, 2, 20), location="1702=80000")


def test_the_calendar_has_the_twelve_returns_of_a_year(parish: FilesBook) -> None:
    """Due on the 1st, late after the 20th; April 20, 2025 is a Sunday and December 20 a Saturday, so Monday counts."""
    delinquency.calendar(parish, 2025)
    table = parish.read("Calendar")
    sales = table[table["Task"].str.contains("ales-tax returns")]
    due = sales[sales["Task"].str.contains("fall due")]
    assert list(due["By"]) == [D(2025, m, 1) for m in range(1, 13)]
    assert due["Task"].iloc[0] == "Sales-tax returns for December 2024 (monthly, quarterly) fall due"
    last = sales[sales["Task"].str.startswith("Last day")]
    assert [(d.month, d.day) for d in last["By"]] == [
        (1, 21), (2, 20), (3, 20), (4, 21), (5, 20), (6, 20), (7, 21), (8, 20), (9, 22), (10, 20), (11, 20), (12, 22),
    ]  # fmt: skip
    assert (
        last["Task"].iloc[1] == "Last day for sales-tax returns for January 2025 (monthly) without penalty or interest"
    )
