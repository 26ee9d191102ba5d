"""A schedule that depends on a column of the Roll which is blank: it is said and asked before a bill is made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.books.one_book import OneBook
from xltax.actions import adjusting, setup, year
from xltax.errors import TaxError
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook

D = dt.date


class Town(OneBook):
    """A town whose roll is not complete."""

    def __init__(self, folder: Path, roll: str, rules: str = "us-nj-colts-neck") -> None:
        super().__init__(folder / "town.xlsx")
        new_book(self.path, rules, name="Quillhaven", year=2025, as_of=D(2025, 1, 31))
        path = folder / "roll.csv"
        path.write_text(roll, encoding="utf-8")
        self.do(setup.import_roll, path, on=D(2025, 1, 2))

    def bill(self, year_: int = 2025, rates: str = "RE=2.248", **more: object) -> str:
        return self.do(year.bill, year_, rates, today=D(year_, 1, 10), **more)

    def setting(self, rule: str, key: str, value: str) -> None:
        """Sets one line of the Rules, as the collector would."""
        book = FilesBook.open(self.path)
        rules = book.read("Rules")
        at = (rules["Rule"] == rule) & (rules["Key"] == key)
        assert at.any()
        rules.loc[at, "Value"] = value
        book.replace_columns("Rules", rules[["Value"]])
        book.save()


def lots(count: int, without: int, prior: str = "2248") -> str:
    """A roll of equal parcels of 100,000, the last of them without last year's tax."""
    rows = (f"{n:03},100000,{prior if n < count - without else ''}\n" for n in range(count))
    return "Account,Net Value,Prior Tax\n" + "".join(rows)


def test_a_roll_without_prior_tax_is_not_billed_before_it_is_said_to_be_right(tmp_path: Path) -> None:
    town = Town(tmp_path, "Account,Net Value\n1,250000\n2,400000\n")
    before = town.path.read_bytes()
    with pytest.raises(TaxError) as refused:
        town.bill()
    # 650,000 x 2.248 / 100 = 14,612.00: 5,620.00 and 8,992.00.
    assert "2 of 2 RE accounts have no prior tax" in str(refused.value)
    assert (
        "Their whole tax of $14,612.00 falls due on Aug 1, 2025 and Nov 1, 2025: 1 ($5,620.00), 2 ($8,992.00)."
        in str(refused.value)
    )
    assert "enter yes for no prior tax" in str(refused.value)
    assert town.path.read_bytes() == before
    assert "2 bills for 2025 (whole), net tax $14,612.00." in town.bill(no_prior_tax=True)
    assert town.read("Duplicate")["Inst 1"].fillna(0).tolist() == [0, 0]


def test_preliminary_bills_of_nothing_are_asked_about_too(tmp_path: Path) -> None:
    town = Town(tmp_path, "Account,Net Value\n1,250000\n2,400000\n")
    with pytest.raises(
        TaxError, match=r"Their bills for Feb 1, 2025 and May 1, 2025 are \$0.00. Their net value is \$650,000.00"
    ):
        town.bill(rates="", stage="preliminary")


def test_a_few_new_lots_are_named_and_billed(tmp_path: Path) -> None:
    town = Town(tmp_path, lots(10, 2))
    said = town.bill()
    assert "2 of 10 RE accounts have no prior tax" in said
    assert (
        "Their whole tax of $4,496.00 falls due on Aug 1, 2025 and Nov 1, 2025: 008 ($2,248.00), 009 ($2,248.00)."
        in said
    )


@pytest.mark.parametrize(
    ("count", "without", "asked"), [(10, 4, False), (10, 5, True), (60, 20, False), (60, 21, True)]
)
def test_so_many_are_no_new_lots(tmp_path: Path, count: int, without: int, asked: bool) -> None:
    town = Town(tmp_path, lots(count, without))
    if not asked:
        town.bill()
        return
    with pytest.raises(TaxError, match=f"{without} of {count} RE accounts have no prior tax"):
        town.bill()


def test_a_parcel_without_value_or_with_last_years_bill_is_not_asked_about(tmp_path: Path) -> None:
    town = Town(tmp_path, "Account,Net Value,Prior Tax\n1,250000,5620\n2,0,\n")
    assert "prior tax" not in town.bill()
    assert "prior tax" not in town.bill(2026)


def test_an_opening_balance_is_no_years_tax(tmp_path: Path) -> None:
    town = Town(tmp_path, "Account,Net Value\n1,250000\n")
    path = tmp_path / "open.csv"
    path.write_text("Account,Levy Year,Inst,Due,Amount\n1,2024,4,2024-11-01,1405.00\n", encoding="utf-8")
    town.do(setup.bring_in, "balances", 1405_00, path, today=D(2025, 1, 2))
    # Taken as last year's tax, 1,405.00 would make quarters of 351.25.
    with pytest.raises(TaxError, match="1 of 1 RE account has no prior tax"):
        town.bill()


def test_half_of_the_second_half_is_taken_from_last_years_bills(tmp_path: Path) -> None:
    town = Town(tmp_path, "Account,Net Value,Prior Tax\n1,250000,5000\n")
    town.bill()
    # 5,620.00 less 2,500.00: 1,560.00 each in August and November; 60.00 comes off the last.
    town.do(
        adjusting.adjust, "2025-1", "Abatement", 60_00, "why", "Resolution 1", "Council", inst=4, today=D(2025, 9, 1)
    )
    town.setting("installments", "preliminary_base", "half_of_second_half")
    town.bill(2026)
    rows = town.read("Duplicate")
    mine = rows[rows["Levy Year"] == 2026].iloc[0]
    # (1,560.00 + 1,500.00) / 2 = 1,530.00.
    assert mine[["Inst 1", "Inst 2"]].tolist() == [1530, 1530]


def test_half_of_a_second_half_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    town = Town(tmp_path, "Account,Net Value,Prior Tax\n1,250000,5000\n")
    town.setting("installments", "preliminary_base", "half_of_second_half")
    with pytest.raises(TaxError, match="1 of 1 RE account has no prior tax"):
        town.bill()
    assert "1 bill for 2025" in town.bill(no_prior_tax=True)


def test_a_county_roll_on_which_nothing_is_a_home_is_asked_about(tmp_path: Path) -> None:
    roll = "Account,Net Value,Flags\n" + "".join(f"{n:02},100000,{{}}\n" for n in range(10))
    town = Town(tmp_path, roll.replace("{}", ""), "us-md-baltimore-city")
    with pytest.raises(TaxError, match=r"10 RE parcels, net value \$1,000,000.00: none is flagged owner-occupied"):
        town.bill(rates="RE City=2.248, RE State=0.112")
